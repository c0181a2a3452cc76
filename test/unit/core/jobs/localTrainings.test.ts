import { describe, expect, test } from "vitest";
import type { BranchTip, CommitLine } from "../../../../src/core/git/gitRepository";
import { type LocalHistory, toHistory } from "../../../../src/core/jobs/localHistory";
import { findTrainings } from "../../../../src/core/jobs/localTrainings";
import { localJobId, toLocalJob } from "../../../../src/core/jobs/toLocalJob";
import { readWorkflowRuns, type WorkflowRun } from "../../../../src/core/jobs/workflowRuns";
import type { Run } from "../../../../src/shared/run";
import { aRun } from "../../../support/aRun";
import { type ListedRun, listedRun } from "../../../support/githubActions";
import { commit } from "../../../support/webhooks";

const [one, two, three] = [commit(1), commit(2), commit(3)] as const;
const minute = 60_000;
const start = Date.parse("2026-01-01T00:00:00Z");

const pushed = (branch: string, sha: string, change: Partial<BranchTip> = {}): BranchTip => ({
	branch,
	commit: sha,
	remote: "origin",
	atMs: start,
	isPushedHere: true,
	...change,
});
const local = (branch: string, sha: string) => pushed(branch, sha, { remote: null, atMs: null, isPushedHere: false });

function historyOf(tips: readonly BranchTip[], commits: Record<string, readonly string[]> = {}): LocalHistory {
	const line: CommitLine = { subject: "Warm up", author: "Ada", isOwn: false, committedMs: start - minute };
	const sources = { branches: [], modelCommits: new Map(Object.entries(commits)), main: null };
	const lines = new Map([one, two, three].map((sha) => [sha, line]));
	return toHistory(tips, sources, lines, { host: "github.com", repository: "acme/digits" });
}

function workflow(change: Partial<ListedRun> & { sha: string }): WorkflowRun {
	const [run] = readWorkflowRuns({ workflow_runs: [listedRun({ id: 5, branch: "models/a", ...change })] }) ?? [];
	if (!run) throw new Error("not read");
	return run;
}

const runOf = (sha: string, change: Partial<Run> = {}) =>
	aRun({ commit: sha, startTimeMs: start + minute, endTimeMs: start + 5 * minute, ...change });

function jobs(history: LocalHistory, runs: readonly Run[] = [], workflows: readonly WorkflowRun[] = []) {
	return findTrainings(history, runs, workflows).map((training) =>
		toLocalJob(training, history.lines.get(training.commitSha), history.forge),
	);
}

/** The one job. */
function job(history: LocalHistory, runs: readonly Run[] = [], workflows: readonly WorkflowRun[] = []) {
	const [only, ...others] = jobs(history, runs, workflows);
	if (!only || others.length > 0) throw new Error(`${others.length + 1} jobs`);
	return only;
}

describe("what counts as a job", () => {
	test("every push, once per branch and commit", () => {
		const history = historyOf([
			pushed("models/a", two),
			pushed("models/a", one),
			pushed("models/a", two, { remote: "fork" }),
			pushed("models/b", one),
		]);
		expect(jobs(history).map(({ job: { id } }) => id)).toEqual([
			localJobId("models/a", two),
			localJobId("models/a", one),
			localJobId("models/b", one),
		]);
	});

	test("a local tip that is not on main, and none that is", () => {
		const history = historyOf([local("models/a", two), local("models/fresh", three)], {
			"models/a": [two, one],
			"models/fresh": [],
		});
		expect(job(history).job).toMatchObject({
			commitSha: two,
			status: "pending",
			reason: "Not pushed yet, and nothing has been logged for this commit.",
		});
	});

	test("a commit in between that a run was logged for, and none that nobody trained", () => {
		const history = historyOf([pushed("models/a", three)], { "models/a": [three, two, one] });
		const found = jobs(history, [runOf(two)]);
		expect(found.map(({ job: { commitSha, status } }) => [commitSha, status])).toEqual([
			[three, "pending"],
			[two, "completed"],
		]);
	});

	test("a run that names its commit by seven digits, and none that was deleted or is another run's child", () => {
		const history = historyOf([pushed("models/a", one)], { "models/a": [one] });
		const short = runOf(one.slice(0, 7), { status: "RUNNING", endTimeMs: null });
		expect(job(history, [short]).job.status).toBe("running");
		expect(job(history, [runOf(one, { lifecycleStage: "deleted" })]).job.status).toBe("pending");
		expect(job(history, [runOf(one, { parentRunId: "parent" })]).job.status).toBe("pending");
	});

	test("a nested run is a training of its own where its parent was of another commit", () => {
		const history = historyOf([pushed("models/a", two)], { "models/a": [two, one] });
		const parent = runOf(one, { id: "parent" });
		const statusOfTwo = (child: Run) =>
			jobs(history, [parent, child]).find(({ job: { commitSha } }) => commitSha === two)?.job.status;
		expect(statusOfTwo(runOf(two, { id: "child", parentRunId: "parent" }))).toBe("completed");
		expect(
			job(historyOf([pushed("models/a", one)], { "models/a": [one] }), [
				parent,
				runOf(one, { id: "child", parentRunId: "parent", status: "FAILED" }),
			]).job.status,
		).toBe("completed");
	});

	test("a run goes to the branch whose tip is nearest, not to each that holds its commit", () => {
		const history = historyOf([pushed("models/a", one), pushed("models/b", two)], {
			"models/a": [one],
			"models/b": [two, one],
		});
		const completed = jobs(history, [runOf(one)]).filter(({ job: { status } }) => status === "completed");
		expect(completed.map(({ job: { branch } }) => branch)).toEqual(["models/a"]);
	});

	test("a push that only GitHub knows, with what GitHub says of its commit", () => {
		const found = job(historyOf([]), [], [workflow({ sha: commit(9), message: "Bob's try", actor: "bob" })]);
		expect(found).toMatchObject({
			source: "actions",
			url: "https://github.com/acme/digits/actions/runs/5",
			job: { branch: "models/a", message: "Bob's try", author: "bob", workflowRunId: "5", status: "completed" },
		});
	});
});

