import { describe, expect, test } from "vitest";
import { Emitter } from "../../../../src/core/emitter";
import type { Insight } from "../../../../src/core/insights/insight";
import { InsightWatch, type RuleFiring } from "../../../../src/core/insights/insightWatch";
import { parseWatchRule } from "../../../../src/core/insights/watchRule";
import type { JobsState, TrackedJob } from "../../../../src/core/jobs/trackedJob";
import type { RunModel } from "../../../../src/core/runs/runModel";
import type { Run, Series } from "../../../../src/shared/run";
import { aTrackedJob } from "../../../support/aJob";
import { aRun } from "../../../support/aRun";
import { testLogger } from "../../../support/testLogger";

const live: JobsState = { kind: "live", url: "http://relay.test", sinceMs: 0, reason: null };

/** A model of these runs whose histories a test lengthens. */
function watching(rules: readonly string[] = []) {
	const histories = new Map<string, number[]>();
	const changed = new Emitter<never>();
	const runs = new Map<string, Run>();
	const jobs = new Map<string, TrackedJob>();
	const baseline: string[] = [];
	const checkpointsMs: number[] = [];
	const asked: string[] = [];
	const nowMs = 1_000_000;
	const put = (key: string, change: Partial<Run>) => {
		runs.set(key, aRun({ key, status: "RUNNING", lastSignMs: nowMs, ...change }));
	};
	const history = async (key: string, metric: string): Promise<Series> => {
		asked.push(`${key} ${metric}`);
		const values = histories.get(`${key} ${metric}`) ?? [];
		return {
			steps: Float64Array.from(values, (_, at) => at),
			values: Float64Array.from(values),
			timestampsMs: Float64Array.from(values, (_, at) => at * 1_000),
		};
	};
	const watch = new InsightWatch({
		model: { snapshot: { runs }, onDidChange: changed.event } as unknown as RunModel,
		jobs: { snapshot: { state: live, projects: [], jobs }, onDidChange: changed.event as never },
		history,
		checkpointsMs: async () => checkpointsMs,
		baseline: () => baseline.map((key) => runs.get(key) as Run),
		rules: () => rules.map(parseWatchRule),
		nowMs: () => nowMs,
		logger: testLogger,
		everyMs: 1_000_000,
	});
	const found: Insight[] = [];
	const fired: RuleFiring[] = [];
	watch.onDidFind((insight) => found.push(insight));
	watch.onDidFire((firing) => fired.push(firing));
	return { watch, put, histories, found, fired, asked, jobs, baseline, checkpointsMs, nowMs };
}

