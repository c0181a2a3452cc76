import { compareByCodePoint } from "../../core/codePoints";
import { fixedRunOf } from "../../core/jobs/fixedRun";
import { attemptsOf } from "../../core/jobs/jobAttempts";
import type { JobFacts } from "../../core/jobs/jobFacts";
import { jobSentence, jobStateOf, momentOf, timeOf } from "../../core/jobs/jobState";
import { logOriginOf, workflowOf } from "../../core/jobs/logOrigin";
import type { JobsSnapshot, JobsState, TrackedJob } from "../../core/jobs/trackedJob";
import { isBad, stepWords, type WorkflowJob, type WorkflowStep } from "../../core/jobs/workflowJobs";
import type { RunChoices } from "../../core/runs/runChoices";
import type { RunSnapshot } from "../../core/runs/runModel";
import { statusOfTraining } from "../../core/sagemaker/training";
import { trainingFacts } from "../../core/sagemaker/trainingFacts";
import type { SummaryState } from "../../core/summaries/commitSummary";
import type {
	JobPageJob,
	JobPageRun,
	JobPageState,
	JobPageStep,
	JobPageSummary,
	JobPageTraining,
	JobPageWorkflow,
	JobPageWorkflowJob,
	Loaded,
} from "../../shared/panels/jobPanel";
import { isEnd } from "../../shared/relay/job";
import type { Run } from "../../shared/run";
import { type TrueStatusScene, trueStatusOf } from "./jobTrueStatus";

const mostRuns = 200;
const mostMetrics = 1_000;
const mostCheckpoints = 500;
/** Of a matrix, and of a job: what GitHub allows is more than a page shows. */
const mostWorkflowJobs = 50;
const mostSteps = 200;
const mostPhases = 100;
const longestText = 20_000;

/** What the page knows beside the job itself. */
export interface JobSurroundings {
	readonly jobs: JobsSnapshot;
	readonly runs: RunSnapshot;
	readonly runsOf: (tracked: TrackedJob) => readonly Run[];
	readonly choices: RunChoices;
	readonly facts: Pick<JobFacts, "failure" | "checkpoints" | "history" | "comments" | "steps">;
	readonly hasGit: boolean;
	readonly summaryOf: (sha: string) => SummaryState | null;
	/** When the log of its training last grew; null where nobody said. */
	readonly lastLogMs: (tracked: TrackedJob) => number | null;
	readonly nowMs: number;
}

/** The page's whole state. */
export function toJobPageState(id: string, around: JobSurroundings): JobPageState {
	const tracked = around.jobs.jobs.get(id);
	return {
		id,
		hostNowMs: around.nowMs,
		job: tracked ? toPageJob(tracked, around) : null,
		isReading: isReading(around.jobs.state),
	};
}

