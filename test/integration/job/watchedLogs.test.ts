import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../../src/adapters/library/openStore";
import { StoreLibrary } from "../../../src/adapters/library/storeLibrary";
import { RelayFeed } from "../../../src/adapters/relay/relayFeed";
import { Emitter } from "../../../src/core/emitter";
import type { RuleFiring } from "../../../src/core/insights/insightWatch";
import { LogWatch } from "../../../src/core/insights/logWatch";
import { relayLogs, runLogs } from "../../../src/core/insights/watchedLogs";
import { parseWatchRule } from "../../../src/core/insights/watchRule";
import { JobModel } from "../../../src/core/jobs/jobModel";
import { RelayJobs } from "../../../src/core/jobs/relayJobs";
import { runLogPath } from "../../../src/core/sidecar/runLogPath";
import { writeExperiment, writeMeta, writeRun } from "../../support/fileStore";
import { followedLibrary } from "../../support/followedLibrary";
import { type RelayUnderTest, startTestRelay } from "../../support/relay";
import { clientOf, RunnerOfOne } from "../../support/relayRunner";
import { testLogger } from "../../support/testLogger";

const rules = ["Traceback in log then stop", "error in log"].map(parseWatchRule);
const nothingTold = () => ({ has: () => false, add: () => {} });

describe("a rule about the log", () => {
	const folder = mkdtempSync(join(tmpdir(), "gamma-logs-"));
	let relay: RelayUnderTest;
	beforeAll(async () => {
		relay = await startTestRelay({ LOG_LEVEL: "error" });
	});
	afterAll(async () => {
		await relay?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	test("hears each line by the relay's stream, the last words of a job too, and its stop reaches the runner", async () => {
		const client = clientOf(relay);
		const jobs = new JobModel();
		const source = new RelayJobs({
			...{ url: relay.url, relay: client, logger: testLogger },
			follow: (projectId, reader) => new RelayFeed({ client, projectId, reader, logger: testLogger }),
			...{ isShown: () => true, ownCommits: async () => new Set<string>(), urlOf: () => null },
		});
		jobs.use(source);
		const changed = new Emitter<void>();
		jobs.onDidChange(() => changed.fire());
		const watch = new LogWatch({
			logs: () => relayLogs(jobs.snapshot, client, () => []),
			...{ onDidChange: changed.event, rules: () => rules, told: nothingTold(), logger: testLogger },
			// Nothing is found by the clock here: only by what the stream tells.
			everyMs: 1_000_000,
		});
		const fired: RuleFiring[] = [];
		watch.onDidFire((firing) => {
			fired.push(firing);
			if (firing.rule.action === "stop" && firing.jobId !== null) void client.stop(firing.jobId);
		});
		const runner = await RunnerOfOne.start(relay);
		await expect.poll(() => jobs.snapshot.jobs.get(runner.job.id)?.job.status, { timeout: 30_000 }).toBe("running");
		await runner.log("epoch 1 loss=0.3\nTrace");
		await runner.log("back (most recent call last):\n");
		await expect
			.poll(() => fired.map(({ sentence, jobId }) => [sentence, jobId]), { timeout: 30_000 })
			.toEqual([["The log says: Traceback (most recent call last):", runner.job.id]]);
		await expect.poll(() => runner.heartbeat(), { timeout: 30_000 }).toBe(true);
		await runner.log("RuntimeError: no memory");
		await runner.complete({ status: "failed", exitCode: 1 });
		await expect
			.poll(() => fired.map(({ sentence }) => sentence).at(-1), { timeout: 30_000 })
			.toBe("The log says: RuntimeError: no memory");
		watch.dispose();
		jobs.dispose();
		source.dispose();
	});

	test("hears what a training prints into its run's own folder, until the run has ended", async () => {
		const store = join(folder, "mlruns");
		const id = "0123456789abcdef0123456789abcdef";
		writeExperiment(store, "1", "digits");
		writeRun(store, "1", id, { name: "warm-fox", status: 1, metrics: { loss: "1000 0.5 0\n" } });
		const log = join(store, "1", id, "artifacts", runLogPath);
		const { library, model, allReady, until } = followedLibrary(
			new StoreLibrary({ open: openStore, logger: testLogger }),
		);
		await library.open([{ uri: store }]);
		await allReady();
		const changed = new Emitter<void>();
		model.onDidChange(() => changed.fire());
		const watched = new Set([...model.snapshot.runs.keys()]);
		const watch = new LogWatch({
			logs: () => runLogs(model.snapshot.runs.values(), library, () => true, watched),
			...{ onDidChange: changed.event, rules: () => rules, told: nothingTold(), logger: testLogger, everyMs: 20 },
		});
		const fired: RuleFiring[] = [];
		watch.onDidFire((firing) => fired.push(firing));
		mkdirSync(join(log, ".."), { recursive: true });
		appendFileSync(log, "epoch 1\nTraceback (most");
		appendFileSync(log, " recent call last):\n  File");
		await expect
			.poll(() => fired.map(({ run, sentence }) => [run, sentence]), { timeout: 30_000 })
			.toEqual([[[...watched][0], "The log says: Traceback (most recent call last):"]]);
		appendFileSync(log, "\nValueError: odd");
		writeMeta(store, "1", id, { name: "warm-fox", status: 4 });
		await library.refresh();
		await until(() => [...model.snapshot.runs.values()].every(({ status }) => status === "FAILED"));
		await expect.poll(() => fired.at(-1)?.sentence, { timeout: 30_000 }).toBe("The log says: ValueError: odd");
		watch.dispose();
		library.dispose();
	});
});
