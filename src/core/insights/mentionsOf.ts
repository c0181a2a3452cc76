import type { Mention } from "../../shared/agent/conversation";
import type { Run } from "../../shared/run";

/** Steps before and after, that the agent is shown. */
const around = 200;

/** What was noticed, as far as it says what to look at. */
export interface NoticedPlace {
	readonly metric: string | null;
	readonly step: number | null;
	/** A line of the log said so. */
	readonly isOfLog: boolean;
}

/** What goes along with a question about it: the run, the window around the step, and the job or the end of its log. */
export function mentionsOf(
	{ metric, step, isOfLog }: NoticedPlace,
	run: Pick<Run, "key" | "name"> | undefined,
	jobId: string | null,
): readonly Mention[] {
	const mentions: Mention[] = run ? [{ kind: "run", key: run.key, name: run.name }] : [];
	if (run && metric !== null && step !== null) {
		mentions.push({ kind: "metric", metric, runKey: run.key, fromStep: step - around, toStep: step + around });
	}
	if (jobId !== null) mentions.push({ kind: isOfLog ? "jobError" : "job", id: jobId });
	return mentions;
}
