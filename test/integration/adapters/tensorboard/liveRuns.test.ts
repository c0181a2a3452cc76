import {
	appendFileSync,
	mkdirSync,
	mkdtempSync,
	renameSync,
	rmSync,
	truncateSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TensorboardStore } from "../../../../src/adapters/tensorboard/tensorboardStore";
import type { RunDelta } from "../../../../src/core/stores/trackingStore";
import type { Run } from "../../../../src/shared/run";
import { headerClaiming, restartEvent, scalarEvent, summaryEvent, versionEvent } from "../../../support/eventBytes";

let root: string;
let store: TensorboardStore;
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "gamma-tb-"));
	store = new TensorboardStore({ id: "tb", root, label: "logs" });
});
afterEach(() => {
	vi.restoreAllMocks();
	store.dispose();
	rmSync(root, { recursive: true, force: true });
});

const file = (run: string, at = 0) =>
	join(root, run, `events.out.tfevents.17570000${String(at).padStart(2, "0")}.host`);
const nowS = () => Date.now() / 1000;

function write(path: string, ...records: Buffer[]): void {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, Buffer.concat(records));
}

async function refresh(from = store): Promise<RunDelta> {
	const upserted = new Map<string, Run>();
	const removed: string[] = [];
	const grown: { runId: string; metrics: readonly string[] | null }[] = [];
	for await (const delta of from.refresh()) {
		for (const run of delta.upserted) upserted.set(run.id, run);
		removed.push(...delta.removed);
		grown.push(...delta.grown);
	}
	return { upserted: [...upserted.values()], removed, grown };
}

async function values(run: string, metric: string, from = store): Promise<number[]> {
	return [...(await from.history(run, metric)).values];
}

async function spyOnReads() {
	const handle = await open(file("a"), "r");
	const prototype: FileHandle = Object.getPrototypeOf(handle);
	await handle.close();
	return vi.spyOn(prototype, "read");
}

test("a file that grows in pieces of any size gives what the whole file gives", async () => {
	const whole = Buffer.concat([
		versionEvent(),
		...Array.from({ length: 60 }, (_, step) => scalarEvent(step % 3 ? "loss" : "val/acc", step, step / 8)),
	]);
	write(file("grows"), Buffer.alloc(0));
	write(file("whole"), whole);
	const wanted = await values("whole", "loss");
	let size = 0;
	for (let piece = 1; size < whole.length; piece = (piece * 7) % 61) {
		appendFileSync(file("grows"), whole.subarray(size, size + piece));
		size = Math.min(whole.length, size + piece);
		const { upserted } = await refresh();
		if (size < whole.length) {
			const seen = size < 200 ? [] : await values("grows", "loss");
			expect(seen).toEqual(wanted.slice(0, seen.length));
		} else expect(upserted.map(({ id }) => id)).toContain("grows");
	}
	for (const metric of ["loss", "val/acc"]) {
		expect(await store.history("grows", metric)).toEqual(await store.history("whole", metric));
	}
});

test("records across the chunks a large file is read in are whole, and those larger than a chunk too", async () => {
	const padding = (bytes: number) => summaryEvent(0, 1, [{ tag: "p", plugin: "other", content: Buffer.alloc(bytes) }]);
	const records = [versionEvent()];
	for (let step = 0; step < 12; step++) {
		records.push(padding(step === 6 ? 5 * 2 ** 20 : 700_001), scalarEvent("loss", step, step));
	}
	write(file("a"), ...records);
	expect(await values("a", "loss")).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
	expect((await store.run("a")).problem).toBeNull();
});

test("only what was appended is read again", async () => {
	write(file("a"), versionEvent(), ...Array.from({ length: 2000 }, (_, step) => scalarEvent("loss", step, step)));
	await refresh();
	const read = await spyOnReads();
	const more = scalarEvent("loss", 2000, 7);
	appendFileSync(file("a"), more.subarray(0, 20));
	expect(await refresh()).toMatchObject({ grown: [] });
	expect(await values("a", "loss")).toHaveLength(2000);
	appendFileSync(file("a"), more.subarray(20));
	expect((await refresh()).grown).toEqual([{ runId: "a", metrics: ["loss"] }]);
	expect(await values("a", "loss")).toHaveLength(2001);
	let bytes = 0;
	for (const { value } of read.mock.results) bytes += (await value).bytesRead;
	// The unfinished record was looked at once before it was whole.
	expect(bytes).toBeLessThanOrEqual(more.length + 20);
});