describe("a run that is going", () => {
	test("whose loss is NaN is told once, and stays in the list", async () => {
		const { watch, put, histories, found } = watching();
		put("a", { metrics: { loss: Number.NaN, "val/acc": 0.5 } });
		histories.set("a loss", [1, 0.5, Number.NaN, Number.NaN]);
		histories.set("a val/acc", [0.1, 0.5]);
		await watch.look();
		await watch.look();
		const insight = {
			kind: "notFinite",
			severity: "bad",
			run: "a",
			jobId: null,
			metric: "loss",
			step: 2,
			sentence: "loss is NaN since step 2.",
		};
		expect(found).toEqual([insight]);
		expect(watch.insights.get("a")).toEqual([insight]);
		watch.dispose();
	});

	test("that is silent says so; one that has ended is not looked at", async () => {
		const { watch, put, found, asked } = watching();
		put("silent", { lastSignMs: 0, metrics: {} });
		put("ended", { status: "FINISHED", metrics: { loss: 1 } });
		put("deleted", { lifecycleStage: "deleted", metrics: { loss: 1 } });
		await watch.look();
		expect(found.map(({ kind, run }) => [kind, run])).toEqual([["silentRunner", "silent"]]);
		expect(asked).toEqual([]);
		watch.dispose();
	});

	test("of many metrics only those are read whose names tell, and those of rules", async () => {
		const { watch, put, asked } = watching(["gpu/temp > 90"]);
		const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`layer${at}/norm`, 1]));
		put("a", { metrics: { ...many, "gpu/temp": 70, loss: 1 } });
		await watch.look();
		expect(asked).toEqual(["a gpu/temp", "a loss"]);
		watch.dispose();
	});

	test("feeds each rule every point once, over several looks", async () => {
		const { watch, put, histories, fired } = watching(["loss > 1 for 3 steps then stop", "other > 1"]);
		put("a", { metrics: { loss: 2 } });
		histories.set("a loss", [0.5, 2, 2]);
		await watch.look();
		expect(fired).toEqual([]);
		histories.set("a loss", [0.5, 2, 2, 2, 2, 2]);
		await watch.look();
		await watch.look();
		expect(fired.map(({ rule, run, step, sentence }) => [rule.action, run, step, sentence])).toEqual([
			["stop", "a", 4, "loss is 2 at step 4, since step 1."],
		]);
		watch.dispose();
	});

	test("worse than the baseline's band at the same step is told once, and of the baseline itself nothing", async () => {
		const { watch, put, histories, found, baseline } = watching();
		for (const [key, level] of [
			["base", 0.9],
			["seed", 0.92],
		] as const) {
			put(key, { status: "FINISHED", metrics: { "val/acc": level } });
			histories.set(
				`${key} val/acc`,
				Array.from({ length: 30 }, () => level),
			);
			baseline.push(key);
		}
		put("a", { metrics: { "val/acc": 0.5 } });
		histories.set("a val/acc", [0.9, 0.9, 0.5, 0.5, 0.5, 0.5, 0.5]);
		put("seed", { metrics: { "val/acc": 0.92 } });
		await watch.look();
		await watch.look();
		expect(found.map(({ kind, run, step, sentence }) => [kind, run, step, sentence])).toEqual([
			[
				"worseThanBaseline",
				"a",
				6,
				expect.stringMatching(/^val\/acc is 0\.5 at step 6, the baseline 0\.91 ± 0\.028.* \(n = 2\)\.$/),
			],
		]);
		watch.dispose();
	});

	test("is not held against a baseline that it is a seed of", async () => {
		const { watch, put, histories, found, baseline } = watching();
		for (let seed = 0; seed < 8; seed++) {
			const isOurs = seed === 7;
			put(`seed${seed}`, { status: isOurs ? "RUNNING" : "FINISHED", metrics: { "val/acc": 0.9 } });
			histories.set(
				`seed${seed} val/acc`,
				Array.from({ length: 10 }, () => (isOurs ? 0.5 : 0.9)),
			);
			baseline.push(`seed${seed}`);
		}
		await watch.look();
		expect(found).toEqual([]);
		watch.dispose();
	});

	test("whose newest checkpoint is old is told, and the list of files is read once a minute at most", async () => {
		const { watch, put, found, checkpointsMs, nowMs } = watching();
		put("a", { metrics: {} });
		checkpointsMs.push(...[1, 2, 3].map((minute) => nowMs - 700_000 - minute * 60_000));
		await watch.look();
		expect(found.map(({ kind, sentence }) => [kind, sentence])).toEqual([
			["oldCheckpoint", "The newest checkpoint is 13 min old; one came every 1 min before."],
		]);
		watch.dispose();
	});

	test("a relay's job whose runner fell silent is told, and forgotten when it speaks again", async () => {
		const { watch, found, jobs, nowMs } = watching();
		const runner = (lastSignMs: number) =>
			aTrackedJob({ id: "j", status: "running", target: "runner" }, { lastSignMs });
		jobs.set("j", runner(nowMs - 300_000));
		jobs.set("alive", runner(nowMs));
		await watch.look();
		expect(found).toEqual([
			expect.objectContaining({
				...{ kind: "silentRunner", severity: "bad", run: null, jobId: "j" },
				sentence: "Its runner is not heard of any more: running, silent for 5 min.",
			}),
		]);
		expect([...watch.insights.keys()]).toEqual(["job:j"]);
		jobs.set("j", runner(nowMs));
		await watch.look();
		expect(watch.insights.size).toBe(0);
		watch.dispose();
	});
});
