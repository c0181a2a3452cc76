import { describe, expect, test } from "vitest";
import { TableModel } from "../../../../src/core/table/tableModel";
import { columnId, initialLayout, parseColumnId } from "../../../../src/shared/panels/tableLayout";
import { memorySources, projectRuns, runWith } from "../../../support/memoryLibrary";

function tableOf(runs = projectRuns(30)) {
	const sources = memorySources();
	sources.library.put(runs);
	let nowMs = 1_700_000_400_000;
	const table = new TableModel(sources, () => nowMs);
	const names = (count = 5) => table.rows(0, count, 0, 99).rows.map((row) => row.name);
	return { ...sources, table, names, later: (ms: number) => (nowMs += ms) };
}

describe("the order of the table", () => {
	test("stays while runs come in, tells how many wait, and takes them in when asked", () => {
		const { library, table, names } = tableOf();
		const before = names();
		library.put([runWith("new", { startTimeMs: 1_800_000_000_000 })]);
		expect(names()).toEqual(before);
		expect(table.state().waiting).toEqual({ newRuns: 1, otherOrder: false });
		table.takeIn();
		expect(names()[0]).toBe("new");
		expect(table.state().waiting).toBeNull();
	});

	test("stays while a sorted value changes, and says that it is another order", () => {
		const { library, choices, table, names, later } = tableOf();
		choices.update({ sorts: [{ by: "metrics.val/acc", descending: true }] });
		const before = names();
		const last = table.rows(29, 30, 0, 0).rows[0];
		const run = table.sources.model.run(last?.id ?? "");
		if (!run) throw new Error("no last run");
		later(5000);
		library.put([{ ...run, metrics: { ...run.metrics, "val/acc": 1 } }]);
		expect(names()).toEqual(before);
		expect(table.state().waiting).toEqual({ newRuns: 0, otherOrder: true });
	});

	test("a run that left its store keeps its row, marked, until the order is renewed", () => {
		const { library, table } = tableOf();
		const [first] = table.rows(0, 1, 0, 0).rows;
		library.remove([first?.id ?? ""]);
		expect(table.rows(0, 1, 0, 0).rows[0]).toMatchObject({ id: first?.id, isGone: true });
		table.takeIn();
		expect(table.rows(0, 1, 0, 0).rows[0]?.id).not.toBe(first?.id);
	});

	test("a filter that is not understood is named and not applied", () => {
		const { choices, table } = tableOf();
		choices.update({ filters: ["metrics.`val/acc` >", "params.lr = '0.1'"] });
		expect(table.state().filters.map((filter) => filter.problem === null)).toEqual([false, true]);
		expect(table.state().matchingRuns).toBe(9);
	});

	test("sorts only the table has live beside the side bar's, and fall away when the side bar changes its own", () => {
		const { choices, table } = tableOf();
		const sorts = [
			{ column: "attributes.duration", descending: true },
			{ column: "metrics.val/acc", descending: false },
		];
		choices.update({ sorts: [{ by: "metrics.val/acc", descending: false }], table: { ...initialLayout, sorts } });
		expect(table.state().sorts.map((sort) => sort.column)).toEqual(["attributes.duration", "metrics.val/acc"]);
		choices.update({ sorts: [] });
		expect(table.state().sorts).toEqual([]);
	});

	test("sorting by a maximum waits for the histories, then is right", async () => {
		const runs = [1, 2, 3].map((i) => runWith(`r${i}`, { metrics: { acc: 0 } }));
		const { library, choices, table, names } = tableOf(runs);
		for (const [i, run] of runs.entries()) library.setHistory(run.key, "acc", [i, 0]);
		choices.update({ table: { ...initialLayout, sorts: [{ column: "max metrics.acc", descending: true }] } });
		expect(table.state().historiesToRead).toBe(3);
		await new Promise((done) => setTimeout(done, 50));
		expect(table.state().historiesToRead).toBe(0);
		expect(names()).toEqual(["r3", "r2", "r1"]);
	});
});

describe("cells", () => {
	test("the change from the baseline says better, worse or within the noise of its seeds", () => {
		const { choices, table } = tableOf(projectRuns(9));
		choices.update({ baseline: "s/r00001" });
		const index = table.columns.findIndex((column) => column.id === "change metrics.val/acc");
		const verdicts = new Map(table.rows(0, 9, index, index + 1).rows.map((row) => [row.id, row.cells[0]]));
		expect(verdicts.get("s/r00001")?.text).toBe("");
		expect(verdicts.get("s/r00002")).toMatchObject({ text: "+0.002", verdict: "within noise" });
		expect(verdicts.get("s/r00004")).toMatchObject({ verdict: "better" });
		expect(verdicts.get("s/r00004")?.title).toContain("n = 3");
	});

	test("a group shows mean ± deviation, its n in the title, and the seeds it joins", () => {
		const { choices, table } = tableOf(projectRuns(3));
		choices.update({
			table: {
				...initialLayout,
				arrangement: "seeds",
				columns: ["metrics.val/acc", "params.seed"].map((by) => ({ by, statistic: "last", width: 100 })),
			},
		});
		const [group] = table.rows(0, 1, 0, 2).rows;
		expect(group?.cells.map((cell) => cell.text)).toEqual(["0.8000 ± 0.0020", "0, 1, 2"]);
		expect(group?.cells[0]?.title).toContain("n = 3");
	});

	test("a name that is markup or ten megabytes comes as a short text", () => {
		const { table } = tableOf([
			runWith("x", { name: `<img onerror=1>${"y".repeat(1e7)}`, params: { p: "z".repeat(1e7) } }),
		]);
		expect(JSON.stringify(table.rows(0, 1, 0, 99)).length).toBeLessThan(10_000);
	});
});

describe("columns", () => {
	test("nobody's choice shows what tells: status, times, metrics, differing params", () => {
		const ids = tableOf().table.columns.map((column) => column.id);
		expect(ids.slice(0, 4)).toEqual([
			"attributes.status",
			"attributes.start_time",
			"attributes.duration",
			"metrics.val/acc",
		]);
		expect(ids).toContain("params.lr");
	});

	test("an id leads back to its column", () => {
		for (const column of [
			{ by: "metrics.a b", statistic: "step", step: 12 },
			{ by: "metrics.min x", statistic: "max" },
			{ by: "metrics.step(3) y", statistic: "last" },
		] as const) {
			expect(parseColumnId(columnId(column))).toMatchObject({ by: column.by, statistic: column.statistic });
		}
	});
});

test("ten thousand runs are arranged in well under a second", () => {
	const { choices, table } = tableOf(projectRuns(10_000));
	const start = performance.now();
	choices.update({
		sorts: [
			{ by: "metrics.val/acc", descending: true },
			{ by: "params.lr", descending: false },
		],
	});
	const ms = performance.now() - start;
	console.log(`10,000 runs filtered and sorted by two columns: ${ms.toFixed(0)} ms`);
	expect(table.state().rowCount).toBe(10_000);
});

test("choices kept before there was a table are kept, and a layout that is not understood costs only itself", () => {
	const { table: _, ...older } = { ...memorySources().choices.snapshot, pinned: ["s/a"] };
	const read = (stored: unknown) => memorySources({ get: () => stored, set: () => {} }).choices.snapshot;
	expect(read(older).pinned).toEqual(["s/a"]);
	expect(read({ ...older, table: { columns: "all" } })).toMatchObject({ pinned: ["s/a"], table: undefined });
});