test("nothing new means no news, and no file is opened", async () => {
	write(file("a"), versionEvent(), scalarEvent("loss", 1, 1));
	await refresh();
	expect(await refresh()).toEqual({ upserted: [], removed: [], grown: [] });
});

test("runs come and go with their folders", async () => {
	write(file("a"), versionEvent(), scalarEvent("loss", 1, 1));
	expect((await refresh()).upserted.map(({ id }) => id)).toEqual(["a"]);
	write(file("b/c"), versionEvent());
	expect((await refresh()).upserted.map(({ id }) => id)).toEqual(["b/c"]);
	rmSync(join(root, "a"), { recursive: true });
	expect((await refresh()).removed).toEqual(["a"]);
	await expect(store.run("a")).rejects.toMatchObject({ code: "run.missing" });
	rmSync(root, { recursive: true });
	await expect(refresh()).rejects.toMatchObject({ code: "store.missing" });
});

test("a file that was replaced or became shorter is read anew", async () => {
	write(file("a"), versionEvent(), scalarEvent("loss", 1, 1), scalarEvent("loss", 2, 2));
	await refresh();
	write(
		`${file("a")}.new`,
		versionEvent(),
		scalarEvent("loss", 1, 10),
		scalarEvent("loss", 2, 20),
		scalarEvent("loss", 3, 30),
	);
	renameSync(`${file("a")}.new`, file("a"));
	expect((await refresh()).grown).toEqual([{ runId: "a", metrics: null }]);
	expect(await values("a", "loss")).toEqual([10, 20, 30]);
	truncateSync(file("a"), Buffer.concat([versionEvent(), scalarEvent("loss", 1, 1)]).length);
	await refresh();
	expect(await values("a", "loss")).toEqual([10]);
});

test("a restart in a later file drops what the earlier one gets afterwards, as when read from the start", async () => {
	write(file("a", 1), versionEvent(), scalarEvent("loss", 1, 1), scalarEvent("loss", 5, 5));
	write(file("a", 2), versionEvent(), restartEvent(3), scalarEvent("loss", 3, 30));
	await refresh();
	expect(await values("a", "loss")).toEqual([1, 30]);
	appendFileSync(file("a", 1), Buffer.concat([scalarEvent("loss", 2, 2), scalarEvent("loss", 6, 6)]));
	await refresh();
	expect(await values("a", "loss")).toEqual([1, 2, 30]);
	write(file("a", 0), versionEvent(), scalarEvent("loss", 0, 0), scalarEvent("loss", 9, 9));
	await refresh();
	expect(await values("a", "loss")).toEqual([0, 1, 2, 30]);
});

test("a run is running while it is written, and a copy of an old one is not", async () => {
	write(file("live"), versionEvent("brain.Event:2", nowS()), scalarEvent("loss", 1, 1, nowS()));
	write(file("copied"), versionEvent(), scalarEvent("loss", 1, 1));
	write(file("empty copy"));
	write(join(root, "just begun", `events.out.tfevents.${Math.floor(nowS())}.host`));
	write(file("old"), versionEvent("brain.Event:2", nowS()));
	utimesSync(file("old"), nowS() - 1000, nowS() - 1000);
	const runs = new Map((await refresh()).upserted.map((run) => [run.id, run]));
	expect([...runs].map(([id, run]) => [id, run.status]).sort()).toEqual([
		["copied", "FINISHED"],
		["empty copy", "FINISHED"],
		["just begun", "RUNNING"],
		["live", "RUNNING"],
		["old", "FINISHED"],
	]);
	expect(runs.get("live")?.endTimeMs).toBeNull();
	expect(runs.get("copied")).toMatchObject({ startTimeMs: 1_757_000_000_000, endTimeMs: 1_757_000_001_000 });
	appendFileSync(file("copied"), scalarEvent("loss", 2, 2));
	expect((await refresh()).upserted[0]).toMatchObject({ id: "copied", status: "RUNNING" });
	vi.spyOn(Date, "now").mockReturnValue(Date.now() + 200_000);
	const later = (await refresh()).upserted.map(({ id, status }) => [id, status]);
	expect(later.sort()).toEqual([
		["copied", "FINISHED"],
		["just begun", "FINISHED"],
		["live", "FINISHED"],
	]);
});

