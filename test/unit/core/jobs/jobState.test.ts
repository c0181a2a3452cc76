import { describe, expect, test } from "vitest";
import { jobSentence, jobStateOf, momentOf, ranMs, silentAfterMs } from "../../../../src/core/jobs/jobState";
import { aJob, aTrackedJob } from "../../../support/aJob";

const signMs = Date.parse("2026-01-01T00:10:00.000Z");
const moment = (nowMs: number, heardSinceMs: number | null = 0) => ({ nowMs, heardSinceMs });

describe("a running job is silent", () => {
	test("when its last sign is more than three minutes old, and not before", () => {
		const tracked = aTrackedJob();
		expect(jobStateOf(tracked, moment(signMs + silentAfterMs))).toBe("running");
		expect(jobStateOf(tracked, moment(signMs + silentAfterMs + 1))).toBe("silent");
		expect(jobSentence(tracked, moment(signMs + 240_000))).toBe("Running, silent for 4 min");
	});

	test("only when it would have been heard: neither while updates are late nor right after", () => {
		const tracked = aTrackedJob();
		const nowMs = signMs + 3_600_000;
		expect(jobStateOf(tracked, moment(nowMs, null))).toBe("running");
		expect(jobStateOf(tracked, moment(nowMs, nowMs - 60_000))).toBe("running");
		expect(jobStateOf(tracked, moment(nowMs, nowMs - silentAfterMs - 1))).toBe("silent");
	});

	test("never where nobody speaks all the time: in SageMaker, in git, in GitHub Actions", () => {
		const nowMs = signMs + 3_600_000;
		expect(jobStateOf(aTrackedJob({ target: "sagemaker" }), moment(nowMs))).toBe("running");
		expect(jobStateOf(aTrackedJob({}, { source: "actions" }), moment(nowMs))).toBe("running");
		expect(jobStateOf(aTrackedJob({ status: "failed" }), moment(nowMs))).toBe("failed");
	});
});

test("only what is live is heard", () => {
	const state = { url: "http://relay.test", sinceMs: 5, reason: null };
	expect(momentOf({ kind: "live", ...state }, 9)).toEqual({ nowMs: 9, heardSinceMs: 5 });
	expect(momentOf({ kind: "offline", ...state }, 9)).toEqual({ nowMs: 9, heardSinceMs: null });
});

describe("the sentence of a job", () => {
	const completedAt = "2026-01-01T00:13:00.000Z";
	const nowMs = Date.parse("2026-01-01T03:13:00.000Z");

	test.each([
		[{ status: "pending", startedAt: null }, "Waiting for 3 h"],
		[{ status: "running" }, "Running for 3 h"],
		[{ status: "running", startedAt: null }, "Running"],
		[{ status: "completed", completedAt }, "Completed 3 h ago, after 12 min"],
		[{ status: "failed", completedAt, startedAt: null }, "Failed 3 h ago"],
		[{ status: "stopped" }, "Stopped"],
	] as const)("%o is “%s”", (change, sentence) => {
		expect(jobSentence(aTrackedJob(change, { lastSignMs: nowMs }), moment(nowMs))).toBe(sentence);
	});

	test("says of a commit in git only that nothing was trained", () => {
		expect(jobSentence(aTrackedJob({ status: "pending" }, { source: "git" }), moment(nowMs))).toBe("No run yet");
	});

	test("counts no time that nobody told", () => {
		expect(ranMs(aJob({ startedAt: null }), nowMs)).toBeNull();
		expect(ranMs(aJob({ startedAt: "soon" }), nowMs)).toBeNull();
		expect(ranMs(aJob({ status: "failed", completedAt: "2025-12-31T00:00:00Z" }), nowMs)).toBe(0);
	});
});
