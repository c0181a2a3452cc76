import { GammaError } from "../../shared/errors";
import { isPlaceholder } from "./placeholder";
import type { PushedCommit } from "./pushedCommit";
import type { SagemakerSettings } from "./sagemakerSettings";
import type { TrainSettings } from "./trainSettings";
import { trainSettingsPath } from "./trainSettings";

/** Where one training's files lie. */
export interface TrainingPlace {
	readonly bucket: string;
	/** Of everything of this training, without a slash at its end. */
	readonly prefix: string;
}

export interface TrainingJob {
	readonly name: string;
	readonly place: TrainingPlace;
	/** What CreateTrainingJob takes, as its documentation names it. */
	readonly request: ReturnType<typeof toRequest>;
}

export interface TrainingWish {
	readonly pushed: PushedCommit;
	/** The project's name where no repository is known. */
	readonly folderName: string;
	readonly settings: TrainSettings;
	/** The relay's job that this trains; null where nobody said. */
	readonly jobId: string | null;
	/** Tells apart two trainings of one commit that no CI run tells apart. */
	readonly nowMs: number;
	/** The MLflow server that the training logs to; null for none. */
	readonly trackingUri: string | null;
}

/** Limits of CreateTrainingJob. */
const mostName = 63;
const mostTag = 256;
const mostVariable = 512;
const mostMetrics = 40;
/** How much longer than a training lasts a spot one may wait for its machine, in seconds. */
const spotWaitSeconds = 24 * 3600;

/** One training of one commit, as SageMaker is asked for it. Throws `settings.invalid` for what is still to say. */
export function toTrainingJob(wish: TrainingWish): TrainingJob {
	const needs = demandSettings(wish.settings.sagemaker);
	const name = nameOf(wish);
	const place = placeOf(needs.bucket, name);
	return { name, place, request: toRequest(wish, needs, name, place) };
}

function toRequest(wish: TrainingWish, needs: Needs, name: string, place: TrainingPlace) {
	const { settings, pushed } = wish;
	const { sagemaker } = settings;
	const at = (folder: string) => `s3://${place.bucket}/${place.prefix}/${folder}`;
	return {
		TrainingJobName: name,
		RoleArn: needs.role,
		AlgorithmSpecification: {
			TrainingImage: needs.image,
			TrainingInputMode: "File" as const,
			ContainerEntrypoint: ["/bin/sh", "/opt/ml/input/data/gamma/run.sh"],
			MetricDefinitions: settings.metrics
				.slice(0, mostMetrics)
				.map(({ name, pattern }) => ({ Name: name, Regex: pattern.source.replaceAll("(?<", "(?P<") })),
		},
		InputDataConfig: [
			{
				ChannelName: "gamma",
				DataSource: {
					S3DataSource: {
						S3DataType: "S3Prefix" as const,
						S3Uri: at("input/"),
						S3DataDistributionType: "FullyReplicated" as const,
					},
				},
			},
		],
		OutputDataConfig: { S3OutputPath: at("output") },
		CheckpointConfig: { S3Uri: at("checkpoints"), LocalPath: "/opt/ml/checkpoints" },
		ResourceConfig: {
			InstanceType: sagemaker.instanceType,
			InstanceCount: 1,
			VolumeSizeInGB: sagemaker.volumeSizeGb,
		},
		StoppingCondition: {
			MaxRuntimeInSeconds: sagemaker.maxRuntimeSeconds,
			...(sagemaker.spot && { MaxWaitTimeInSeconds: sagemaker.maxRuntimeSeconds + spotWaitSeconds }),
		},
		EnableManagedSpotTraining: sagemaker.spot,
		...(sagemaker.subnets.length > 0 && {
			VpcConfig: { Subnets: [...sagemaker.subnets], SecurityGroupIds: [...sagemaker.securityGroups] },
		}),
		Environment: environmentOf(wish, name),
		Tags: tagsOf({
			"gamma:project": pushed.repository ?? wish.folderName,
			"gamma:commit": pushed.commitSha,
			"gamma:branch": pushed.branch,
			"gamma:workflowRun": workflowRunOf(pushed),
			"gamma:job": wish.jobId,
		}),
	};
}

