import { describe, expect, test } from "vitest";
import { describeProject } from "../../../../src/core/projects/projectRow";
import {
	changeOfSetting,
	problemOfSetting,
	projectSettingKeys,
	settingValue,
} from "../../../../src/core/projects/projectSettings";
import { summariseJobs, summaryWords } from "../../../../src/core/projects/projectSummary";
import type { Job } from "../../../../src/shared/relay/job";
import type { Project } from "../../../../src/shared/relay/project";
import { userOfToken } from "../../../../src/ui/projects/userOfToken";
import { accessToken } from "../../../support/relay";

const nowMs = Date.parse("2026-01-02T00:00:00Z");
const minute = 60_000;
const project: Project = {
	id: "p",
	name: "digits",
	repository: "acme/digits",
	installationId: null,
	s3Bucket: "acme-models",
	s3Prefix: null,
	mlflowExperiment: null,
	target: "sagemaker",
	ownerId: "u1",
	createdAt: "2026-01-01T00:00:00Z",
	updatedAt: "2026-01-01T00:00:00Z",
};

function job(status: Job["status"], minutesAgo: number): Job {
	const at = new Date(nowMs - minutesAgo * minute).toISOString();
	const isOver = status !== "running" && status !== "pending";
	return {
		...{ id: `${status}${minutesAgo}`, projectId: "p", commitSha: "c", branch: "models", message: "", author: "" },
		...{ reason: null, target: "runner" as const, attempt: 1, workflowRunId: null, sagemakerJobName: null },
		...{ mlflowRunId: null, progress: null, startedAt: at, completedAt: isOver ? at : null, createdAt: at, status },
	};
}

describe("how a project is doing", () => {
	test("what runs and waits now, what failed since the last look, and how long ago the last push was", () => {
		const jobs = [job("running", 6), job("running", 9), job("pending", 7), job("failed", 20), job("failed", 90)];
		const summary = summariseJobs([...jobs, job("completed", 5), job("stopped", 8)], nowMs - 60 * minute);
		expect(summary).toEqual({ runningCount: 2, waitingCount: 1, failedCount: 1, lastJobMs: nowMs - 5 * minute });
		expect(summaryWords(summary, nowMs)).toEqual(["1 failed since you looked", "2 running", "1 waiting", "5 min ago"]);
	});

	test("nothing to say of what is quiet but its age, and of none that there is none", () => {
		expect(summaryWords(summariseJobs([job("failed", 90)], nowMs - 60 * minute), nowMs)).toEqual(["1 h ago"]);
		expect(summaryWords(summariseJobs([], nowMs), nowMs)).toEqual(["no jobs yet"]);
	});

	test("a failure whose end nobody noted counts from its push", () => {
		const unsaid = { ...job("failed", 5), completedAt: null };
		expect(summariseJobs([unsaid], nowMs - 10 * minute).failedCount).toBe(1);
		expect(summariseJobs([unsaid], nowMs - 2 * minute).failedCount).toBe(0);
	});
});

describe("a project's row", () => {
	const summary = summariseJobs([job("running", 6)], nowMs);

	test("says whose repository it is, how it goes, and to a screen reader the same", () => {
		const row = describeProject({ project, role: "owner", summary, isHere: true, isShared: true }, nowMs);
		expect(row).toMatchObject({
			label: "digits",
			description: "this repository · 1 running · 6 min ago",
			icon: "sync~spin",
			contextValue: "project owner shared here",
			spoken: "digits, this repository, 1 running, 6 min ago",
		});
		expect(row.tooltip.split("\n")).toEqual([
			"acme/digits",
			"Target: SageMaker",
			"S3 bucket: acme-models",
			"S3 prefix: –",
			"MLflow experiment: –",
			"You are its owner",
		]);
	});

	test("what failed is red, a viewer is told that they only look, and nobody's role is guessed", () => {
		const failed = summariseJobs([job("failed", 5)], nowMs - 10 * minute);
		const viewer = describeProject({ project, role: "viewer", summary: failed, isHere: false, isShared: false }, nowMs);
		expect(viewer).toMatchObject({ icon: "error", iconColour: "list.errorForeground", contextValue: "project viewer" });
		expect(viewer.description).toBe("1 failed since you looked · 5 min ago · you only look");
		const unread = describeProject({ project, role: null, summary: null, isHere: false, isShared: false }, nowMs);
		expect(unread).toMatchObject({ description: "", icon: "repo", contextValue: "project unknown" });
		expect(unread.tooltip).not.toContain("You are");
	});

	test("a hostile name is one line without what cannot be seen", () => {
		const name = "a\u202Eb\nc\u0000";
		expect(
			describeProject({ project: { ...project, name }, role: null, summary: null, isHere: false, isShared: false }, 0)
				.label,
		).toBe("a b c");
	});
});

describe("settings", () => {
	test("are shown as they are, and an empty text clears what may be empty", () => {
		expect(projectSettingKeys.map((key) => settingValue(project, key))).toEqual([
			"digits",
			"SageMaker",
			"acme-models",
			"",
			"",
		]);
		expect(changeOfSetting("s3Bucket", " acme ")).toEqual({ s3Bucket: "acme" });
		expect(changeOfSetting("s3Bucket", " ")).toEqual({ s3Bucket: null });
		expect(changeOfSetting("name", " mnist ")).toEqual({ name: "mnist" });
	});

	test.each([
		["name", "", /has a name/],
		["name", "x".repeat(201), /200/],
		["name", "Digits & more", undefined],
		["s3Bucket", "", undefined],
		["s3Bucket", "acme-models.eu", undefined],
		["s3Bucket", "s3://acme", /without s3:/],
		["s3Bucket", "Acme", /lower-case/],
		["s3Bucket", "ab", /3 to 63/],
		["s3Prefix", "digits/", undefined],
		["s3Prefix", "/digits", /slash/],
		["s3Prefix", "x".repeat(1025), /1,024/],
		["mlflowExperiment", "x".repeat(501), /500/],
		["mlflowExperiment", "", undefined],
	] as const)("%s %j", (key, text, problem) => {
		const found = problemOfSetting(key, text);
		if (problem === undefined) expect(found).toBeUndefined();
		else expect(found).toMatch(problem);
	});
});

describe("whose a token is", () => {
	test("as Supabase Auth signs it", async () => {
		expect(userOfToken(await accessToken("3f2b8c1e-5a90-4a57-9c55-6f0f0a0c3d11"))).toBe(
			"3f2b8c1e-5a90-4a57-9c55-6f0f0a0c3d11",
		);
	});

	test.each(["", "local-token", "a.b.c", "a.e30.c", `a.${Buffer.from('{"sub":7}').toString("base64url")}.c`])(
		"%j does not say",
		(token) => {
			expect(userOfToken(token)).toBeNull();
		},
	);
});
