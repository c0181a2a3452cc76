import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { holdsEventFiles, TensorboardStore } from "../../../../src/adapters/tensorboard/tensorboardStore";
import type { Run, Series } from "../../../../src/shared/run";
import { fixturesFolder, fixturesPresent } from "../../../support/fixtures";

interface ExpectedScalar {
	n: number;
	sum_finite: number;
	n_nan: number;
	n_inf: number;
	first: { step: number; wall_time: number; value: number | string } | null;
	last: { step: number; wall_time: number; value: number | string } | null;
	points_sha256: string;
	points: [number, number | string][] | null;
}
interface ExpectedRun {
	scalars: Record<string, ExpectedScalar>;
	images: Record<string, { step: number; bytes: number; sha256: string }[]>;
	hparams: { hparams: Record<string, number | string> } | null;
	tensors_other: Record<string, unknown>;
}

const stores: TensorboardStore[] = [];
afterEach(() => {
	for (const store of stores.splice(0)) store.dispose();
});

function storeAt(root: string): TensorboardStore {
	const store = new TensorboardStore({ id: "tb", root, label: "logs" });
	stores.push(store);
	return store;
}

async function runsOf(store: TensorboardStore): Promise<Map<string, Run>> {
	const runs = new Map<string, Run>();
	for await (const { upserted, removed } of store.refresh()) {
		for (const id of removed) runs.delete(id);
		for (const run of upserted) runs.set(run.id, run);
	}
	return runs;
}

/** The digest that EXPECTED.json holds: big-endian int64 step, float64 wall time in seconds, float64 value. */
function digest({ steps, values, timestampsMs }: Series): string {
	const bytes = Buffer.alloc(24 * steps.length);
	for (let at = 0; at < steps.length; at++) {
		bytes.writeBigInt64BE(BigInt(steps[at]!), 24 * at);
		bytes.writeDoubleBE(secondsOf(timestampsMs[at]!), 24 * at + 8);
		if (Number.isNaN(values[at]!)) bytes.writeBigUInt64BE(0x7ff8000000000000n, 24 * at + 16);
		else bytes.writeDoubleBE(values[at]!, 24 * at + 16);
	}
	return createHash("sha256").update(bytes).digest("hex");
}

/** The double that gives these milliseconds when multiplied: the division alone may be off by one unit. */
function secondsOf(timestampMs: number): number {
	const seconds = timestampMs / 1000;
	for (const candidate of [seconds, seconds + 2 ** -22, seconds - 2 ** -22]) {
		if (candidate * 1000 === timestampMs) return candidate;
	}
	return seconds;
}

const numberOf = (value: number | string) => Number(value);

