import { describe, expect, test } from "vitest";
import { disagreementsOf, graceMs, quietAfterMs, type Witnesses } from "../../../../src/core/sagemaker/trueStatus";
import { type JobStatus, jobStatuses } from "../../../../src/shared/relay/job";
import { type RunStatus, runStatuses } from "../../../../src/shared/run";

const nowMs = Date.parse("2026-01-01T12:00:00Z");
const hour = 3_600_000;
const silent: Witnesses = {
	nowMs,
	job: null,
	service: null,
	run: null,
	lastLogMs: null,
	lastMetricMs: null,
	lastCheckpointMs: null,
};
const service = (status: JobStatus, endedMs: number | null = nowMs - 3 * hour) => ({ status, endedMs });
const run = (status: RunStatus, canWrite = true) => ({ status, endedMs: null, canWrite });
const relay = (status: JobStatus) => ({ status, isManaged: true });

/** Service and run, and what is said of them; null: they agree. */
const ofRun: readonly (readonly [JobStatus, RunStatus, string | null, string | null])[] = [
	["failed", "RUNNING", "MLflow says RUNNING, the job failed 3 h ago.", "FAILED"],
	["failed", "SCHEDULED", "MLflow says SCHEDULED, the job failed 3 h ago.", "FAILED"],
	["failed", "FINISHED", null, null],
	["failed", "FAILED", null, null],
	["failed", "KILLED", "MLflow says KILLED, the job failed 3 h ago.", "FAILED"],
	["stopped", "RUNNING", "MLflow says RUNNING, the job was stopped 3 h ago.", "KILLED"],
	["stopped", "SCHEDULED", "MLflow says SCHEDULED, the job was stopped 3 h ago.", "KILLED"],
	["stopped", "FINISHED", null, null],
	["stopped", "FAILED", "MLflow says FAILED, the job was stopped 3 h ago.", "KILLED"],
	["stopped", "KILLED", null, null],
	["completed", "RUNNING", "MLflow says RUNNING, the job completed 3 h ago.", "FINISHED"],
	["completed", "SCHEDULED", "MLflow says SCHEDULED, the job completed 3 h ago.", "FINISHED"],
	["completed", "FINISHED", null, null],
	["completed", "FAILED", "MLflow says FAILED, the job completed 3 h ago.", "FINISHED"],
	["completed", "KILLED", "MLflow says KILLED, the job completed 3 h ago.", "FINISHED"],
	["running", "RUNNING", null, null],
	["running", "SCHEDULED", null, null],
	["running", "FINISHED", null, null],
	["running", "FAILED", "MLflow says FAILED, the job goes on.", "byHand"],
	["running", "KILLED", "MLflow says KILLED, the job goes on.", "byHand"],
	...runStatuses.map((status) => ["pending", status, null, null] as const),
];

describe("SageMaker and MLflow", () => {
	test.each(ofRun)("%s and %s: %s", (status, ofMlflow, words, mend) => {
		const ended = status === "running" || status === "pending" ? null : nowMs - 3 * hour;
		const found = disagreementsOf({ ...silent, service: service(status, ended), run: run(ofMlflow) });
		expect(found.map((each) => each.words)).toEqual(words === null ? [] : [words]);
		if (words === null) return;
		expect(found[0]?.mend).toMatchObject(mend === "byHand" ? { kind: "byHand" } : { kind: "endRun", status: mend });
	});

	test("the table is whole", () => {
		expect(ofRun.length).toBe(jobStatuses.length * runStatuses.length);
	});

	test("a store that Gamma only reads is ended by hand, and it is said how", () => {
		const [found] = disagreementsOf({ ...silent, service: service("failed"), run: run("RUNNING", false) });
		expect(found?.mend).toEqual({
			kind: "byHand",
			remedy: 'Gamma only reads this store: end the run with MlflowClient().set_terminated(run_id, "FAILED").',
		});
	});

	test("who hears of an end a moment later is given that moment", () => {
		const at = (ageMs: number) =>
			disagreementsOf({
				...silent,
				service: service("failed", nowMs - ageMs),
				run: run("RUNNING"),
				job: relay("running"),
			});
		expect(at(graceMs - 1)).toEqual([]);
		expect(at(graceMs)).toHaveLength(2);
	});
});

describe("SageMaker and the relay", () => {
	test.each([
		["running", "failed", "The relay says it runs, SageMaker that it failed 3 h ago."],
		["pending", "completed", "The relay says it waits, SageMaker that it completed 3 h ago."],
		["failed", "stopped", "The relay says it failed, SageMaker that it was stopped 3 h ago."],
	] as const)("%s and %s", (told, status, words) => {
		const found = disagreementsOf({ ...silent, service: service(status), job: relay(told) });
		expect(found).toEqual([{ words, mend: { kind: "endJob", status } }]);
	});

	test("a relay that has not heard of the begin yet is not contradicted", () => {
		expect(disagreementsOf({ ...silent, service: service("running", null), job: relay("pending") })).toEqual([]);
	});

	test("without SageMaker's word the relay's counts against the run's", () => {
		const found = disagreementsOf({ ...silent, job: relay("failed"), run: run("RUNNING") });
		expect(found.map(({ words }) => words)).toEqual(["MLflow says RUNNING, the job failed."]);
	});
});

test("a training that has been quiet for long is worth a word, by its newest sign", () => {
	const at = (ageMs: number, more: Partial<Witnesses> = {}) =>
		disagreementsOf({ ...silent, service: service("running", null), lastMetricMs: nowMs - ageMs, ...more });
	expect(at(quietAfterMs)).toEqual([]);
	expect(at(3 * hour).map(({ words }) => words)).toEqual(["The job runs, and gave its last sign 3 h ago."]);
	expect(at(3 * hour, { lastLogMs: nowMs - 1_000 })).toEqual([]);
	expect(at(3 * hour, { lastCheckpointMs: nowMs - 1_000 })).toEqual([]);
	expect(at(3 * hour, { lastMetricMs: null })).toEqual([]);
});

test("nobody contradicts nobody", () => {
	expect(disagreementsOf(silent)).toEqual([]);
	expect(disagreementsOf({ ...silent, run: run("RUNNING") })).toEqual([]);
});
