import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ArtifactEntry } from "../../../../src/shared/run";
import { formatSize } from "../../../../webview/common/number";
import { type Folder, rowAfterKey, toRows } from "../../../../webview/run/artifactFolders";
import { curve } from "../../../../webview/run/sparkline";
import { duration, statusWords } from "../../../../webview/run/words";
import { aPageRun, nowMs } from "../../../integration/run/runPageHost";

describe("the words of a run", () => {
	test.each([
		[{ status: "RUNNING", endTimeMs: null, lastSignMs: nowMs - 120_000 }, "RUNNING, last sign of life 2 min ago"],
		[{ status: "RUNNING", endTimeMs: null, lastSignMs: nowMs - 120_001 }, "RUNNING, silent for 2 min"],
		[{ status: "RUNNING", endTimeMs: null, lastSignMs: nowMs + 5000 }, "RUNNING, last sign of life 0 s ago"],
		[{ status: "FAILED", endTimeMs: nowMs - 7_200_000 }, "FAILED 2 h ago"],
		[{ status: "SCHEDULED", endTimeMs: null }, "SCHEDULED"],
	] as const)("%j is %s", (change, words) => expect(statusWords(aPageRun(change), nowMs)).toBe(words));

	test("how long it ran", () => {
		const took = (ms: number) => duration(aPageRun({ startTimeMs: 0, endTimeMs: ms }), nowMs);
		expect([took(5000), took(65_000), took(3_900_000), took(200_000_000), took(-5)]).toEqual([
			"5 s",
			"1 min 5 s",
			"1 h 5 min",
			"2 d 7 h",
			"0 s",
		]);
		expect(duration(aPageRun({ startTimeMs: null }), nowMs)).toBeNull();
		expect(duration(aPageRun({ status: "KILLED", endTimeMs: null }), nowMs)).toBeNull();
	});

	test("sizes are decimal", () => {
		expect([0, 999, 1000, 1_234_567, 9e9, 5e15].map(formatSize)).toEqual([
			"0 B",
			"999 B",
			"1.0 kB",
			"1.2 MB",
			"9.0 GB",
			"5000.0 TB",
		]);
	});
});

describe("a curve", () => {
	const of = (y: readonly number[], breaks: readonly number[] = []) =>
		curve({ x: Float64Array.from(y.keys()), y: Float64Array.from(y), breaks });
	test("is broken at a gap and at a restart", () => {
		expect(of([1, 2, Number.NaN, 3, 4, 5], [4]).path.replace(/[\d. ]+/g, "")).toBe("MLMML");
	});
	test("of one point is a dot, of none nothing", () => {
		expect(of([1])).toEqual({ path: "", dots: [60] });
		expect(of([Number.NaN])).toEqual({ path: "", dots: [] });
	});
	test("stays inside its box for any finite values, the largest included", () => {
		const values = fc.array(
			fc.oneof(
				fc.double({ noNaN: true, noDefaultInfinity: true }),
				fc.constant(Number.MAX_VALUE),
				fc.constant(-Number.MAX_VALUE),
			),
			{ minLength: 2 },
		);
		void fc.assert(
			fc.property(values, (y) => {
				for (const [, x, height] of of(y).path.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)) {
					expect(Number(x)).toBeGreaterThanOrEqual(0);
					expect(Number(x)).toBeLessThanOrEqual(120);
					expect(Number(height)).toBeGreaterThanOrEqual(0);
					expect(Number(height)).toBeLessThanOrEqual(20);
				}
				expect(of(y).path).not.toContain("NaN");
			}),
		);
	});
});

describe("the rows of the artifact tree", () => {
	const entry = (path: string, isDir = false): ArtifactEntry => ({ path, isDir, sizeBytes: null });
	const read = (...entries: ArtifactEntry[]): Folder => ({ kind: "read", entries });
	const folders = new Map<string, Folder>([
		["", read(entry("b.txt"), entry("m", true))],
		["m", read(entry("m/x"), entry("m/y"))],
	]);
	const names = (open: string[], limits = new Map<string, number>()) =>
		toRows(folders, new Set(open), limits).map((row) => `${row.level} ${row.name}`);

	test("are folders first, and what is in those that are open", () => {
		expect(names([])).toEqual(["1 m", "1 b.txt"]);
		expect(names(["m"])).toEqual(["1 m", "2 x", "2 y", "1 b.txt"]);
		expect(names(["m"], new Map([["m", 1]]))).toEqual(["1 m", "2 x", "2 1 more…", "1 b.txt"]);
	});

	test("say what is still read, empty or failed", () => {
		const kinds = (root: Folder) => toRows(new Map([["", root]]), new Set(["m"]), new Map()).map((row) => row.kind);
		expect(kinds({ kind: "reading" })).toEqual(["reading"]);
		expect(kinds({ kind: "failed", message: "No answer." })).toEqual(["failed"]);
		expect(kinds(read())).toEqual(["empty"]);
		expect(kinds(read(entry("m", true)))).toEqual(["entry", "reading"]);
	});

	test("a key never leads out of the tree, and an unknown key is not the tree's", () => {
		const rows = toRows(folders, new Set(["m"]), new Map());
		const keys = fc.constantFrom("ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End", "b", "q");
		void fc.assert(
			fc.property(fc.array(keys), (pressed) => {
				let at = 0;
				for (const key of pressed) at = rowAfterKey(rows, at, key) ?? at;
				expect(rows[at]).toBeDefined();
			}),
		);
		expect(rowAfterKey(rows, 0, "Tab")).toBeNull();
		expect(rowAfterKey(rows, 2, "ArrowLeft")).toBe(0);
	});
});
