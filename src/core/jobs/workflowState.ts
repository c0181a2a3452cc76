import type { JobStatus } from "../../shared/relay/job";

/** How far something of GitHub Actions is: waiting, under way, over. */
export type Stage = 0 | 1 | 2;

export interface StoryOfRun {
	readonly stage: Stage;
	readonly conclusion: string | null;
	/** Both ISO 8601. `endedAt` counts only when it is over. */
	readonly startedAt: string | null;
	readonly endedAt: string | null;
}

export interface StoryOfJob extends StoryOfRun {
	readonly name: string;
	/** The first step that did not succeed; null where none is known. */
	readonly failedStep: string | null;
}

/** What one delivery tells of one attempt of a run: of the run itself, or of one of its jobs. */
export interface WorkflowFact {
	readonly workflow: string | null;
	readonly run: StoryOfRun | null;
	readonly jobs: Readonly<Record<string, StoryOfJob>>;
}

/** All that is known of one attempt of a run: facts joined in any order, any number of times, give the same state. */
export type WorkflowState = WorkflowFact;

export const nothingKnown: WorkflowState = { workflow: null, run: null, jobs: {} };

export function joinFact(state: WorkflowState, fact: WorkflowFact): WorkflowState {
	const jobs = new Map(Object.entries(state.jobs));
	for (const [id, story] of Object.entries(fact.jobs)) jobs.set(id, later(jobs.get(id) ?? story, story));
	return {
		workflow: [state.workflow, fact.workflow].filter((name) => name !== null).sort()[0] ?? null,
		run: later(state.run, fact.run),
		// In one order, so that equal states are equal texts.
		jobs: Object.fromEntries([...jobs].sort(([a], [b]) => (a < b ? -1 : 1))),
	};
}

/** Whichever is further; of two at the same stage the one told later, then whichever is greater as text, so that order never matters. */
function later<Story extends StoryOfRun | null>(one: Story, other: Story): Story {
	if (one === null || other === null) return one ?? other;
	if (one.stage !== other.stage) return one.stage > other.stage ? one : other;
	const rank = (story: StoryOfRun) =>
		`${story.endedAt ?? ""} ${story.startedAt ?? ""} ${JSON.stringify(Object.entries(story).sort())}`;
	return rank(one) >= rank(other) ? one : other;
}

/** What a training job is, as far as its run tells. */
export interface Told {
	readonly status: JobStatus;
	readonly reason: string | null;
	readonly startedAt: string | null;
	readonly endedAt: string | null;
}

/**
 * The run itself says when it is over: a job of it that has ended may be followed by others. Only where nothing is ever
 * told of the run are its jobs taken for the whole, once all that are known have ended.
 */
export function tellJob({ workflow, run, jobs }: WorkflowState): Told {
	const stories = Object.values(jobs);
	const starts = stories.filter(({ stage }) => stage > 0).flatMap(({ startedAt }) => startedAt ?? []);
	const hasBegun = (run?.stage ?? 0) > 0 || stories.some(({ stage }) => stage > 0);
	const startedAt = hasBegun ? (run?.startedAt ?? starts.sort()[0] ?? null) : null;
	const end = run ? (run.stage === 2 ? run : null) : endOfJobs(stories);
	if (!end) return { status: hasBegun ? "running" : "pending", reason: null, startedAt, endedAt: null };
	const status = statusOf(end.conclusion);
	const reason = status === "completed" ? null : reasonOf(workflow, end.conclusion, stories);
	return { status, reason, startedAt, endedAt: end.endedAt };
}

function endOfJobs(stories: readonly StoryOfJob[]): StoryOfRun | null {
	if (stories.length === 0 || stories.some(({ stage }) => stage < 2)) return null;
	const worst =
		culprit(stories) ?? stories.find(({ conclusion }) => statusOf(conclusion) === "completed") ?? stories[0];
	const ends = stories.flatMap(({ endedAt }) => endedAt ?? []).sort();
	return worst ? { ...worst, endedAt: ends.at(-1) ?? null } : null;
}

/** GitHub's conclusions; one that is not known yet is no success. */
function statusOf(conclusion: string | null): "completed" | "failed" | "stopped" {
	if (conclusion === "success" || conclusion === "neutral") return "completed";
	return conclusion === "cancelled" || conclusion === "skipped" || conclusion === "stale" ? "stopped" : "failed";
}

/** The job that failed first, else the one that was cancelled first. */
function culprit(stories: readonly StoryOfJob[]): StoryOfJob | undefined {
	const ended = stories.filter(({ stage }) => stage === 2);
	const first = (those: readonly StoryOfJob[]) =>
		[...those].sort((a, b) => (`${a.endedAt ?? "~"} ${a.name}` < `${b.endedAt ?? "~"} ${b.name}` ? -1 : 1))[0];
	return (
		first(ended.filter(({ conclusion }) => statusOf(conclusion) === "failed")) ??
		first(ended.filter(({ conclusion }) => conclusion === "cancelled"))
	);
}

const verbs: Readonly<Record<string, string>> = {
	failure: "failed",
	timed_out: "ran out of time",
	startup_failure: "could not start",
	action_required: "waits for somebody's approval",
	cancelled: "was cancelled",
	skipped: "was skipped",
	stale: "was given up by GitHub",
};

function reasonOf(workflow: string | null, conclusion: string | null, stories: readonly StoryOfJob[]): string {
	const what = workflow ? `The workflow “${workflow}”` : "The workflow";
	const verb = verbs[conclusion ?? ""] ?? `ended as ${conclusion ?? "nothing that GitHub names"}`;
	const job = culprit(stories);
	if (!job) return `${what} ${verb}.`;
	return `${what} ${verb}: job “${job.name}”${job.failedStep ? `, step “${job.failedStep}”` : ""}.`;
}

/** Of several workflows of one push, the one whose name says that it trains. */
export function looksLikeTraining(workflow: string | null): boolean {
	return /train|gamma|sagemaker/i.test(workflow ?? "");
}
