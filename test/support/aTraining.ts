import type { Training } from "../../src/core/sagemaker/training";

/** A training on demand that trains since a minute, changed where the test says. */
export function aTraining(change: Partial<Training> = {}): Training {
	const name = change.name ?? "spirals-models-lr-sweep-a1b2c3d-42-1";
	return {
		name,
		arn: `arn:aws:sagemaker:us-east-1:123456789012:training-job/${name}`,
		status: "InProgress",
		phase: "Training",
		transitions: [],
		reason: null,
		metrics: {},
		params: {},
		environment: {},
		tags: {},
		role: "arn:aws:iam::123456789012:role/train",
		image: "image:1",
		instanceType: "ml.g5.xlarge",
		instanceCount: 1,
		isSpot: false,
		interruptions: 0,
		trainingSeconds: null,
		billableSeconds: null,
		maxRuntimeSeconds: 86_400,
		inputs: [],
		outputUri: null,
		modelUri: null,
		checkpointUri: null,
		createdMs: Date.parse("2026-01-01T00:00:00.000Z"),
		startedMs: Date.parse("2026-01-01T00:09:00.000Z"),
		endedMs: null,
		modifiedMs: Date.parse("2026-01-01T00:09:00.000Z"),
		price: null,
		...change,
	};
}
