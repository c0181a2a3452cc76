import * as z from "zod/mini";
import type { Training } from "./training";

const text = z.catch(z.nullable(z.string()), null);
const seconds = z.catch(z.nullable(z.number().check(z.gte(0))), null);
const time = z.catch(
	z.nullable(
		z.pipe(
			z.date(),
			z.transform((at) => at.getTime()),
		),
	),
	null,
);
const texts = z.catch(z.record(z.string(), z.string()), {});
const many = <T extends z.core.$ZodType>(each: T) => z.catch(z.array(each), []);

/** What DescribeTrainingJob answers, of it what Gamma shows; a field that is not as documented counts as absent. */
const described = z.object({
	TrainingJobName: z.string(),
	TrainingJobArn: z.catch(z.string(), ""),
	TrainingJobStatus: z.string(),
	SecondaryStatus: z.catch(z.string(), ""),
	FailureReason: text,
	SecondaryStatusTransitions: many(
		z.object({ Status: z.string(), StartTime: time, EndTime: time, StatusMessage: z.catch(z.string(), "") }),
	),
	FinalMetricDataList: many(z.object({ MetricName: z.string(), Value: z.number() })),
	HyperParameters: texts,
	Environment: texts,
	RoleArn: text,
	AlgorithmSpecification: z.catch(z.object({ TrainingImage: text, AlgorithmName: text }), {
		TrainingImage: null,
		AlgorithmName: null,
	}),
	ResourceConfig: z.catch(z.object({ InstanceType: text, InstanceCount: z.catch(z.number(), 1) }), {
		InstanceType: null,
		InstanceCount: 1,
	}),
	EnableManagedSpotTraining: z.catch(z.boolean(), false),
	TrainingTimeInSeconds: seconds,
	BillableTimeInSeconds: seconds,
	StoppingCondition: z.catch(z.object({ MaxRuntimeInSeconds: seconds }), { MaxRuntimeInSeconds: null }),
	InputDataConfig: many(
		z.object({
			ChannelName: z.string(),
			DataSource: z.catch(z.object({ S3DataSource: z.object({ S3Uri: z.string() }) }), { S3DataSource: { S3Uri: "" } }),
		}),
	),
	OutputDataConfig: z.catch(z.object({ S3OutputPath: text }), { S3OutputPath: null }),
	ModelArtifacts: z.catch(z.object({ S3ModelArtifacts: text }), { S3ModelArtifacts: null }),
	CheckpointConfig: z.catch(z.object({ S3Uri: text }), { S3Uri: null }),
	CreationTime: time,
	TrainingStartTime: time,
	TrainingEndTime: time,
	LastModifiedTime: time,
});

/** From the answer of DescribeTrainingJob as AWS's client gives it (times are `Date`s); null where it is none. */
export function toTraining(answer: unknown, tags: Readonly<Record<string, string>>): Training | null {
	const parsed = z.safeParse(described, answer);
	if (!parsed.success) return null;
	const told = parsed.data;
	const transitions = told.SecondaryStatusTransitions.flatMap(({ Status, StartTime, EndTime, StatusMessage }) =>
		StartTime === null ? [] : [{ name: Status, startMs: StartTime, endMs: EndTime, message: StatusMessage }],
	).sort((a, b) => a.startMs - b.startMs);
	const createdMs = told.CreationTime ?? transitions[0]?.startMs ?? 0;
	return {
		name: told.TrainingJobName,
		arn: told.TrainingJobArn,
		status: told.TrainingJobStatus,
		phase: told.SecondaryStatus || told.TrainingJobStatus,
		transitions,
		reason: told.FailureReason?.trim() || null,
		metrics: Object.fromEntries(told.FinalMetricDataList.map(({ MetricName, Value }) => [MetricName, Value])),
		params: told.HyperParameters,
		environment: told.Environment,
		tags,
		role: told.RoleArn,
		image: told.AlgorithmSpecification.TrainingImage ?? told.AlgorithmSpecification.AlgorithmName,
		instanceType: told.ResourceConfig.InstanceType,
		instanceCount: told.ResourceConfig.InstanceCount,
		isSpot: told.EnableManagedSpotTraining,
		interruptions: transitions.filter(({ name }) => name === "Interrupted").length,
		trainingSeconds: told.TrainingTimeInSeconds,
		billableSeconds: told.BillableTimeInSeconds,
		maxRuntimeSeconds: told.StoppingCondition.MaxRuntimeInSeconds,
		inputs: told.InputDataConfig.map(({ ChannelName, DataSource }) => ({
			name: ChannelName,
			uri: DataSource.S3DataSource.S3Uri,
		})),
		outputUri: told.OutputDataConfig.S3OutputPath,
		modelUri: told.ModelArtifacts.S3ModelArtifacts,
		checkpointUri: told.CheckpointConfig.S3Uri,
		createdMs,
		startedMs: told.TrainingStartTime,
		endedMs: told.TrainingEndTime,
		modifiedMs: told.LastModifiedTime ?? createdMs,
		price: null,
	};
}
