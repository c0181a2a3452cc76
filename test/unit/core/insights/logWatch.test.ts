import { describe, expect, test } from "vitest";
import { Emitter } from "../../../../src/core/emitter";
import type { RuleFiring } from "../../../../src/core/insights/insightWatch";
import { LogWatch } from "../../../../src/core/insights/logWatch";
import { relayLogs, runLogs } from "../../../../src/core/insights/watchedLogs";
import { parseWatchRule } from "../../../../src/core/insights/watchRule";
import type { TrackedJob } from "../../../../src/core/jobs/trackedJob";
import { GammaError } from "../../../../src/shared/errors";
import { aTrackedJob } from "../../../support/aJob";
import { aRun } from "../../../support/aRun";
import { testLogger } from "../../../support/testLogger";

const told = () => {
	const all = new Set<string>();
	return {
		has: (id: string, rule: string) => all.has(id + rule),
		add: (id: string, rule: string) => void all.add(id + rule),
	};
};

/** A relay whose jobs' logs a test lengthens. */
function watching(rules: string[] = ["Traceback in log"], kept = told()) {
	const texts = new Map<string, string>();
	const jobs = new Map<string, TrackedJob>();
	const changed = new Emitter<void>();
	const asked: string[] = [];
	const readLog = async (id: string, offset: number) => {
		asked.push(`${id} ${offset}`);
		const bytes = new TextEncoder().encode(texts.get(id) ?? "");
		return { bytes: bytes.subarray(offset), sizeBytes: bytes.length };
	};
	const snapshot = { state: { kind: "connecting", url: "" }, projects: [], jobs } as const;
	const watch = new LogWatch({
		logs: () => relayLogs(snapshot, { readLog }, () => []),
		onDidChange: changed.event,
		rules: () => rules.map(parseWatchRule),
		told: kept,
		logger: testLogger,
	});
	const fired: RuleFiring[] = [];
	watch.onDidFire((firing) => fired.push(firing));
	const put = (id: string, status: TrackedJob["job"]["status"], text = texts.get(id) ?? "") => {
		texts.set(id, text);
		jobs.set(id, aTrackedJob({ id, status }, { logSizeBytes: new TextEncoder().encode(text).length }));
	};
	const look = async () => {
		changed.fire();
		await expect.poll(() => (watch as unknown as { isDisposed: boolean }).isDisposed).toBe(false);
		await watch.look();
		await new Promise((resolve) => setImmediate(resolve));
	};
	return { watch, put, look, fired, asked, rules, kept };
}

describe("rules about logs", () => {
	test("speak of a line as soon as it has ended, once, with the job and no run", async () => {
		const { watch, put, look, fired } = watching();
		put("j", "running", "step 1\nTrace");
		await look();
		put("j", "running", "step 1\nTraceback (most recent call last)");
		await look();
		expect(fired).toEqual([]);
		put("j", "running", "step 1\nTraceback (most recent call last):\n  File\nTraceback again\n");
		await look();
		await look();
		expect(fired).toEqual([
			{
				step: null,
				sentence: "The log says: Traceback (most recent call last):",
				run: null,
				jobId: "j",
				rule: parseWatchRule("Traceback in log"),
			},
		]);
		watch.dispose();
	});

	test("hear the last words of a job that ends with them", async () => {
		const { watch, put, look, fired } = watching(["Error in log then stop"]);
		put("j", "pending", "");
		await look();
		put("j", "failed", "begun\nValueError: no");
		await look();
		expect(fired.map(({ sentence }) => sentence)).toEqual(["The log says: ValueError: no"]);
		watch.dispose();
	});

	test("read nothing of jobs that were over before, of what has not grown, and where no rule is about a log", async () => {
		const { watch, put, look, asked, rules, fired } = watching();
		put("old", "failed", "Traceback\n");
		put("j", "running", "fine\n");
		await look();
		const before = asked.length;
		await look();
		expect(asked.filter((one) => one.startsWith("old"))).toEqual([]);
		expect(asked.length).toBe(before);
		rules.splice(0, 1, "loss > 1");
		put("j", "running", "fine\nTraceback\n");
		await look();
		expect([asked.length, fired]).toEqual([before, []]);
		watch.dispose();
	});

	test("do not speak again of the same log after a reload", async () => {
		const first = watching();
		first.put("j", "running", "Traceback\n");
		await first.look();
		expect(first.fired).toHaveLength(1);
		first.watch.dispose();
		const second = watching(["Traceback in log"], first.kept);
		second.put("j", "running", "Traceback\nmore\n");
		await second.look();
		expect(second.fired).toEqual([]);
		second.watch.dispose();
	});

	test("find what a runner without a relay prints among its run's files, without being told that it grew", async () => {
		let text = "";
		let status: "RUNNING" | "FAILED" = "RUNNING";
		const watched = new Set(["store/a"]);
		const library = {
			readArtifact: async (_: string, path: string, range?: { offset: number }) => {
				if (text === "") throw new GammaError("artifact.missing", `${path} is not there.`);
				const bytes = new TextEncoder().encode(text);
				return { bytes: bytes.subarray(range?.offset ?? 0), totalBytes: bytes.length };
			},
		};
		const runs = () => [aRun({ key: "store/a", status }), aRun({ key: "other/b", status: "RUNNING" })];
		const changed = new Emitter<void>();
		const watch = new LogWatch({
			logs: () => runLogs(runs(), library, ({ key }) => key.startsWith("store/"), watched),
			onDidChange: changed.event,
			rules: () => [parseWatchRule("Traceback in log"), parseWatchRule("Killed in log")],
			told: told(),
			logger: testLogger,
			everyMs: 5,
		});
		const fired: RuleFiring[] = [];
		watch.onDidFire((firing) => fired.push(firing));
		text = "Traceback\nKill";
		await expect.poll(() => fired.map(({ run }) => run)).toEqual(["store/a"]);
		text = "Traceback\nKilled";
		status = "FAILED";
		await expect.poll(() => fired.length).toBe(2);
		watch.dispose();
	});
});
