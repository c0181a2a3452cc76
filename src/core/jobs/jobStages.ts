import { formatDuration } from "../durations";
import { toLine } from "../plainText";
import { statusOfTraining, type Training } from "../sagemaker/training";
import { workflowOf } from "./logOrigin";
import type { TrackedJob } from "./trackedJob";
import { isBad, stepWords, type WorkflowJob, type WorkflowStep } from "./workflowJobs";

/** One thing that a job went through or goes through: a phase of its training, a job or a step of its workflow. */
export interface JobStage {
	/** Unique among those beside it. */
	readonly key: string;
	readonly name: string;
	/** How it went and how long it took. */
	readonly words: string;
	readonly look: "waiting" | "running" | "done" | "bad" | "left";
	/** More of what its witness said; empty where that is all. */
	readonly detail: string;
	readonly below: readonly JobStage[];
}

const mostName = 120;
const mostDetail = 600;

/** Whether anybody can tell what it went through. */
export function hasStages(tracked: TrackedJob): boolean {
	return (tracked.training?.transitions.length ?? 0) > 0 || workflowOf(tracked) !== null;
}

/** Phases as SageMaker told them, each with how long it took; what is not over yet is the last one. */
export function stagesOfTraining(training: Training, nowMs: number): readonly JobStage[] {
	const last = training.transitions.length - 1;
	const isOver = !["running", "pending"].includes(statusOfTraining(training));
	return training.transitions.map(({ name, startMs, endMs, message }, at) => {
		const goesOn = at === last && !isOver;
		const length = (endMs ?? (goesOn ? nowMs : startMs)) - startMs;
		const look = goesOn ? "running" : lookOfPhase(name);
		return {
			key: `phase ${at}`,
			name: toLine(inWords(name), mostName),
			words: length < 1_000 ? "" : formatDuration(length),
			look,
			detail: toLine(message, mostDetail),
			below: [],
		};
	});
}

function lookOfPhase(name: string): JobStage["look"] {
	if (name === "Failed" || name === "Interrupted") return "bad";
	return /^(Stopped|Stopping|MaxRuntimeExceeded|MaxWaitTimeExceeded)$/.test(name) ? "left" : "done";
}

/** `Downloading training image` of `DownloadingTrainingImage`; names with two capitals in a row stay (`LaunchingMLInstances`). */
function inWords(name: string): string {
	return name.replaceAll(/(?<=[a-z])[A-Z](?=[a-z])/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The jobs of a workflow run with their steps. */
export function stagesOfWorkflow(jobs: readonly WorkflowJob[]): readonly JobStage[] {
	return jobs.map((job) => ({
		...stageOfStep(job, `job ${job.id}`),
		detail: job.runner === null ? "" : toLine(job.runner, mostName),
		below: job.steps.map((step, at) => stageOfStep(step, `step ${at}`)),
	}));
}

function stageOfStep(step: WorkflowStep, key: string): JobStage {
	const isLeft = step.conclusion === "skipped" || step.conclusion === "cancelled";
	const ended = isBad(step) ? "bad" : isLeft ? "left" : "done";
	const look = step.stage === 2 ? ended : step.stage === 1 ? "running" : "waiting";
	return { key, name: toLine(step.name, mostName), words: stepWords(step), look, detail: "", below: [] };
}
