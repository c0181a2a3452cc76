import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ArrangeOptions, arrangeRows, groupName } from "../../../../src/core/table/arrangeRows";
import type { Run } from "../../../../src/shared/run";
import { projectRuns, runWith } from "../../../support/memoryLibrary";

const mapOf = (runs: readonly Run[]) => new Map(runs.map((run) => [run.key, run]));
const flat: ArrangeOptions = { arrangement: "flat", sorts: [], toggled: new Set(), top: [], isShown: () => true };
const idsOf = (runs: readonly Run[], options: Partial<ArrangeOptions>) =>
	arrangeRows(mapOf(runs), { ...flat, ...options }).rows.map((row) => row.id);

describe("arranging runs as rows", () => {
	test("the newest run comes first when nothing is chosen, one without a start last", () => {
		const runs = [
			runWith("old", { startTimeMs: 1 }),
			runWith("none", { startTimeMs: null }),
			runWith("new", { startTimeMs: 2 }),
		];
		expect(idsOf(runs, {})).toEqual(["s/new", "s/old", "s/none"]);
	});

	test("rows on top come in their own order, whatever the filter says, and once", () => {
		const runs = [runWith("a"), runWith("b"), runWith("c")];
		const table = arrangeRows(mapOf(runs), {
			...flat,
			top: ["s/c", "s/gone", "s/a"],
			isShown: (run) => run.id === "b",
		});
		expect(table.rows.map((row) => row.id)).toEqual(["s/c", "s/a", "s/b"]);
		expect(table).toMatchObject({ topCount: 2, matching: 3 });
	});

	test("seeds of one setting are one row that opens to its runs", () => {
		const runs = projectRuns(6);
		const closed = arrangeRows(mapOf(runs), { ...flat, arrangement: "seeds" });
		expect(closed.rows.map((row) => row.runs.length)).toEqual([3, 3]);
		const [group] = closed.rows;
		const open = arrangeRows(mapOf(runs), { ...flat, arrangement: "seeds", toggled: new Set([group?.id ?? ""]) });
		expect(open.rows.map((row) => row.level)).toEqual([0, 1, 1, 1, 0]);
		expect(open.matching).toBe(6);
	});

	test("a run without params is nobody's seed, and a single run is no group", () => {
		const runs = [runWith("a"), runWith("b"), runWith("c", { params: { lr: "1" } })];
		expect(arrangeRows(mapOf(runs), { ...flat, arrangement: "seeds" }).rows.every((row) => row.kind === "run")).toBe(
			true,
		);
	});

	test("a group keeps its id when another seed joins", () => {
		const runs = projectRuns(3);
		const [one] = arrangeRows(mapOf(runs.slice(1)), { ...flat, arrangement: "seeds" }).rows;
		const newer = { ...runs[0], startTimeMs: 1_700_000_300_000 } as Run;
		const [two] = arrangeRows(mapOf([newer, ...runs.slice(1)]), { ...flat, arrangement: "seeds" }).rows;
		expect(two?.id).toBe(one?.id);
		expect(two?.runs).toHaveLength(3);
	});

	test("a group is called what its runs share, whole numbers only", () => {
		expect(groupName([runWith("fox-83"), runWith("fox-84")])).toBe("fox");
		expect(groupName([runWith("resnet-seed-1"), runWith("resnet-seed-2")])).toBe("resnet");
		expect(groupName([runWith("apple"), runWith("berry")])).toBe("apple");
	});

	test("children stand below their parents and go with them when they are closed", () => {
		const runs = [
			runWith("parent"),
			runWith("child", { parentRunId: "parent" }),
			runWith("grandchild", { parentRunId: "child" }),
		];
		expect(idsOf(runs, { arrangement: "nested" })).toEqual(["s/parent", "s/child", "s/grandchild"]);
		expect(idsOf(runs, { arrangement: "nested", toggled: new Set(["s/parent"]) })).toEqual(["s/parent"]);
	});

	test("parents in a circle and a chain of ten thousand neither lose runs nor hang", () => {
		const circle = [
			runWith("a", { parentRunId: "b" }),
			runWith("b", { parentRunId: "a" }),
			runWith("c", { parentRunId: "c" }),
		];
		expect(idsOf(circle, { arrangement: "nested" }).sort()).toEqual(["s/a", "s/b", "s/c"]);
		const chain = Array.from({ length: 10_000 }, (_, i) =>
			runWith(`r${i}`, { parentRunId: i === 0 ? null : `r${i - 1}` }),
		);
		expect(arrangeRows(mapOf(chain), { ...flat, arrangement: "nested" }).rows.at(-1)?.level).toBe(9999);
	});

	test("every shown run is in the table exactly once, in every arrangement", () => {
		const ids = fc.uniqueArray(fc.stringMatching(/^[a-e][0-9]$/), { maxLength: 20 });
		fc.assert(
			fc.property(ids, fc.constantFrom("flat", "seeds", "nested"), fc.func(fc.nat(9)), (names, arrangement, parent) => {
				const runs = names.map((name) =>
					runWith(name, { parentRunId: names[parent(name)] ?? null, params: { lr: name.charAt(0), seed: name } }),
				);
				const all = arrangeRows(mapOf(runs), { ...flat, arrangement });
				const shown = all.rows
					.filter((row) => row.level === 0 || arrangement !== "seeds")
					.flatMap((row) => row.runs.map((run) => run.key));
				expect([...shown].sort()).toEqual(runs.map((run) => run.key).sort());
			}),
		);
	});
});
