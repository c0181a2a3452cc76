import { describe, expect, test } from "vitest";
import { failureReason } from "../../../../src/core/runs/failureReason";
import { initialChoices } from "../../../../src/core/runs/runChoices";
import type { RunLibrary } from "../../../../src/core/stores/runLibrary";
import type { ChartLine, ChartQuery } from "../../../../src/shared/chart";
import { GammaError } from "../../../../src/shared/errors";
import { clippedLength } from "../../../../src/shared/panels/runPanel";
import type { Run, StoreSummary } from "../../../../src/shared/run";
import { summarise, toSummary } from "../../../../src/ui/panels/runPanelMetrics";
import { toRunPageState } from "../../../../src/ui/panels/runPanelState";
import { aRun } from "../../../support/aRun";

const store: StoreSummary = {
	id: "store",
	kind: "mlflow-folder",
	uri: "/demo/mlruns",
	label: "mlruns",
	state: { kind: "ready", readAtMs: 0 },
};

function stateOf(run: Run | undefined, others: readonly Run[] = [], baseline: string | null = null, stores = [store]) {
	const runs = new Map([...(run ? [run] : []), ...others].map((each) => [each.key, each]));
	return toRunPageState(run?.key ?? "store/gone", run, {
		snapshot: { runs, stores },
		choices: { ...initialChoices, baseline },
		colour: 3,
		growth: 0,
		branch: "models/x",
		job: null,
		hasGit: true,
		hasUncommittedDiff: false,
		nowMs: 42,
	});
}

describe("the state of a run's page", () => {
	test("sends long values clipped, and says how long they are", () => {
		const state = stateOf(aRun({ params: { config: "x".repeat(10_000_000), a: "1" }, tags: { t: "y".repeat(5000) } }));
		expect(state.run?.params.map(({ name, value, length }) => [name, value.length, length])).toEqual([
			["a", 1, 1],
			["config", clippedLength, 10_000_000],
		]);
		expect(JSON.stringify(state).length).toBeLessThan(10_000);
	});

	test("finds the parent and the children in its own store only, and no run is its own child", () => {
		const parent = aRun({ key: "store/p", id: "p" });
		const run = aRun({ key: "store/r", id: "r", parentRunId: "p" });
		const children = [1, 2, 3].map((i) => aRun({ key: `store/c${i}`, id: `c${i}`, parentRunId: "r", startTimeMs: i }));
		const foreign = aRun({ key: "other/c", storeId: "other", id: "c", parentRunId: "r" });
		const state = stateOf(run, [parent, ...children, foreign]).run;
		expect(state?.parent?.key).toBe("store/p");
		expect(state?.children.map((child) => child.key)).toEqual(["store/c3", "store/c2", "store/c1"]);
		const cyclic = aRun({ key: "store/x", id: "x", parentRunId: "x" });
		expect(stateOf(cyclic).run?.childCount).toBe(0);
	});

	test("of 5,000 children sends 200 and their number", () => {
		const run = aRun({ key: "store/r", id: "r" });
		const many = Array.from({ length: 5000 }, (_, i) => aRun({ key: `store/${i}`, id: String(i), parentRunId: "r" }));
		const state = stateOf(run, many).run;
		expect([state?.children.length, state?.childCount]).toEqual([200, 5000]);
	});

	test("puts MLflow's own tags last, the note on top, and knows the baseline", () => {
		const base = aRun({ key: "store/b", name: "base" });
		const run = aRun({
			key: "store/r",
			tags: { "mlflow.note.content": " # Hi ", "mlflow.user": "ada", team: "vision" },
		});
		const state = stateOf(run, [base], "store/b").run;
		expect(state?.tags.map((tag) => tag.name)).toEqual(["team", "mlflow.note.content", "mlflow.user"]);
		expect(state?.note).toBe("# Hi");
		expect([state?.isBaseline, state?.baseline?.name]).toEqual([false, "base"]);
	});

	test("without its run tells whether it may yet come", () => {
		expect(stateOf(undefined)).toMatchObject({ run: null, isReading: false });
		expect(stateOf(undefined, [], null, [{ ...store, state: { kind: "reading" } }])).toMatchObject({ isReading: true });
		expect(stateOf(undefined, [], null, [])).toMatchObject({ isReading: true });
	});

	test("carries why its store cannot be read", () => {
		const failed = { ...store, state: { kind: "failed", message: "No answer.", lastReadMs: 1 } } as const;
		expect(stateOf(aRun(), [], null, [failed]).run?.store.problem).toBe("No answer.");
	});
});

describe("why a run failed", () => {
	const reasonOf = (tags: Record<string, string>, status: Run["status"] = "FAILED") =>
		failureReason(aRun({ status, tags }));
	test("is what its most telling tag says", () => {
		expect(reasonOf({ error: "OOM", "train.exception": "RuntimeError: x" })).toEqual({
			text: "RuntimeError: x",
			source: "train.exception",
		});
		expect(reasonOf({ "stop/Reason": "by hand" }, "KILLED")).toEqual({ text: "by hand", source: "stop/Reason" });
	});
	test("is not told by a run that ended well, by an empty tag or by a metric's error", () => {
		expect(reasonOf({ error: "0.1" }, "FINISHED")).toBeNull();
		expect(reasonOf({ error: " " })).toBeNull();
		expect(reasonOf({ error_rate: "0.1" })).toBeNull();
	});
	test("is cut where it is longer than a page", () => {
		expect(reasonOf({ error: "x".repeat(1e6) })?.text.length).toBe(20_000);
	});
});

describe("the summary of a metric", () => {
	const line = (y: readonly number[], more: Partial<ChartLine> = {}): ChartLine => ({
		id: "run",
		x: Float64Array.from(y.keys(), (i) => i * 10),
		y: Float64Array.from(y),
		steps: Float64Array.from(y.keys(), (i) => i * 10),
		smoothed: null,
		low: null,
		high: null,
		counts: null,
		breaks: [],
		marks: [],
		totalPoints: y.length,
		drawnPoints: y.length,
		xExtent: null,
		yExtent: null,
		yInner: null,
		yLeastPositive: null,
		problem: null,
		...more,
	});

	test("has the first step of its extremes and passes by what is not finite", () => {
		const { min, max, points } = toSummary(
			"loss",
			line([3, Number.NaN, 1, Number.POSITIVE_INFINITY, 1, 3], { totalPoints: 600 }),
		);
		expect([min, max, points]).toEqual([{ value: 1, step: 20 }, { value: 3, step: 0 }, 600]);
	});

	test("has none where nothing was finite", () => {
		expect(toSummary("loss", line([Number.NaN]))).toMatchObject({ min: null, max: null });
	});

	test("of a metric that cannot be read says why, in the place of that metric", async () => {
		const chart = async (query: ChartQuery) => {
			if (query.metric === "bad") throw new GammaError("metric.missing", "There is no metric bad.");
			return { metric: query.metric, lines: [line([1])] };
		};
		const library: Partial<RunLibrary> = { chart };
		const names = ["a", "bad", "c", "d", "e", "f"];
		const summaries = await summarise(library as RunLibrary, "s/r", names, new AbortController().signal);
		expect(summaries.map((summary) => summary.name)).toEqual(names);
		expect(summaries.map((summary) => summary.problem)).toEqual([
			null,
			"There is no metric bad.",
			null,
			null,
			null,
			null,
		]);
	});
});