test("of very many the newest, whether they were pushed or only trained", () => {
	const shas = Array.from({ length: 700 }, (_, n) => n.toString(16).padStart(8, "a").padEnd(40, "0"));
	const history = historyOf([pushed("models/a", one, { atMs: start + 1_000 * minute })], { "models/a": shas });
	const runs = shas.map((sha, n) => runOf(sha, { key: `s/${n}`, id: `${n}`, startTimeMs: start + n * minute }));
	const found = jobs(history, runs).map(({ job: { commitSha } }) => commitSha);
	expect(new Set(found)).toEqual(new Set([one, ...shas.slice(-499)]));
});

describe("its state is what is known, and no more", () => {
	const history = historyOf([pushed("models/a", one)], { "models/a": [one] });

	test("nothing was logged", () => {
		expect(job(history)).toMatchObject({
			source: "git",
			url: `https://github.com/acme/digits/commit/${one}`,
			job: { status: "pending", reason: "Nothing has been logged for this commit yet.", startedAt: null },
		});
	});

	test.each([
		["RUNNING", "running"],
		["SCHEDULED", "pending"],
		["FINISHED", "completed"],
		["FAILED", "failed"],
		["KILLED", "stopped"],
	] as const)("a run that is %s", (status, expected) => {
		const isOver = expected !== "running" && expected !== "pending";
		const found = job(history, [runOf(one, { status, endTimeMs: isOver ? start + 5 * minute : null })]).job;
		expect(found).toMatchObject({ status: expected, startedAt: new Date(start + minute).toISOString() });
		expect(found.completedAt).toBe(isOver ? new Date(start + 5 * minute).toISOString() : null);
		expect(found.reason === null).toBe(expected !== "failed" && expected !== "stopped");
	});

	test("a failure says what its run says, else which run failed", () => {
		const tags = { "train.error": "Traceback (most recent call last):\n  File\nRuntimeError: CUDA out of memory\n" };
		expect(job(history, [runOf(one, { status: "FAILED", tags })]).job.reason).toBe("RuntimeError: CUDA out of memory");
		expect(job(history, [runOf(one, { status: "FAILED" })]).job.reason).toBe("Its run “warm-fox-12” failed.");
		expect(job(history, [runOf(one, { status: "KILLED" })]).job.reason).toBe("Its run “warm-fox-12” was killed.");
	});

	test("of several runs one that goes on, else the newest", () => {
		const early = runOf(one, { key: "s/1", id: "1", status: "FAILED", startTimeMs: start });
		const late = runOf(one, { key: "s/2", id: "2", startTimeMs: start + 9 * minute });
		const going = runOf(one, { key: "s/3", id: "3", status: "RUNNING", endTimeMs: null, startTimeMs: start + minute });
		expect(job(history, [early, late]).job).toMatchObject({ status: "completed", mlflowRunId: "2" });
		expect(job(history, [early, late, going]).job).toMatchObject({
			status: "running",
			completedAt: null,
			startedAt: new Date(start).toISOString(),
		});
	});

	test("its metrics and its last sign are its newest run's", () => {
		const run = runOf(one, { metrics: { loss: 0.25 }, lastSignMs: start + 7 * minute });
		expect(job(history, [run])).toMatchObject({ metrics: { loss: 0.25 }, lastSignMs: start + 7 * minute });
	});

	test.each([
		["a workflow that waits", { status: "queued" }, undefined, "pending"],
		["one that waits, with a run that goes on", { status: "queued" }, "RUNNING", "running"],
		["one that runs, with a run that ended", { status: "in_progress" }, "FINISHED", "running"],
		["one that went well", {}, undefined, "completed"],
		["one that only handed the training over", {}, "RUNNING", "running"],
		["one that went well, with a run that failed", {}, "FAILED", "failed"],
		["one that failed, with a run that still says it runs", { conclusion: "failure" }, "RUNNING", "failed"],
		["one that was cancelled", { conclusion: "cancelled" }, undefined, "stopped"],
	] as const)("%s", (_what, change, status, expected) => {
		const runs = status === undefined ? [] : [runOf(one, { status })];
		expect(job(history, runs, [workflow({ sha: one, ...change })]).job.status).toBe(expected);
	});

	test("of several workflows of a push the one that trains, whichever came last", () => {
		const lint = workflow({ sha: one, id: 8, name: "Lint", conclusion: "failure", createdAt: "2026-01-01T00:00:09Z" });
		const train = workflow({ sha: one, id: 7, name: "Train", status: "in_progress" });
		for (const workflows of [
			[lint, train],
			[train, lint],
		]) {
			expect(job(history, [], workflows).job).toMatchObject({ workflowRunId: "7", status: "running" });
		}
		expect(job(history, [], [lint]).job.status).toBe("failed");
	});

	test("a run that was started again is another attempt", () => {
		expect(job(history, [], [workflow({ sha: one, attempt: 3 })]).job.attempt).toBe(3);
	});
});