test("damage is named on its run, and costs no other", async () => {
	const sound = Buffer.concat([versionEvent(), scalarEvent("loss", 1, 1)]);
	const broken = Buffer.concat([sound, scalarEvent("loss", 2, 2)]);
	broken[sound.length] = 1;
	write(file("frame"), broken);
	const flipped = Buffer.concat([sound, scalarEvent("loss", 2, 2), scalarEvent("loss", 3, 3)]);
	flipped[sound.length + 20] = 99;
	write(file("record"), flipped);
	write(file("absurd"), sound, headerClaiming(2n ** 63n));
	write(file("waits"), sound, headerClaiming(2n ** 30n));
	mkdirSync(file("folder"), { recursive: true });
	const runs = new Map((await refresh()).upserted.map((run) => [run.id, run]));
	expect([...runs.keys()].sort()).toEqual(["absurd", "frame", "record", "waits"]);
	expect(runs.get("frame")?.problem).toBe(
		`${file("frame")} is damaged at byte ${sound.length}: what follows there could not be read.`,
	);
	expect(runs.get("absurd")?.problem).toContain("is damaged at byte");
	expect(runs.get("record")?.problem).toBe(`${join(root, "record")} holds a damaged record, left out.`);
	expect(runs.get("waits")?.problem).toBeNull();
	expect(await values("frame", "loss")).toEqual([1]);
	expect(await values("record", "loss")).toEqual([1, 3]);
	expect(await values("waits", "loss")).toEqual([1]);
	// Half-written bytes on a network file system may come right later.
	write(file("frame"), sound, scalarEvent("loss", 2, 2), scalarEvent("loss", 3, 3));
	expect((await refresh()).upserted).toMatchObject([{ id: "frame", problem: null, metrics: { loss: 3 } }]);
});

test("the newest runs are announced first, a hundred to begin with", async () => {
	for (let at = 0; at < 250; at++) {
		write(file(`run${at}`), versionEvent(), scalarEvent("loss", 1, at));
		utimesSync(file(`run${at}`), 1e9 + at, 1e9 + at);
	}
	const sizes: number[] = [];
	const ids: string[] = [];
	for await (const { upserted } of store.refresh()) {
		sizes.push(upserted.length);
		ids.push(...upserted.map(({ id }) => id));
	}
	expect(sizes).toEqual([100, 150]);
	expect(ids[0]).toBe("run249");
	expect(ids.at(-1)).toBe("run0");
});

test("a large run is announced before it is read, and again when it is", async () => {
	write(file("large"), versionEvent(), ...Array.from({ length: 8000 }, (_, step) => scalarEvent("loss", step, step)));
	const seen: (number | undefined)[] = [];
	for await (const { upserted } of store.refresh()) seen.push(upserted[0]?.metrics.loss);
	expect(seen).toHaveLength(2);
	expect(seen[0]).toBeLessThan(7999);
	expect(seen[1]).toBe(7999);
});

test("points beyond the memory budget are read again when asked for", async () => {
	const small = new TensorboardStore({ id: "tb", root, label: "logs", memoryBudgetBytes: 100_000 });
	for (const run of ["a", "b", "c"]) {
		write(file(run), versionEvent(), ...Array.from({ length: 3000 }, (_, step) => scalarEvent("loss", step, step)));
	}
	const before = (await refresh(small)).upserted;
	const read = await spyOnReads();
	for (const run of ["a", "b", "c", "a"]) expect(await values(run, "loss", small)).toHaveLength(3000);
	// Of 72 kB a run, one is kept; each that is asked for next is read again.
	expect(read.mock.calls.length).toBeGreaterThanOrEqual(3);
	appendFileSync(file("b"), scalarEvent("loss", 3000, 5));
	expect(before.map(({ metrics }) => metrics)).toEqual([{ loss: 2999 }, { loss: 2999 }, { loss: 2999 }]);
	expect((await refresh(small)).upserted.find(({ id }) => id === "b")?.metrics).toEqual({ loss: 5 });
	small.dispose();
});

test("reading can be cancelled, and goes on where it was", async () => {
	write(file("a"), versionEvent(), ...Array.from({ length: 9000 }, (_, step) => scalarEvent("loss", step, step)));
	const cancelled = new AbortController();
	cancelled.abort();
	await expect(store.history("a", "loss", cancelled.signal)).rejects.toMatchObject({ code: "call.cancelled" });
	expect(await values("a", "loss")).toHaveLength(9000);
});

test("a hint comes when a run grows and when a new one begins", async () => {
	write(file("a"), versionEvent());
	await refresh();
	const hint = vi.fn();
	const watching = store.watch(hint);
	appendFileSync(file("a"), scalarEvent("loss", 1, 1));
	await vi.waitFor(() => expect(hint).toHaveBeenCalled(), { timeout: 1500 });
	hint.mockClear();
	write(file("b"), versionEvent());
	await vi.waitFor(() => expect(hint).toHaveBeenCalled(), { timeout: 1500 });
	watching.dispose();
});
