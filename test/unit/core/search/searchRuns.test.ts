import { describe, expect, test } from "vitest";
import { parseFilter } from "../../../../src/core/search/filter";
import { type SearchDialect, searchRuns } from "../../../../src/core/search/searchRuns";
import { GammaError } from "../../../../src/shared/errors";
import type { Run } from "../../../../src/shared/run";
import { aRun } from "../../../support/aRun";

const runs: Run[] = [
	aRun({
		id: "a",
		name: "alpha",
		startTimeMs: 1,
		metrics: { acc: 0.5 },
		params: { lr: "0.1" },
		tags: { note: "x\ny" },
	}),
	aRun({ id: "b", name: "Beta", startTimeMs: 2, metrics: { acc: Number.NaN }, params: { lr: "1" } }),
	aRun({ id: "c", name: "école", startTimeMs: 2, metrics: { acc: Number.POSITIVE_INFINITY }, status: "FAILED" }),
	aRun({ id: "d", name: "gone", startTimeMs: 4, lifecycleStage: "deleted", metrics: { acc: 1 } }),
	aRun({ id: "e", name: "in a deleted experiment", experimentStage: "deleted", experimentName: "old" }),
];

function found(filter: string, orderBy: string[] = [], dialect: SearchDialect = "sql"): string {
	return searchRuns(runs, { view: "active", filter, orderBy }, dialect)
		.map((run) => run.id)
		.join("");
}

describe("without a filter", () => {
	test("the newest come first, ties by id, and only active runs of active experiments", () => {
		expect(found("")).toBe("bca");
	});

	test("deleted runs come alone, all of them on request", () => {
		expect(searchRuns(runs, { view: "deleted" }, "sql").map((run) => run.id)).toEqual(["d"]);
		expect(searchRuns(runs, { view: "all" }, "sql")).toHaveLength(5);
		expect(searchRuns(runs, { view: "all", experimentName: "old", limit: 1 }, "sql").map((run) => run.id)).toEqual([
			"e",
		]);
	});
});

describe("a filter", () => {
	test.each([
		["metrics.acc > 0", "ca"],
		["metrics.acc != 0", "bca"],
		["metrics.acc < 1e999", "a"],
		["params.lr != '5'", "ba"],
		["params.lr IS NULL", "c"],
		["status = 'FAILED'", "c"],
		["metrics.acc > 0 AND params.lr = '0.1'", "a"],
		["run_id IN ('a', \"c\")", "ca"],
	])("%s finds %s", (filter, ids) => {
		expect(found(filter)).toBe(ids);
	});

	test("takes NaN for 0 where MLflow before 3.17 does, but orders it last", () => {
		expect(found("metrics.acc < 0.1", [], "sqlBefore317")).toBe("b");
		expect(found("metrics.acc != 0", [], "sqlBefore317")).toBe("ca");
		expect(found("metrics.acc < 0.1", [], "sql")).toBe("");
		expect(found("", ["metrics.acc"], "sqlBefore317")).toBe("acb");
	});

	test("names a run by its tag in a database, by its name in a folder", () => {
		expect(found("run_name LIKE 'al%'", [], "file")).toBe("a");
		expect(found("run_name LIKE 'al%'", [], "sql")).toBe("");
	});

	test("ILIKE folds every letter in a folder, ASCII ones in a database", () => {
		const named = [aRun({ name: "ÉCOLE", tags: { "mlflow.runName": "ÉCOLE" } })];
		const search = { view: "active", filter: "run_name ILIKE 'école'" } as const;
		expect(searchRuns(named, search, "file")).toHaveLength(1);
		expect(searchRuns(named, search, "sql")).toHaveLength(0);
	});

	test("LIKE goes over lines in a database, not in a folder", () => {
		expect(found("tags.note LIKE 'x%y'", [], "sql")).toBe("a");
		expect(found("tags.note LIKE 'x%y'", [], "file")).toBe("");
	});

	test("text with what a regular expression would read differently is only text", () => {
		const odd = [aRun({ params: { path: "a.b[c](d)*+?^$|{}\\/" } })];
		expect(searchRuns(odd, { view: "active", filter: "params.path LIKE 'a.b[c](d)*+?^$|{}\\/'" }, "file")).toHaveLength(
			1,
		);
		expect(searchRuns(odd, { view: "active", filter: "params.path LIKE 'a_b[%'" }, "sql")).toHaveLength(1);
		expect(searchRuns(odd, { view: "active", filter: "params.path LIKE 'aXb[%'" }, "sql")).toHaveLength(0);
	});

	test("takes no key from the prototype", () => {
		expect(found("params.constructor IS NOT NULL")).toBe("");
		expect(found("metrics.__proto__ != 3")).toBe("");
	});

	test.each([
		["metrics.val/loss > 1", 12, "backticks"],
		["metrics.acc > 'x'", 15, "a number"],
		["params.lr = 0.1", 13, "text in quotes"],
		["params.lr ~ '0.1'", 11, "one of"],
		["foo.bar = 'x'", 1, "foo is none of"],
		["metrics.acc > 1 OR metrics.acc < 0", 17, "a known name"],
		["metrics.acc", 12, "found the end"],
		["status IS NULL", 8, "only on params and tags"],
		["run_id IN ()", 12, "text in quotes"],
		["   ", 4, "a comparison"],
	])("%s is refused at its place", (filter, place, reason) => {
		let refusal: unknown;
		try {
			parseFilter(filter);
		} catch (error) {
			refusal = error;
		}
		expect(GammaError.is(refusal, "search.syntax")).toBe(true);
		expect(String(refusal)).toContain(`character ${place}:`);
		expect(String(refusal)).toContain(reason);
	});

	test("is refused although no run is there to compare", () => {
		expect(() => searchRuns([], { view: "active", filter: "metrics.acc LIKE 1" }, "file")).toThrow(GammaError);
		expect(() => searchRuns([], { view: "active", orderBy: ["foo"] }, "file")).toThrow(GammaError);
	});

	test("of a hundred thousand characters is answered in time", () => {
		const started = performance.now();
		expect(() => parseFilter(`params.a = '${"\\x".repeat(50_000)}`)).toThrow(GammaError);
		expect(parseFilter(`params.a = '${"\\'".repeat(50_000)}`)).toHaveLength(1);
		expect(parseFilter(Array.from({ length: 5000 }, () => "metrics.acc > 1").join(" AND "))).toHaveLength(5000);
		expect(performance.now() - started).toBeLessThan(2000);
	});
});

describe("an order", () => {
	test.each([
		[["metrics.acc"], "acb"],
		[["metrics.acc DESC"], "cab"],
		[["params.lr"], "abc"],
		[["params.lr DESC"], "bac"],
		[["start_time", "run_id DESC"], "acb"],
		[["run_name"], "bac"],
	])("%j gives %s: values, then NaN, then none", (orderBy, ids) => {
		expect(found("", orderBy)).toBe(ids);
	});

	test("with a key twice is refused by a database, not by a folder", () => {
		expect(() => found("", ["metrics.acc", "metrics.acc DESC"], "sql")).toThrow("each key once");
		expect(found("", ["metrics.acc", "metrics.acc DESC"], "file")).toBe("acb");
	});
});
