import type { TrackedJob } from "../../core/jobs/trackedJob";
import { toLine } from "../../core/plainText";

export function jobTitleOf(tracked: TrackedJob | undefined): string {
	if (!tracked) return "Job";
	const { commitSha, message } = tracked.job;
	return toLine(`${commitSha.slice(0, 7)} ${message.split("\n", 1)[0] ?? ""}`, 60);
}
