import {
	CreateTrainingJobCommand,
	type CreateTrainingJobRequest,
	DescribeTrainingJobCommand,
	type DescribeTrainingJobResponse,
	ListTagsCommand,
	type S3DataSource,
	type SageMakerClient,
	type Tag,
} from "@aws-sdk/client-sagemaker";
import { checkpointChannel } from "../../core/sagemaker/checkpointInput";
import type { CloneWish } from "../../core/sagemaker/cloneWish";
import { GammaError } from "../../shared/errors";
import { toAwsError } from "./awsError";

/** Tags and variables that say which job or run a training is of: a copy is of none yet. */
const ownTags = new Set(["gamma:job", "mlflow:runId"]);
const ownVariables = new Set(["GAMMA_JOB_ID", "MLFLOW_RUN_ID"]);

/** Begins a training that is like another but for what `wish` says. Rejects with an `aws.…` error. */
export async function cloneTraining(client: SageMakerClient, name: string, wish: CloneWish): Promise<void> {
	const { newName } = wish;
	try {
		const told = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
		const { Tags = [] } = await client.send(new ListTagsCommand({ ResourceArn: told.TrainingJobArn }));
		await client.send(new CreateTrainingJobCommand(toCloneRequest(told, Tags, wish)));
	} catch (error) {
		if (error instanceof Error && error.name === "ResourceInUse")
			throw new GammaError("aws.refused", `A training named ${newName} exists already: choose another name.`);
		throw toAwsError(error, `begin the training ${newName}`);
	}
}

function toCloneRequest(
	told: DescribeTrainingJobResponse,
	tags: readonly Tag[],
	{ newName, params, checkpoint }: CloneWish,
): CreateTrainingJobRequest {
	const name = told.TrainingJobName ?? "";
	const elsewhere = (uri: string | undefined) => uri?.replace(name, newName);
	const { AlgorithmSpecification: algorithm, CheckpointConfig: checkpoints, Environment = {} } = told;
	return {
		TrainingJobName: newName,
		RoleArn: told.RoleArn,
		AlgorithmSpecification: algorithm,
		HyperParameters: { ...told.HyperParameters, ...params },
		InputDataConfig: inputsOf(told, checkpoint),
		OutputDataConfig: { ...told.OutputDataConfig, S3OutputPath: elsewhere(told.OutputDataConfig?.S3OutputPath) },
		// In the folder of the first it would go on where that one ended, or write over what it left.
		...(checkpoints && { CheckpointConfig: { ...checkpoints, S3Uri: besides(checkpoints.S3Uri, name, newName) } }),
		ResourceConfig: told.ResourceConfig,
		VpcConfig: told.VpcConfig,
		StoppingCondition: told.StoppingCondition,
		EnableNetworkIsolation: told.EnableNetworkIsolation,
		EnableInterContainerTrafficEncryption: told.EnableInterContainerTrafficEncryption,
		EnableManagedSpotTraining: told.EnableManagedSpotTraining,
		RetryStrategy: told.RetryStrategy,
		Environment: Object.fromEntries(Object.entries(Environment).filter(([key]) => !ownVariables.has(key))),
		Tags: [
			...tags.filter(({ Key = "" }) => !Key.startsWith("aws:") && !ownTags.has(Key) && Key !== "gamma:clonedFrom"),
			{ Key: "gamma:clonedFrom", Value: name },
		],
	};
}

/** A checkpoint takes the place of the one that the first training went on from. */
function inputsOf({ InputDataConfig }: DescribeTrainingJobResponse, checkpoint: CloneWish["checkpoint"]) {
	if (!checkpoint) return InputDataConfig;
	const others = (InputDataConfig ?? []).filter(({ ChannelName }) => ChannelName !== checkpointChannel);
	const S3DataSource: S3DataSource = {
		...{ S3DataType: "S3Prefix", S3DataDistributionType: "FullyReplicated" },
		S3Uri: checkpoint.uri,
	};
	return [...others, { ChannelName: checkpointChannel, InputMode: "File" as const, DataSource: { S3DataSource } }];
}

function besides(uri: string | undefined, name: string, newName: string): string | undefined {
	if (uri === undefined || uri.includes(name)) return uri?.replace(name, newName);
	return `${uri.replace(/\/+$/, "")}/${newName}`;
}
