import { expect, test } from "vitest";
import { hasStages, stagesOfTraining, stagesOfWorkflow } from "../../../../src/core/jobs/jobStages";
import type { WorkflowJob } from "../../../../src/core/jobs/workflowJobs";
import { aTrackedJob } from "../../../support/aJob";
import { aTraining } from "../../../support/aTraining";

const minute = 60_000;
const phase = (name: string, fromMin: number, toMin: number | null, message = "") => ({
	...{ name, message, startMs: fromMin * minute },
	endMs: toMin === null ? null : toMin * minute,
});

test("a training's phases are told in words, with how long each took; the last goes on", () => {
	const transitions = [
		phase("Starting", 0, 2, "Preparing the instances for training"),
		phase("DownloadingTrainingImage", 2, 5),
		phase("LaunchingMLInstances", 5, 5),
		phase("Interrupted", 5, 9),
		phase("Training", 9, null),
	];
	const told = stagesOfTraining(aTraining({ transitions }), 20 * minute);
	expect(told.map(({ name, words, look }) => `${name} · ${words} · ${look}`)).toEqual([
		"Starting · 2 min · done",
		"Downloading training image · 3 min · done",
		"LaunchingMLInstances ·  · done",
		"Interrupted · 4 min · bad",
		"Training · 11 min · running",
	]);
	expect(told[0]?.detail).toBe("Preparing the instances for training");
	expect(new Set(told.map(({ key }) => key)).size).toBe(told.length);
});

test.each([
	["Failed", "bad"],
	["Completed", "done"],
	["Stopped", "left"],
	["MaxRuntimeExceeded", "left"],
])("a training that ended as %s does not go on", (name, look) => {
	const status = name === "MaxRuntimeExceeded" ? "Stopped" : name;
	const training = aTraining({ status, phase: name, transitions: [phase("Training", 0, 1), phase(name, 1, null)] });
	expect(stagesOfTraining(training, 99 * minute).at(-1)).toMatchObject({ look, words: "" });
});

test("a workflow's jobs have their steps below them", () => {
	const times = { startedMs: 0, endedMs: 12_000 };
	const job: WorkflowJob = {
		...{ id: "70", name: "train\u0007", url: null, runner: "gpu-1", stage: 2, conclusion: "failure", ...times },
		steps: [
			{ name: "Set up", stage: 2, conclusion: "success", ...times },
			{ name: "Notify", stage: 2, conclusion: "skipped", ...times },
			{ name: "Train", stage: 1, conclusion: null, startedMs: 0, endedMs: null },
			{ name: "Tell", stage: 0, conclusion: null, startedMs: null, endedMs: null },
		],
	};
	const [told] = stagesOfWorkflow([job]);
	expect(told).toMatchObject({ look: "bad", words: "failed after 12 s", detail: "gpu-1" });
	expect(told?.name).not.toContain("\u0007");
	expect(told?.below.map(({ name, words, look }) => [name, words, look])).toEqual([
		["Set up", "succeeded after 12 s", "done"],
		["Notify", "was skipped", "left"],
		["Train", "running", "running"],
		["Tell", "waiting", "waiting"],
	]);
});

test("only a job that somebody can tell more of is opened", () => {
	expect(hasStages(aTrackedJob({}, {}))).toBe(false);
	const run = { repository: "acme/digits", url: "https://github.com/acme/digits/actions/runs/7" };
	expect(hasStages(aTrackedJob({ workflowRunId: "7" }, run))).toBe(true);
	const training = { ...aTraining({ transitions: [phase("Starting", 0, null)] }), isGuess: false };
	expect(hasStages(aTrackedJob({}, { training }))).toBe(true);
	expect(hasStages(aTrackedJob({}, { training: { ...training, transitions: [] } }))).toBe(false);
});