interface Needs {
	readonly role: string;
	readonly image: string;
	readonly bucket: string;
}

function demandSettings({ role, image, bucket, subnets, securityGroups }: SagemakerSettings): Needs {
	const given = { role, image, bucket };
	const missing = Object.entries(given).flatMap(([key, text]) => (text === null || isPlaceholder(text) ? [key] : []));
	if (role === null || image === null || bucket === null || missing.length > 0) {
		const keys = missing.map((key) => `sagemaker.${key}`).join(", ");
		throw new GammaError("settings.invalid", `SageMaker cannot train yet: fill in ${keys} in ${trainSettingsPath}.`);
	}
	if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(role))
		throw new GammaError(
			"settings.invalid",
			`${JSON.stringify(role)} is no role's ARN: correct sagemaker.role in ${trainSettingsPath}.`,
		);
	if (subnets.length > 0 !== securityGroups.length > 0)
		throw new GammaError(
			"settings.invalid",
			`SageMaker takes subnets and security groups together: give sagemaker.subnets and sagemaker.securityGroups in ${trainSettingsPath}, or neither.`,
		);
	return { role, image, bucket };
}

/** Repository, branch, commit, and what tells this training from another of the same commit: a run of CI asked twice is one. */
function nameOf({ pushed, folderName, nowMs }: TrainingWish): string {
	const suffix = `${pushed.commitSha.slice(0, 7)}-${pushed.runKey ?? nowMs.toString(36)}`;
	const project = (pushed.repository ?? folderName).split("/").at(-1) ?? "";
	const words = [project, pushed.branch].map((text) => text.replaceAll(/[^a-zA-Z0-9]+/g, "-")).join("-");
	const room = mostName - suffix.length - 1;
	return `${words.replace(/^-+/, "").slice(0, room).replace(/-+$/, "")}-${suffix}`
		.replace(/^-/, "")
		.replaceAll(/-{2,}/g, "-");
}

function placeOf(bucket: string, name: string): TrainingPlace {
	const [, host = "", path = ""] = /^(?:s3:\/\/)?([^/]+)\/?(.*)$/.exec(bucket) ?? [];
	if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(host))
		throw new GammaError(
			"settings.invalid",
			`${JSON.stringify(bucket)} is no S3 bucket: correct sagemaker.bucket in ${trainSettingsPath}.`,
		);
	const parts = [...path.split("/").filter((part) => part !== ""), "trainings", name];
	return { bucket: host, prefix: parts.join("/") };
}

function environmentOf(
	{ settings, pushed, jobId, trackingUri, folderName }: TrainingWish,
	name: string,
): Record<string, string> {
	const workflowRun = workflowRunOf(pushed);
	const environment: Record<string, string> = {
		GAMMA_PROJECT: pushed.repository ?? folderName,
		GAMMA_COMMIT: pushed.commitSha,
		GAMMA_BRANCH: pushed.branch,
		...(workflowRun !== null && { GAMMA_WORKFLOW_RUN: workflowRun }),
		...(jobId !== null && { GAMMA_JOB_ID: jobId }),
		...(trackingUri !== null && { MLFLOW_TRACKING_URI: trackingUri }),
		// One push is one experiment, unless the repository names another home for its runs.
		MLFLOW_EXPERIMENT_NAME: settings.experiment ?? name,
		...settings.env,
	};
	for (const [name, value] of Object.entries(environment)) {
		if (value.length > mostVariable)
			throw new GammaError(
				"settings.invalid",
				`The variable ${name} has ${value.length} characters, and SageMaker takes ${mostVariable}: shorten it.`,
			);
	}
	return environment;
}

/** Of `42-1` the run of CI, without its attempt. */
function workflowRunOf({ runKey }: PushedCommit): string | null {
	return runKey?.split("-")[0] ?? null;
}

/** A tag's value may hold letters, digits, spaces and `_.:/=+-@`; what AWS would refuse is told with `-` instead. */
function tagsOf(tags: Readonly<Record<string, string | null>>) {
	return Object.entries(tags).flatMap(([Key, value]) =>
		value === null ? [] : [{ Key, Value: value.replaceAll(/[^\p{L}\p{N}\p{Z}_.:/=+\-@]/gu, "-").slice(0, mostTag) }],
	);
}