describe("when and whose", () => {
	test("pushed from here: then; fetched: when it was committed; never after its first run", () => {
		const at = (tips: BranchTip[], runs: Run[] = []) => job(historyOf(tips, { "models/a": [one] }), runs).job.createdAt;
		expect(at([pushed("models/a", one)])).toBe(new Date(start).toISOString());
		const fetched = pushed("models/a", one, { isPushedHere: false, atMs: start + 100 * minute });
		expect(at([fetched])).toBe(new Date(start - minute).toISOString());
		const early = runOf(one, { startTimeMs: start - 30 * minute });
		expect(at([fetched], [early])).toBe(new Date(start - 30 * minute).toISOString());
	});

	test("one's own is what one pushed or committed", () => {
		const fetched = pushed("models/a", one, { isPushedHere: false });
		expect(job(historyOf([pushed("models/a", one)])).isOwn).toBe(true);
		expect(job(historyOf([fetched])).isOwn).toBe(false);
		const history = historyOf([fetched]);
		const own = { ...history, lines: new Map([[one, { subject: "", author: "", isOwn: true, committedMs: start }]]) };
		expect(job(own).isOwn).toBe(true);
	});

	test("no page at a forge that is not GitHub's, and none of what was not pushed", () => {
		const elsewhere = {
			...historyOf([pushed("models/a", one)]),
			forge: { host: "git.example.com", repository: "a/b" },
		};
		expect(job(elsewhere)).toMatchObject({ url: null, repository: "a/b" });
		expect(job(historyOf([local("models/a", one)], { "models/a": [one] })).url).toBeNull();
	});

	test("a commit that is nowhere to be read has an empty message and no time of its own", () => {
		const found = job(historyOf([pushed("models/a", commit(99), { atMs: null, isPushedHere: false })]));
		expect(found.job).toMatchObject({ message: "", author: "", createdAt: new Date(0).toISOString() });
	});
});

describe("reading GitHub's list", () => {
	test("other branches, other events and what is no run are passed over", () => {
		const listed = [
			listedRun({ id: 1, branch: "models/a", sha: one }),
			listedRun({ id: 2, branch: "main", sha: one }),
			listedRun({ id: 3, branch: "models/a", sha: one, event: "workflow_dispatch" }),
			{ ...listedRun({ id: 4, branch: "models/a", sha: one }), head_sha: "--upload-pack=x" },
			{ ...listedRun({ id: 5, branch: "models/a", sha: one }), html_url: "javascript:alert(1)" },
			null,
			7,
			{},
		];
		const runs = readWorkflowRuns({ total_count: 8, workflow_runs: listed });
		expect(runs?.map(({ id, url }) => [id, url])).toEqual([
			["1", "https://github.com/acme/digits/actions/runs/1"],
			["5", null],
		]);
		for (const body of [null, [], {}, { workflow_runs: {} }, "x"]) expect(readWorkflowRuns(body)).toBeNull();
	});
});
