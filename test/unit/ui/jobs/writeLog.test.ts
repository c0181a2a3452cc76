import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeLog } from "../../../../src/ui/jobs/log/writeLog";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "gamma-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function* pieces(texts: readonly string[], failure?: () => void): AsyncGenerator<Uint8Array> {
	for (const text of texts) yield new TextEncoder().encode(text);
	failure?.();
}

test("all pieces in one file, and how many bytes there are by now", async () => {
	const target = join(folder, "whole.log");
	const told: number[] = [];
	await writeLog(pieces(["é\n", "b\r", "c"]), target, new AbortController().signal, (bytes) => told.push(bytes));
	expect(readFileSync(target, "utf8")).toBe("é\nb\rc");
	expect(told).toEqual([3, 5, 6]);
	expect(readdirSync(folder)).toEqual(["whole.log"]);
});

test("what failed or was cancelled leaves what was there before, and nothing beside it", async () => {
	const target = join(folder, "whole.log");
	writeFileSync(target, "before");
	const fail = () => {
		throw new Error("gone");
	};
	await expect(writeLog(pieces(["a"], fail), target, new AbortController().signal, () => {})).rejects.toThrow("gone");
	const cancelling = new AbortController();
	const cancelled = writeLog(pieces(["a", "b"]), target, cancelling.signal, () => cancelling.abort());
	await expect(cancelled).rejects.toThrow();
	expect([readFileSync(target, "utf8"), readdirSync(folder)]).toEqual(["before", ["whole.log"]]);
});