describe.skipIf(!fixturesPresent)("the log folder of the fixtures (skipped: no fixtures)", () => {
	const folder = () => join(fixturesFolder(), "tensorboard");
	const expected = (): Record<string, ExpectedRun> =>
		JSON.parse(readFileSync(join(folder(), "EXPECTED.json"), "utf8")).runs;

	test("has the runs that TensorBoard finds, and no others", async () => {
		const runs = await runsOf(storeAt(join(folder(), "logs")));
		expect([...runs.keys()].sort()).toEqual(Object.keys(expected()).sort());
		for (const run of runs.values()) {
			expect(run).toMatchObject({ name: run.id, experimentName: "logs", status: "FINISHED", problem: null });
			expect(run.key).toBe(`tb/${run.id}`);
		}
	});

	test("has every point of every scalar that TensorBoard's own reader reads", async () => {
		const store = storeAt(join(folder(), "logs"));
		const runs = await runsOf(store);
		let points = 0;
		for (const [id, { scalars }] of Object.entries(expected())) {
			const run = runs.get(id)!;
			expect(Object.keys(run.metrics).sort()).toEqual(Object.keys(scalars).sort());
			for (const [tag, scalar] of Object.entries(scalars)) {
				const series = await store.history(id, tag);
				expect(series.steps.length, `${id} ${tag}`).toBe(scalar.n);
				if (scalar.points) {
					expect(Array.from(series.steps, (step, at) => [step, series.values[at]])).toEqual(
						scalar.points.map(([step, value]) => [step, numberOf(value)]),
					);
				}
				const finite = series.values.filter((value) => Number.isFinite(value));
				expect(finite.reduce((sum, value) => sum + value, 0)).toBeCloseTo(scalar.sum_finite, 9);
				expect(series.values.filter((value) => Number.isNaN(value)).length).toBe(scalar.n_nan);
				expect(series.timestampsMs[0]).toBe(scalar.first!.wall_time * 1000);
				expect(series.timestampsMs.at(-1)).toBe(scalar.last!.wall_time * 1000);
				expect(run.metrics[tag]).toBe(numberOf(scalar.last!.value));
				expect(digest(series), `${id} ${tag}`).toBe(scalar.points_sha256);
				points += scalar.n;
			}
		}
		expect(points).toBe(652);
	});

	test("has the params of hparams sessions", async () => {
		const runs = await runsOf(storeAt(join(folder(), "logs")));
		for (const [id, { hparams }] of Object.entries(expected())) {
			const wanted = Object.entries(hparams?.hparams ?? {}).map(([key, value]) => [key, String(value)]);
			expect(runs.get(id)!.params).toEqual(Object.fromEntries(wanted));
		}
		expect(runs.get("tbx/tbx_hp")!.params).toEqual({ a: "1", b: "x" });
	});

	test("has the images, byte for byte", async () => {
		const store = storeAt(join(folder(), "logs"));
		let images = 0;
		for (const [id, run] of Object.entries(expected())) {
			const media = await store.media(id);
			for (const [tag, samples] of Object.entries(run.images)) {
				const found = media.find((one) => one.tag === tag);
				expect(found?.samples.map(({ step }) => step)).toEqual(samples.map(({ step }) => step));
				for (const [index, sample] of samples.entries()) {
					const content = await store.readMedia(id, tag, index);
					if (content.kind !== "image") throw new Error("no image");
					expect(content.mimeType).toBe("image/png");
					expect(createHash("sha256").update(content.bytes).digest("hex")).toBe(sample.sha256);
					images++;
				}
			}
		}
		expect(images).toBeGreaterThan(0);
	});

	test("reads one run's history without having listed any", async () => {
		const series = await storeAt(join(folder(), "logs")).history("lr0.01/seed1", "train/loss");
		expect(series.steps.length).toBe(120);
	});

	test("is searched as MLflow searches", async () => {
		const store = storeAt(join(folder(), "logs"));
		const found = await store.search({ view: "active", filter: "params.opt = 'adam' and metrics.`hparam/loss` < 1" });
		expect(found.map(({ id }) => id)).toEqual(["lr0.01/seed1/hp_session"]);
		expect(await store.search({ view: "deleted" })).toEqual([]);
		await expect(store.search({ view: "active", filter: "params.opt ~ 3" })).rejects.toMatchObject({
			code: "search.syntax",
		});
	});

	test("lists a run's own files and the folders below as its artifacts", async () => {
		const entries = await storeAt(join(folder(), "logs")).artifacts("baseline", "");
		expect(entries.map(({ path, isDir }) => [path, isDir])).toEqual([
			["events.out.tfevents.1795221907.gpu-box-1.1000.0", false],
			["group_a", true],
			["group_b", true],
		]);
	});

	test("refuses run ids that lead out of it", async () => {
		const store = storeAt(join(folder(), "logs", "baseline"));
		for (const id of ["..", "../tf2", "group_a/../../tf2", "/etc", "nowhere", "", "group_a/."]) {
			await expect(store.run(id), id).rejects.toMatchObject({ code: "run.missing" });
		}
		expect((await store.run("group_a")).metrics).toEqual({ group: 1 });
		expect((await store.run(".")).name).toBe(".");
		await expect(store.history(".", "nope")).rejects.toMatchObject({ code: "metric.missing" });
	});

	test("is recognised from a few levels above, and nothing else is", async () => {
		expect(await holdsEventFiles(fixturesFolder())).toBe(true);
		expect(await holdsEventFiles(join(folder(), "logs", "tf2"))).toBe(true);
		expect(await holdsEventFiles(join(fixturesFolder(), "mlflow"))).toBe(false);
		expect(await holdsEventFiles(join(folder(), "EXPECTED.json"))).toBe(false);
	});

	test("follows a link to a folder elsewhere once, and never one that leads back", async () => {
		const root = mkdtempSync(join(tmpdir(), "gamma-tb-"));
		mkdirSync(join(root, "own"));
		symlinkSync(join(folder(), "logs", "tf2"), join(root, "linked"));
		symlinkSync(join(folder(), "logs", "tf2"), join(root, "own", "linked again"));
		symlinkSync(root, join(root, "own", "round"));
		symlinkSync("/", join(root, "own", "everything"));
		symlinkSync("own", join(root, "own", "self"));
		const runs = await runsOf(storeAt(root));
		expect([...runs.keys()]).toEqual(["linked"]);
		rmSync(root, { recursive: true });
	});
});
