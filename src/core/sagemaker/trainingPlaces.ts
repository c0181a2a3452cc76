import { parseS3Uri } from "../artifacts/s3Uri";
import type { TrackedJob } from "../jobs/trackedJob";
import type { Training } from "./training";

/** Where a training leaves files in S3. */
export interface TrainingPlace {
	/** `s3://bucket/prefix/` */
	readonly address: string;
	readonly holds: "checkpoints" | "output";
	readonly jobId: string;
}

/**
 * The places in S3 of each job's training. One that several trainings share (a folder for the checkpoints of all) is the newest
 * job's. SageMaker puts a training's output below the training's name in the path that it was given.
 */
export function placesOfTrainings(jobs: Iterable<TrackedJob>): readonly TrainingPlace[] {
	const newestFirst = [...jobs].sort((a, b) => (a.job.createdAt < b.job.createdAt ? 1 : -1));
	const places = new Map<string, TrainingPlace>();
	for (const { job, training } of newestFirst) {
		if (!training) continue;
		for (const { address, holds } of placesOf(training))
			if (!places.has(address)) places.set(address, { address, holds, jobId: job.id });
	}
	return [...places.values()];
}

function placesOf({ checkpointUri, outputUri, name }: Training) {
	const at = (uri: string | null, holds: TrainingPlace["holds"], below = "") => {
		const place = parseS3Uri(uri ?? "");
		return place ? [{ holds, address: `s3://${place.bucket}/${place.prefix}${below}` }] : [];
	};
	return [...at(checkpointUri, "checkpoints"), ...at(outputUri, "output", `${name}/`)];
}
