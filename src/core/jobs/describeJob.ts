import { isEnd } from "../../shared/relay/job";
import { formatDuration } from "../durations";
import { toLine } from "../plainText";
import { phaseOfTraining, spotWords, statusOfTraining } from "../sagemaker/training";
import { metricDirection, verdictOf } from "../table/metricDirection";
import { formatMetric } from "../tree/formatMetric";
import { metricsOfRow } from "../tree/shownMetrics";
import { fixesWords } from "./fixedRun";
import { isWaiting, type JobState, type JobsMoment, jobStateOf, ranMs, timeOf } from "./jobState";
import { logOriginOf, workflowOf } from "./logOrigin";
import type { TrackedJob } from "./trackedJob";

/** What a row needs to know beside its job. */
export interface JobScene extends JobsMoment {
	/** Last values: what its stream told, else those of its run. */
	readonly metrics: Readonly<Record<string, number>>;
	/** Those of the completed push before it, on the same branch; null where there is none. */
	readonly previousMetrics: Readonly<Record<string, number>> | null;
	/** The metrics that the person chose to see. */
	readonly shownMetrics: readonly string[];
	readonly isPinned: boolean;
	/** Its run is among those that are read. */
	readonly hasRun: boolean;
	/** Name of the run that its commit fixes, where that is among those that are read. */
	readonly fixedRunName?: string | null;
	/** Shown below a newer attempt of the same push. */
	readonly isEarlier: boolean;
}

export interface JobRow {
	readonly label: string;
	readonly description: string;
	/** A codicon, with `~spin` where it moves. */
	readonly icon: string;
	/** A theme colour's id; null for the text's own colour. */
	readonly iconColour: string | null;
	/** Words that menus match by regular expression. */
	readonly contextValue: string;
	/** What a screen reader says. */
	readonly spoken: string;
}

/** In a side bar of the usual width the answer beside it is still to be read; the tooltip has the whole. */
const labelLength = 22;
/** Below a minute a time would be old before the row is drawn again. */
const leastShownMs = 60_000;

const looks: Readonly<Record<JobState, readonly [icon: string, colour: string | null]>> = {
	pending: ["circle-outline", null],
	running: ["sync~spin", "charts.blue"],
	silent: ["warning", "list.warningForeground"],
	completed: ["pass", "testing.iconPassed"],
	failed: ["error", "list.errorForeground"],
	stopped: ["circle-slash", "disabledForeground"],
};

export function iconOfState(state: JobState): string {
	return looks[state][0];
}

export function describeJob(tracked: TrackedJob, scene: JobScene): JobRow {
	const { job } = tracked;
	const state = jobStateOf(tracked, scene);
	const [icon, iconColour] = looks[state];
	const subject = subjectOf(tracked);
	const commit = job.commitSha.slice(0, 7);
	const attempt = job.attempt > 1 || scene.isEarlier ? [`attempt ${job.attempt}`] : [];
	const fixes = scene.isEarlier ? null : fixesWords(job, scene.fixedRunName ?? null);
	const facts = [
		...factsOf(tracked, state, scene),
		...(fixes === null ? [] : [fixes]),
		...(scene.isPinned ? ["pinned"] : []),
	];
	return {
		label: scene.isEarlier ? `Attempt ${job.attempt}` : toLine(subject || commit, labelLength),
		description: [...facts, ...(scene.isEarlier ? [] : [...attempt, ...(subject === "" ? [] : [commit])])].join(" · "),
		icon,
		iconColour,
		contextValue: contextValueOf(tracked, state, scene),
		spoken: [subject || commit, state, ...facts, ...attempt].join(", "),
	};
}

/** The first line of the commit's message. */
export function subjectOf({ job }: TrackedJob): string {
	return toLine(job.message.split("\n", 1)[0] ?? "", 120);
}

/** `43 %`; a training that says it is through and still runs is not done. */
export function formatProgress(progress: number): string {
	return `${Math.min(99, Math.max(0, Math.floor(progress * 100)))} %`;
}

/** The metric that tells most, with its last value, e.g. `loss 0.21`; null while there is none. */
export function keyMetric(
	metrics: Readonly<Record<string, number>>,
	shown: readonly string[],
): { readonly name: string; readonly value: number; readonly text: string } | null {
	const [name] = metricsOfRow({ metrics }, shown);
	const value = name === undefined ? undefined : metrics[name];
	if (name === undefined || value === undefined) return null;
	return { name, value, text: `${toLine(name, 60)} ${formatMetric(value)}` };
}

/** The first sentence of a reason, without what every reason says. */
export function shortReason(reason: string | null, length = 80): string {
	const [sentence = ""] = toLine(reason ?? "", 400).split(/[.:]?\s*$|\.\s/);
	return toLine(sentence.replace(/^The training ended with /, ""), length);
}

function factsOf(tracked: TrackedJob, state: JobState, scene: JobScene): string[] {
	const { job, lastSignMs } = tracked;
	const progress = job.progress === null ? [] : [formatProgress(job.progress)];
	const metric = keyMetric(scene.metrics, scene.shownMetrics);
	const duration = lengthOf(ranMs(job, scene.nowMs));
	switch (state) {
		case "pending":
			if (!isWaiting(tracked)) return ["no run yet"];
			return [["waiting", ...lengthOf(scene.nowMs - (timeOf(job.createdAt) ?? scene.nowMs))].join(" ")];
		case "silent":
			return [`silent ${formatDuration(scene.nowMs - lastSignMs)}`, ...progress, ...(metric ? [metric.text] : [])];
		case "running": {
			const { training } = tracked;
			const phase = training && phaseOfTraining(training);
			const spot = training && training.interruptions > 0 ? spotWords(training) : null;
			return [
				...(phase ? [phase] : []),
				...(spot ? [spot] : []),
				...progress,
				...(metric ? [metric.text] : []),
				...duration,
			];
		}
		case "completed":
			return [...(metric ? [`${metric.text}${change(metric, scene.previousMetrics)}`] : []), ...duration];
		case "failed":
		case "stopped": {
			const reason = shortReason(job.reason);
			return [reason === "" ? state : reason, ...(reason === "" ? duration : [])];
		}
	}
}

function lengthOf(durationMs: number | null): string[] {
	return durationMs === null || durationMs < leastShownMs ? [] : [formatDuration(durationMs)];
}

/** How it moved since the push before: ` ▲ 0.008 better`. */
function change(
	{ name, value }: { readonly name: string; readonly value: number },
	previous: Readonly<Record<string, number>> | null,
): string {
	const before = previous?.[name];
	if (before === undefined || !Number.isFinite(value - before) || value === before) return "";
	const verdict = verdictOf(value - before, metricDirection(name), null);
	const word = verdict === "better" || verdict === "worse" ? ` ${verdict}` : "";
	return ` ${value > before ? "▲" : "▼"} ${formatMetric(Math.abs(value - before))}${word}`;
}

function contextValueOf(tracked: TrackedJob, state: JobState, scene: JobScene): string {
	const { job, source, url, training } = tracked;
	const words: readonly (string | false)[] = [
		"job",
		job.status,
		state === "silent" && state,
		source,
		scene.isPinned ? "pinned" : "unpinned",
		scene.hasRun && "hasRun",
		url !== null && "hasUrl",
		logOriginOf(tracked) !== null && "hasLog",
		source !== "relay" && workflowOf(tracked) !== null && "workflow",
		training !== undefined && "training",
		training !== undefined && !isEnd(statusOfTraining(training)) && "goesOn",
		scene.isEarlier && "earlier",
	];
	return words.filter((word) => word !== false).join(" ");
}
