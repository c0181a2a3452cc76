import { formatDuration } from "../durations";
import { toIconFreeText, toMarkdownText } from "../plainText";
import { formatProgress, keyMetric, shortReason } from "./describeJob";
import { isWaiting, jobSentence, momentOf } from "./jobState";
import { buildJobTree, pushKeyOf } from "./jobTree";
import type { JobsSnapshot, JobsState, TrackedJob } from "./trackedJob";

/** Shorter gaps are a relay's restart or a machine that wakes up: not worth a word. */
const lateAfterMs = 10_000;
const listed = 10;

export interface JobActivityScene {
	readonly nowMs: number;
	readonly metricsOf: (tracked: TrackedJob) => Readonly<Record<string, number>>;
	readonly shownMetrics: readonly string[];
	/** Pushes that the person follows, by their keys. */
	readonly pinned: ReadonlySet<string>;
	/** Ids of jobs that failed and were not opened since. */
	readonly unseenFailures: ReadonlySet<string>;
}

export interface JobActivity {
	/** For the status bar; icons allowed, foreign text without any. */
	readonly text: string;
	/** Markdown. */
	readonly tooltip: string;
	readonly spoken: string;
	readonly tone: "plain" | "error" | "warning";
	/** What a click is about, the most pressing first. */
	readonly jobs: readonly TrackedJob[];
}

/** What there is to say of jobs in a few words: null when it is nothing. */
export function describeJobActivity({ jobs, state }: JobsSnapshot, scene: JobActivityScene): JobActivity | null {
	const failed = unseenFailures(jobs, scene.unseenFailures);
	const going = goingJobs(jobs.values(), scene.pinned);
	const late = describeLateness(state, scene.nowMs);
	if (failed.length === 0 && going.length === 0 && !late) return null;
	const shown = [...failed.sort(byNewest), ...going];
	const parts = [
		failed.length > 0 ? failureText(failed) : null,
		late ? late.text : null,
		going.length > 0 ? goingText(going, scene, failed.length > 0 || late !== null) : null,
	].filter((part) => part !== null);
	const moment = momentOf(state, scene.nowMs);
	const lines = shown.slice(0, listed).map((each) => {
		return `${toMarkdownText(each.job.branch)}: ${toMarkdownText(jobSentence(each, moment))}`;
	});
	return {
		text: parts.join("  "),
		tooltip: [...(late ? [toMarkdownText(late.sentence, 400)] : []), ...lines].join("  \n"),
		spoken: parts.map((part) => part.replaceAll(/\$\([^)]*\)\s*/g, "")).join(", "),
		tone: failed.length > 0 ? "error" : late ? "warning" : "plain",
		jobs: shown,
	};
}

/** Who tries a push again has seen that it failed. */
function unseenFailures(jobs: JobsSnapshot["jobs"], unseen: ReadonlySet<string>): TrackedJob[] {
	if (unseen.size === 0) return [];
	const { pushOf } = buildJobTree(jobs.values());
	return [...unseen].flatMap((id) => {
		const newest = pushOf.get(id)?.newest;
		return newest?.job.id === id && newest.job.status === "failed" ? [newest] : [];
	});
}

/** What runs or waits: the person's own and what they follow; only where there is none of these, everybody's. */
function goingJobs(jobs: Iterable<TrackedJob>, pinned: ReadonlySet<string>): readonly TrackedJob[] {
	const going = [...jobs].filter((each) => each.job.status === "running" || isWaiting(each)).sort(byNewest);
	const watched = going.filter((each) => each.isOwn || pinned.has(pushKeyOf(each)));
	const shown = watched.length > 0 ? watched : going;
	const running = shown.filter(({ job }) => job.status === "running");
	return running.length > 0 ? running : shown;
}

function failureText(failed: readonly TrackedJob[]): string {
	const [only] = failed;
	if (failed.length > 1 || !only) return `$(error) ${failed.length} jobs failed`;
	const reason = shortReason(only.job.reason, 40);
	return `$(error) ${toIconFreeText(`${only.job.branch} failed${reason === "" ? "" : `: ${reason}`}`, 80)}`;
}

function goingText(going: readonly TrackedJob[], scene: JobActivityScene, isBeside: boolean): string {
	const [only] = going;
	const isRunning = going.some(({ job }) => job.status === "running");
	const icon = isRunning ? "$(sync~spin)" : "$(circle-outline)";
	const known = going.flatMap(({ job }) => (job.progress === null ? [] : [job.progress]));
	// The mean says nothing where most do not tell.
	const mean = known.length * 2 > going.length ? known.reduce((sum, each) => sum + each, 0) / known.length : null;
	if (going.length > 1 || !only) {
		const words = [`${going.length} jobs`, ...(isRunning ? [] : ["wait"])].join(" ");
		return `${icon} ${words}${mean === null ? "" : ` · ${formatProgress(mean)}`}`;
	}
	if (!isRunning) return `${icon} ${toIconFreeText(`${only.job.branch} waits`, 60)}`;
	const metric = isBeside ? null : keyMetric(scene.metricsOf(only), scene.shownMetrics);
	const progress = only.job.progress === null ? "" : ` ${formatProgress(only.job.progress)}`;
	return `${icon} ${toIconFreeText(`${only.job.branch}${progress}${metric ? ` · ${metric.text}` : ""}`, 80)}`;
}

function describeLateness(
	state: JobsState,
	nowMs: number,
): { readonly text: string; readonly sentence: string } | null {
	if (state.kind !== "offline" && state.kind !== "catchingUp") return null;
	const ageMs = nowMs - state.sinceMs;
	if (ageMs < lateAfterMs) return null;
	const age = formatDuration(ageMs);
	if (state.kind === "catchingUp") {
		return { text: "$(debug-disconnect) catching up", sentence: `Reading what happened in the last ${age}.` };
	}
	return {
		text: `$(debug-disconnect) ${age}`,
		sentence: `No news of jobs for ${age}. ${state.reason ?? ""}`.trim(),
	};
}

function byNewest(a: TrackedJob, b: TrackedJob): number {
	return a.job.createdAt < b.job.createdAt ? 1 : a.job.createdAt > b.job.createdAt ? -1 : 0;
}
