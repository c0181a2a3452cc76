import { jobSentence, jobStateOf, momentOf } from "../jobs/jobState";
import type { JobsSnapshot } from "../jobs/trackedJob";
import type { Insight } from "./insight";

/** Jobs whose runner has not been heard of for too long, by the relay's word. */
export function deadRunners({ state, jobs }: JobsSnapshot, nowMs: number): readonly Insight[] {
	const moment = momentOf(state, nowMs);
	return [...jobs.values()].flatMap((tracked): Insight[] => {
		if (jobStateOf(tracked, moment) !== "silent") return [];
		const sentence = `Its runner is not heard of any more: ${jobSentence(tracked, moment).toLowerCase()}.`;
		return [
			{ kind: "silentRunner", severity: "bad", run: null, jobId: tracked.job.id, metric: null, step: null, sentence },
		];
	});
}
