import type { TrackedJob } from "../../core/jobs/trackedJob";
import { toLine } from "../../core/plainText";

/** `models/lr-sweep a1b2c3d`, with the attempt where it is not the first. */
export function nameOfJob({ job }: TrackedJob): string {
	const attempt = job.attempt > 1 ? `, attempt ${job.attempt}` : "";
	return toLine(`${job.branch} ${job.commitSha.slice(0, 7)}${attempt}`, 120);
}
