import { describe, expect, test } from "vitest";
import { jobsViewStates } from "../../../../src/core/contributions";
import { doorsOf, type JobsScene, jobsViewStateOf } from "../../../../src/core/jobs/jobsDoors";
import type { JobsState } from "../../../../src/core/jobs/trackedJob";

const without = (github: "absent" | "signedOut" | "signedIn" | "failed", reason: string | null = null): JobsState => ({
	kind: "withoutRelay",
	github,
	reason,
});
const relay = (kind: "live" | "catchingUp" | "offline"): JobsState => ({ kind, url: "u", sinceMs: 0, reason: null });
const scene: JobsScene = {
	hasFolder: true,
	isTrusted: true,
	history: "ready",
	state: without("absent"),
	jobCount: 0,
	hasProject: true,
};

describe("what the jobs view says where it holds no job", () => {
	test.each<[string, Partial<JobsScene>, string]>([
		["no folder is open", { hasFolder: false, history: "reading" }, "noFolder"],
		["a folder that is not trusted", { isTrusted: false, history: "reading" }, "untrusted"],
		["git is being read", { history: "reading" }, "reading"],
		["no repository", { history: "noRepository" }, "noRepository"],
		["a repository without a models branch", { history: "noModels" }, "noModels"],
		["a models branch that is where main is", { history: "ready" }, "noPushes"],
		["git failed", { history: "failed" }, "failed"],
		["signed out of the relay", { state: { kind: "signedOut", url: "u" } }, "signedOut"],
		["the relay has not answered yet", { state: { kind: "connecting", url: "u" } }, "connecting"],
		["the relay tells what was missed", { state: relay("catchingUp") }, "connecting"],
		["the relay is away", { state: relay("offline") }, "offline"],
		["the relay has no job", { state: relay("live") }, "noJobs"],
		["the relay has no project of the clone", { state: relay("live"), hasProject: false }, "noProject"],
		["a relay in a window without a folder", { hasFolder: false, state: relay("live") }, "noJobs"],
		["a relay in a folder that is not trusted", { isTrusted: false, state: relay("live") }, "untrusted"],
	])("%s", (_what, change, expected) => {
		expect(jobsViewStateOf({ ...scene, ...change })).toBe(expected);
		expect(jobsViewStates).toContain(expected);
	});

	test("with a job it is the list, whatever else is the matter", () => {
		for (const state of [without("failed"), relay("offline"), relay("live")]) {
			expect(jobsViewStateOf({ ...scene, jobCount: 1, history: "failed", state })).toBe("ready");
		}
	});
});

describe("the rows below the jobs", () => {
	const ids = (state: JobsState) => doorsOf(state).map(({ id, command }) => [id, command]);
	const toRelay = ["relay", "addRelay"];

	test("without a relay the last one is the way to one; before it what GitHub lacks", () => {
		expect(ids(without("signedIn"))).toEqual([toRelay]);
		expect(ids(without("absent"))).toEqual([toRelay]);
		expect(ids(without("signedOut"))).toEqual([["github", "signInToGithub"], toRelay]);
		expect(ids(without("failed", "GitHub fails (502)."))).toEqual([["githubFailed", "refreshJobs"], toRelay]);
		expect(ids(without("absent", "This repository is at git.example.com."))).toEqual([["otherHost", null], toRelay]);
	});

	test("a reason is said, not only kept for the tooltip", () => {
		expect(doorsOf(without("failed", "GitHub fails (502)."))[0]?.description).toBe("GitHub fails (502).");
		expect(doorsOf(without("absent", "At git.example.com."))[0]?.description).toBe("At git.example.com.");
	});

	test("with a relay there are none", () => {
		for (const kind of ["live", "catchingUp", "offline"] as const) expect(doorsOf(relay(kind))).toEqual([]);
		expect(doorsOf({ kind: "signedOut", url: "u" })).toEqual([]);
	});
});
