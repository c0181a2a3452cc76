import { describe, expect, test } from "vitest";
import { ActionsLog, readActionsLog } from "../../../../src/core/jobs/actionsLog";
import { findTraceback } from "../../../../src/core/jobs/findTraceback";
import type { RunAddress, WorkflowDoor, WorkflowJob, WorkflowStep } from "../../../../src/core/jobs/workflowJobs";
import { actionsLogOf } from "../../../support/githubActions";

const run: RunAddress = { host: "github.com", repository: "acme/digits", runId: "7", attempt: 1 };
const step = (name: string, told: Partial<WorkflowStep> = {}): WorkflowStep => ({
	...{ name, stage: 2, conclusion: "success", startedMs: 1_000, endedMs: 3_000 },
	...told,
});
const job = (id: string, told: Partial<WorkflowJob> = {}): WorkflowJob => ({
	...step(`job ${id}`),
	...{ id, url: null, runner: null, steps: [] },
	...told,
});

class Door implements WorkflowDoor {
	told: WorkflowJob[] = [];
	logs: Record<string, string> = {};
	asked: string[] = [];
	async jobs() {
		return this.told;
	}
	async log(_run: RunAddress, id: string) {
		this.asked.push(id);
		return this.logs[id] ?? null;
	}
	async change() {}
}

describe("the log of a workflow run", () => {
	test("while a job goes on its steps, as they begin and end, and then its whole log", async () => {
		const door = new Door();
		const log = new ActionsLog(door, run);
		const going = step("Train", { stage: 1, conclusion: null, endedMs: null });
		const waiting = step("Tell", { stage: 0, conclusion: null, startedMs: null, endedMs: null });
		door.told = [job("1", { stage: 1, conclusion: null, steps: [step("Set up job"), going, waiting] })];
		expect((await log.pull()).text).toBe(
			"GitHub gives out the log of a job once the job has ended. Until then, its steps:\n" +
				"job 1 › Set up job: succeeded after 2 s\njob 1 › Train: running\n",
		);
		expect((await log.pull()).text).toBe("");
		door.told = [
			job("1", { stage: 1, steps: [step("Set up job"), step("Train", { conclusion: "failure", endedMs: 61_000 })] }),
		];
		expect((await log.pull()).text).toBe("job 1 › Train: failed after 60 s\n");
		door.told = [job("1", { conclusion: "failure" })];
		door.logs["1"] = actionsLogOf([
			"##[group]Run python train.py",
			"loss=0.3",
			"##[endgroup]",
			"##[error]Process completed",
		]);
		expect((await log.pull()).text).toBe(
			"──── job 1: failed after 2 s ────\n▸ Run python train.py\nloss=0.3\nError: Process completed\n",
		);
		expect(await log.pull()).toEqual({ text: "", hasMore: false });
		expect(door.asked).toEqual(["1"]);
	});

	test("jobs in the order in which they ended; one that was skipped is not told", async () => {
		const door = new Door();
		door.told = [job("2", { endedMs: 9_000 }), job("3", { conclusion: "skipped" }), job("1", { endedMs: 4_000 })];
		door.logs = { 1: actionsLogOf(["a"]), 2: actionsLogOf(["b"]), 3: actionsLogOf(["never"]) };
		expect((await new ActionsLog(door, run).pull()).text).toBe(
			"──── job 1: succeeded after 3 s ────\na\n──── job 2: succeeded after 8 s ────\nb\n",
		);
	});

	test("a log that GitHub no longer keeps is said so; of a job that has just ended it is asked for again", async () => {
		const door = new Door();
		door.told = [job("1")];
		expect((await new ActionsLog(door, run).pull()).text).toContain("GitHub keeps no log of this job, or no longer.");
		door.told = [job("1", { startedMs: Date.now() - 5_000, endedMs: Date.now() })];
		const log = new ActionsLog(door, run);
		expect((await log.pull()).text).toBe("");
		door.logs["1"] = actionsLogOf(["late"]);
		expect((await log.pull()).text).toContain("\nlate\n");
	});
});

describe("GitHub's own marks", () => {
	test("times are gone, also where a line is empty; what a program printed with a time of its own stays", () => {
		expect(readActionsLog(actionsLogOf(["", "2026-01-01T00:00:00Z epoch 1", "##[warning]old node"]))).toBe(
			"\n2026-01-01T00:00:00Z epoch 1\nWarning: old node\n",
		);
	});

	test("a traceback in it is found with its place", () => {
		const lines = [
			"Traceback (most recent call last):",
			'  File "train.py", line 12, in <module>',
			"    main()",
			"ValueError: no data",
		];
		const found = findTraceback(readActionsLog(actionsLogOf(["##[group]Run", ...lines])).split("\n"));
		expect(found).toMatchObject({
			fromLine: 1,
			error: "ValueError: no data",
			frames: [{ path: "train.py", line: 12 }],
		});
	});
});