function toPageJob(tracked: TrackedJob, around: JobSurroundings): JobPageJob {
	const { job, source } = tracked;
	const { facts, choices } = around;
	const moment = momentOf(around.jobs.state, around.nowMs);
	const isManaged = source === "relay";
	const runs = around.runsOf(tracked);
	const [own] = runs;
	const [subject = "", ...rest] = job.message.split("\n");
	const baseline = choices.snapshot.baseline === null ? undefined : around.runs.runs.get(choices.snapshot.baseline);
	return {
		subject: subject.slice(0, longestText),
		body: rest.join("\n").trim().slice(0, longestText),
		fixes: fixesOf(tracked, around),
		author: job.author,
		branch: job.branch,
		commit: job.commitSha,
		state: jobStateOf(tracked, moment),
		sentence: jobSentence(tracked, moment),
		reason: job.reason?.slice(0, longestText) ?? null,
		progress: job.status === "running" ? job.progress : null,
		step: tracked.step,
		trainedBy: trainedBy(tracked),
		createdMs: timeOf(job.createdAt),
		startedMs: timeOf(job.startedAt),
		completedMs: timeOf(job.completedAt),
		attempt: job.attempt,
		attempts: attemptsOf(job, around.jobs.jobs.values()).map(({ job: { id, attempt, status } }) => ({
			id,
			attempt,
			status,
		})),
		log: logOriginOf(tracked) ? { sizeBytes: tracked.logSizeBytes } : null,
		training: pageTraining(tracked, around.nowMs),
		trueStatus: trueStatusOf(tracked, sceneOf(tracked, around)),
		workflow: pageWorkflow(tracked, around),
		isManaged,
		hasUrl: tracked.url !== null,
		hasGit: around.hasGit,
		metrics: Object.entries({ ...own?.metrics, ...tracked.metrics })
			.sort(([a], [b]) => compareByCodePoint(a, b))
			.slice(0, mostMetrics),
		runs: runs.slice(0, mostRuns).map((run) => toPageRun(run, around)),
		baseline: baseline && baseline.key !== own?.key ? baseline.name : null,
		failure: job.status === "failed" && logOriginOf(tracked) ? facts.failure : null,
		checkpoints: own
			? map(facts.checkpoints, (all) =>
					all
						.slice(0, mostCheckpoints)
						.map(({ path, ...rest }) => ({ name: path.replace(/^checkpoints\//, ""), ...rest })),
				)
			: null,
		summary: pageSummary(around.summaryOf(job.commitSha), around.hasGit),
		history: isManaged
			? map(facts.history, (all) => all.map(({ status, reason, at }) => ({ status, reason, atMs: timeOf(at) })))
			: null,
		comments: isManaged
			? map(facts.comments, (all) =>
					[...all].reverse().map(({ id, author, text, createdAt }) => ({ id, author, text, atMs: timeOf(createdAt) })),
				)
			: null,
	};
}

function pageSummary(state: SummaryState | null, hasGit: boolean): JobPageSummary | null {
	const kind = state?.kind ?? "reading";
	if (!hasGit && kind !== "ready") return null;
	const none = { text: "", isStale: false, model: null, atMs: null, needsKey: false, canWrite: hasGit };
	switch (state?.kind) {
		case "writing":
			return { ...none, kind, text: state.text.slice(0, longestText) };
		case "ready": {
			const { text, model, atMs } = state.summary;
			return { ...none, kind, text: text.slice(0, longestText), isStale: state.isStale, model, atMs };
		}
		case "failed":
			return { ...none, kind, text: state.message, needsKey: state.needsKey };
		default:
			return { ...none, kind };
	}
}

function fixesOf({ job }: TrackedJob, { runs }: JobSurroundings): JobPageJob["fixes"] {
	const id = fixedRunOf(job);
	if (id === null) return null;
	for (const run of runs.runs.values()) if (run.id === id) return { name: run.name, key: run.key };
	return { name: id, key: null };
}

/** What the witnesses of a job are compared by. */
export function sceneOf(tracked: TrackedJob, around: JobSurroundings): TrueStatusScene {
	const [run] = around.runsOf(tracked);
	const { checkpoints } = around.facts;
	return {
		run,
		canWriteRun: around.runs.stores.find(({ id }) => id === run?.storeId)?.kind === "mlflow-server",
		lastLogMs: around.lastLogMs(tracked),
		lastCheckpointMs: checkpoints.kind === "ready" ? (checkpoints.value[0]?.timestampMs ?? null) : null,
		nowMs: around.nowMs,
	};
}

function pageTraining({ training }: TrackedJob, nowMs: number): JobPageTraining | null {
	if (!training) return null;
	const cut = (text: string) => text.slice(0, longestText);
	return {
		name: training.name,
		arn: training.arn,
		isGuess: training.isGuess,
		goesOn: !isEnd(statusOfTraining(training)) && training.status !== "Stopping",
		facts: trainingFacts(training, nowMs).map(([name, value]) => [cut(name), cut(value)]),
		params: Object.entries(training.params)
			.sort(([a], [b]) => compareByCodePoint(a, b))
			.slice(0, mostMetrics)
			.map(([name, value]) => [cut(name), cut(value)]),
		phases: training.transitions.slice(-mostPhases).map((phase) => ({ ...phase, message: cut(phase.message) })),
	};
}

function pageWorkflow(tracked: TrackedJob, { facts: { steps } }: JobSurroundings): JobPageWorkflow | null {
	if (!workflowOf(tracked)) return null;
	const told = steps.kind === "ready" ? steps.value : null;
	const goesOn = told ? told.some(({ stage }) => stage < 2) : !isEnd(tracked.job.status);
	const canChange = tracked.source !== "relay";
	return {
		canCancel: canChange && goesOn,
		canRerun: canChange && !goesOn,
		canRerunFailed: canChange && !goesOn && (told?.some(isBad) ?? tracked.job.status === "failed"),
		jobs: map(steps, (all) => all?.slice(0, mostWorkflowJobs).map(toPageWorkflowJob) ?? null),
	};
}

function toPageWorkflowJob({ url, runner, steps, ...job }: WorkflowJob): JobPageWorkflowJob {
	return { ...toPageStep(job), url, runner, steps: steps.slice(0, mostSteps).map(toPageStep) };
}

function toPageStep(step: WorkflowStep): JobPageStep {
	return { name: step.name, state: stateOfStep(step), words: stepWords(step) };
}

function stateOfStep(step: WorkflowStep): JobPageStep["state"] {
	if (step.stage < 2) return step.stage === 1 ? "running" : "pending";
	if (isBad(step)) return "failed";
	return step.conclusion === "cancelled" || step.conclusion === "skipped" ? "stopped" : "completed";
}

function toPageRun(run: Run, { choices, runs }: JobSurroundings): JobPageRun {
	return {
		key: run.key,
		name: run.name,
		status: run.status,
		colour: choices.colourOf(run.key),
		storeLabel: runs.stores.find(({ id }) => id === run.storeId)?.label ?? "",
	};
}

function trainedBy({ job, source, training }: TrackedJob): string {
	if (training) return training.name;
	if (source === "git") return "not known: told by git";
	if (source === "actions" && job.sagemakerJobName === null) return "GitHub Actions";
	return job.target === "sagemaker" ? (job.sagemakerJobName ?? "SageMaker") : "a runner";
}

/** Could it still come? Not once everything that there is was read. */
function isReading(state: JobsState): boolean {
	return state.kind === "connecting" || state.kind === "catchingUp";
}

function map<T, R>(loaded: Loaded<T>, change: (value: T) => R): Loaded<R> {
	return loaded.kind === "ready" ? { kind: "ready", value: change(loaded.value) } : loaded;
}

/** Ages are told to the second only while something goes on. */
export function ageEveryMs(tracked: TrackedJob): number {
	return !isEnd(tracked.job.status) ? 5_000 : 30_000;
}
