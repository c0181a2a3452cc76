import { toMarkdownText } from "../plainText";
import { phaseOfTraining, spotWords } from "../sagemaker/training";
import type { SummaryState } from "../summaries/commitSummary";
import { formatMetric } from "../tree/formatMetric";
import { guessShownMetrics } from "../tree/shownMetrics";
import { formatProgress } from "./describeJob";
import { fixesWords } from "./fixedRun";
import { type JobsMoment, jobSentence } from "./jobState";
import type { TrackedJob } from "./trackedJob";

const listed = 6;

export interface JobTooltipScene extends JobsMoment {
	readonly metrics: Readonly<Record<string, number>>;
	readonly fixedRunName?: string | null;
	/** What its commit changes, where somebody had it written. */
	readonly summary?: SummaryState | null;
}

/** A job's tooltip as Markdown in which every foreign text is literal. */
export function jobTooltip(tracked: TrackedJob, scene: JobTooltipScene): string {
	const { job, repository } = tracked;
	const [subject = "", ...rest] = job.message.split("\n");
	const state = [
		jobSentence(tracked, scene),
		job.status === "running" && job.progress !== null ? formatProgress(job.progress) : "",
	];
	const lines = [`**${toMarkdownText(subject || job.commitSha.slice(0, 7), 300)}**`, state.filter(Boolean).join(" · ")];
	if (job.reason !== null) lines.push(toMarkdownText(job.reason, 400));
	const training = trainingLine(tracked);
	if (training !== "") lines.push(toMarkdownText(training, 200));
	const fixes = fixesWords(job, scene.fixedRunName ?? null);
	if (fixes !== null) lines.push(toMarkdownText(fixes.charAt(0).toUpperCase() + fixes.slice(1), 80));
	const body = rest.join("\n").trim();
	if (body !== "") lines.push(toMarkdownText(body, 300));
	if (scene.summary?.kind === "ready") {
		lines.push(`${scene.summary.isStale ? "_Stale summary:_ " : ""}${toMarkdownText(scene.summary.summary.text, 600)}`);
	}
	const names = guessShownMetrics([scene], listed);
	if (names.length > 0) {
		// Two trailing spaces break the line inside one paragraph.
		lines.push(
			names
				.map(
					(name) => `${toMarkdownText(name, 60)}: ${toMarkdownText(formatMetric(scene.metrics[name] ?? Number.NaN))}`,
				)
				.join("  \n"),
		);
	}
	const place = [
		job.branch,
		job.commitSha.slice(0, 7),
		job.author,
		job.attempt > 1 ? `attempt ${job.attempt}` : "",
		repository ?? "",
	];
	lines.push(
		place
			.filter((part) => part !== "")
			.map((part) => toMarkdownText(part, 80))
			.join(" · "),
	);
	return lines.join("\n\n");
}

/** `SageMaker: ml.g5.xlarge, spot, interrupted once, guessed from its name`; empty where SageMaker does not train it. */
function trainingLine({ training }: TrackedJob): string {
	if (!training) return "";
	const machines = training.instanceCount > 1 ? `${training.instanceCount} × ` : "";
	const facts = [
		training.instanceType === null ? null : `${machines}${training.instanceType}`,
		spotWords(training),
		training.isGuess ? "guessed to be this job's" : null,
	];
	return `SageMaker: ${[phaseOfTraining(training), ...facts].filter((fact) => fact !== null).join(", ")}`;
}
