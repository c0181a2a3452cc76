import { expect, test } from "vitest";
import type { TrackedJob } from "../../../../src/core/jobs/trackedJob";
import { joinTrainings } from "../../../../src/core/sagemaker/joinTrainings";
import type { Training } from "../../../../src/core/sagemaker/training";
import { placesOfTrainings } from "../../../../src/core/sagemaker/trainingPlaces";
import { aTraining } from "../../../support/aTraining";

const jobs = (...trainings: Partial<Training>[]): Iterable<TrackedJob> =>
	joinTrainings(new Map(), trainings.map(aTraining)).values();

test("a training's checkpoints are where it says, its output below its own name", () => {
	const places = placesOfTrainings(
		jobs({
			name: "first",
			checkpointUri: "s3://lab/trainings/first/checkpoints",
			outputUri: "s3://lab/trainings/first/output/",
		}),
	);
	expect(places).toEqual([
		{ jobId: "sagemaker:first", holds: "checkpoints", address: "s3://lab/trainings/first/checkpoints/" },
		{ jobId: "sagemaker:first", holds: "output", address: "s3://lab/trainings/first/output/first/" },
	]);
});

test("a folder that trainings share is the newest one's", () => {
	const shared = { checkpointUri: "s3://lab/shared", outputUri: "s3://lab" };
	const places = placesOfTrainings(
		jobs({ name: "old", createdMs: 1_000, ...shared }, { name: "new", createdMs: 2_000, ...shared }),
	);
	expect(places.map(({ jobId, address }) => [jobId, address])).toEqual([
		["sagemaker:new", "s3://lab/shared/"],
		["sagemaker:new", "s3://lab/new/"],
		["sagemaker:old", "s3://lab/old/"],
	]);
});

test("what is not in S3, and a job that SageMaker does not train, have none", () => {
	expect(placesOfTrainings(jobs({ checkpointUri: "file:///checkpoints" }))).toEqual([]);
	const [job] = jobs({});
	expect(placesOfTrainings(job ? [{ ...job, training: undefined } as unknown as TrackedJob] : [])).toEqual([]);
});
