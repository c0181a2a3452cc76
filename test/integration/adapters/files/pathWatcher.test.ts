import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PathWatcher } from "../../../../src/adapters/files/pathWatcher";

let folder: string;
let watcher: PathWatcher | undefined;
const never = { pollMs: 1_000_000 };

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "gamma-watch-"));
});
afterEach(() => {
	watcher?.dispose();
	rmSync(folder, { recursive: true, force: true });
});

async function watching(paths: string[], options: { pollMs: number; debounceMs?: number }) {
	const onHint = vi.fn();
	watcher = new PathWatcher(onHint, options);
	watcher.setPaths(paths);
	await wait(50);
	onHint.mockClear();
	return onHint;
}

const hinted = (onHint: ReturnType<typeof vi.fn>) =>
	vi.waitFor(() => expect(onHint).toHaveBeenCalled(), { timeout: 3000, interval: 5 });

test("a file that is written in a watched folder gives a hint; many writes at once give few", async () => {
	const onHint = await watching([folder], { ...never, debounceMs: 100 });
	for (let i = 0; i < 200; i++) appendFileSync(join(folder, "metric"), `${i} 1 1\n`);
	await hinted(onHint);
	await wait(250);
	expect(onHint.mock.calls.length).toBeLessThan(5);
});

test("a file that is written without pause still gives hints", async () => {
	const onHint = await watching([folder], { ...never, debounceMs: 50 });
	const end = Date.now() + 500;
	while (Date.now() < end) {
		appendFileSync(join(folder, "metric"), "x");
		await wait(5);
	}
	expect(onHint.mock.calls.length).toBeGreaterThan(2);
});

test("paths that are no longer set give none", async () => {
	const onHint = await watching([folder], never);
	watcher?.setPaths([]);
	writeFileSync(join(folder, "x"), "x");
	await wait(150);
	expect(onHint).not.toHaveBeenCalled();
});

test("a path that is not there is no error, and is watched once it is, as is one made anew", async () => {
	const late = join(folder, "late");
	const onHint = vi.fn();
	watcher = new PathWatcher(onHint, { pollMs: 60, debounceMs: 1 });
	watcher.setPaths([late]);
	for (let round = 0; round < 2; round++) {
		mkdirSync(late);
		await wait(200);
		onHint.mockClear();
		await hinted(onHint);
		rmSync(late, { recursive: true });
		await wait(100);
	}
});

test("a folder made anew under the same name is watched by itself, not only polled", async () => {
	const path = join(folder, "again");
	mkdirSync(path);
	const onHint = await watching([path], { pollMs: 400, debounceMs: 1 });
	rmSync(path, { recursive: true });
	mkdirSync(path);
	await wait(900);
	onHint.mockClear();
	let quick = 0;
	for (let round = 0; round < 4; round++) {
		await wait(60);
		const before = onHint.mock.calls.length;
		writeFileSync(join(path, `${round}`), "x");
		await wait(40);
		if (onHint.mock.calls.length > before) quick++;
	}
	expect(quick).toBe(4);
});

test("hints come by themselves where the file system announces nothing", async () => {
	const onHint = await watching([], { pollMs: 30 });
	await hinted(onHint);
});

test("after dispose there is silence, even of what was pending", async () => {
	const onHint = await watching([folder], { pollMs: 20, debounceMs: 60 });
	writeFileSync(join(folder, "x"), "x");
	await wait(10);
	watcher?.dispose();
	onHint.mockClear();
	await wait(200);
	expect(onHint).not.toHaveBeenCalled();
	watcher?.setPaths([folder]);
	writeFileSync(join(folder, "y"), "y");
	await wait(100);
	expect(onHint).not.toHaveBeenCalled();
});
