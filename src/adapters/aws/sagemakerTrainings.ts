import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import {
	CreateTrainingJobCommand,
	DescribeTrainingJobCommand,
	type DescribeTrainingJobResponse,
	type SageMakerClient,
	type TrainingInstanceType,
} from "@aws-sdk/client-sagemaker";
import { awsOfEnvironment } from "../../core/aws/awsChoice";
import { partitionOf } from "../../core/aws/awsPolicy";
import type { TrainingJob, TrainingPlace } from "../../core/mmp/trainingJob";
import { scriptName, sourceName } from "../../core/mmp/trainingScript";
import { consoleUrl } from "../../core/sagemaker/training";
import { GammaError } from "../../shared/errors";
import type { JobStatus } from "../../shared/relay/job";
import { AwsClients } from "./awsClients";
import { toAwsError } from "./awsError";

/** SageMaker's own limit on questions is low, and a training lasts hours. */
const askEveryMs = 30_000;
/** Questions in a row without an answer, after which a wait is given up. */
const mostFailures = 10;

export interface TrainingState {
	readonly status: Exclude<JobStatus, "pending">;
	/** SageMaker's word for what it does: `Starting`, `Downloading`, `Training`. */
	readonly phase: string;
	/** Why it failed or was stopped; null where SageMaker does not say. */
	readonly reason: string | null;
}

/** Trainings in SageMaker, and their code in S3. Credentials and region are those that AWS's own tools take. */
export class SagemakerTrainings {
	readonly #s3: S3Client;
	readonly #sagemaker: SageMakerClient;

	constructor(environment: Readonly<Record<string, string | undefined>> = process.env) {
		const clients = new AwsClients(awsOfEnvironment, environment);
		this.#s3 = clients.s3;
		this.#sagemaker = clients.sagemaker;
	}

	/** Puts the commit and its script where the training reads them. Rejects with an `aws.…` error. */
	async upload({ bucket, prefix }: TrainingPlace, sourcePath: string, script: string): Promise<void> {
		const { size } = await stat(sourcePath);
		try {
			await this.#put(bucket, `${prefix}/input/${scriptName}`, Buffer.from(script), Buffer.byteLength(script));
			await this.#put(bucket, `${prefix}/input/${sourceName}`, createReadStream(sourcePath), size);
		} catch (error) {
			throw toAwsError(error, `take the code into s3://${bucket}`);
		}
	}

	/** False where this very training was begun before: a request that was sent twice, or a workflow that was run again. */
	async create({ name, request }: TrainingJob): Promise<boolean> {
		const { ResourceConfig } = request;
		const InstanceType = ResourceConfig.InstanceType as TrainingInstanceType;
		try {
			await this.#sagemaker.send(
				new CreateTrainingJobCommand({ ...request, ResourceConfig: { ...ResourceConfig, InstanceType } }),
			);
			return true;
		} catch (error) {
			if (isTaken(error)) return false;
			throw toAwsError(error, `begin the training ${name}`);
		}
	}

	/** Its page in AWS's console; null where no region is known. */
	async consoleUrl(name: string): Promise<string | null> {
		const region = await this.#sagemaker.config.region().catch(() => null);
		return region === null ? null : consoleUrl({ arn: `arn:${partitionOf(region)}:sagemaker:${region}:`, name });
	}

	/** Until it ends. `onPhase` hears of each change. An outage of some minutes is waited through. */
	async wait(name: string, onPhase: (state: TrainingState) => void, everyMs = askEveryMs): Promise<TrainingState> {
		let phase = "";
		for (let failures = 0; ; ) {
			try {
				const state = toState(await this.#sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name })));
				failures = 0;
				if (state.phase !== phase) onPhase(state);
				phase = state.phase;
				if (state.status !== "running") return state;
			} catch (error) {
				const failure = toAwsError(error, `tell how the training ${name} is`);
				failures++;
				if (GammaError.is(failure, "aws.expiredToken", "aws.noCredentials") || failures >= mostFailures)
					throw new GammaError(failure.code, `The training ${name} goes on, unwatched. ${failure.message}`);
			}
			await wait(everyMs);
		}
	}

	async #put(bucket: string, key: string, body: Buffer | NodeJS.ReadableStream, sizeBytes: number): Promise<void> {
		const Body = Buffer.isBuffer(body) ? body : (body as ReturnType<typeof createReadStream>);
		await this.#s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentLength: sizeBytes }));
	}
}

/** SageMaker says it in two ways: as an error of its own, and as a validation of the name. */
function isTaken(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	return error.name === "ResourceInUse" || /already exist|must be unique/i.test(error.message);
}

function toState(told: DescribeTrainingJobResponse): TrainingState {
	const phase = told.SecondaryStatus ?? told.TrainingJobStatus ?? "";
	const reason = told.FailureReason?.trim() || null;
	switch (told.TrainingJobStatus) {
		case "Completed":
			return { status: "completed", phase, reason: null };
		case "Failed":
			return { status: "failed", phase, reason };
		case "Stopped":
			return { status: "stopped", phase, reason };
		default:
			return { status: "running", phase, reason: null };
	}
}
