import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import type { AwsChoice } from "../../core/aws/awsChoice";

/** AWS's clients for one choice of account and region, each made when it is first asked for; all share their credentials. */
export class AwsClients {
	readonly #common;
	readonly #hasOwnS3: boolean;
	#s3: S3Client | undefined;
	#sagemaker: SageMakerClient | undefined;
	#logs: CloudWatchLogsClient | undefined;
	#sts: STSClient | undefined;

	constructor(
		readonly choice: AwsChoice,
		environment: Readonly<Record<string, string | undefined>> = process.env,
	) {
		const profile = choice.profile ?? environment.AWS_PROFILE;
		// The command line's tools of AWS take either variable, its clients for JavaScript the first only.
		const region = choice.region || environment.AWS_REGION || environment.AWS_DEFAULT_REGION;
		this.#hasOwnS3 = Boolean(choice.endpoint ?? environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL);
		this.#common = {
			...(region ? { region } : {}),
			...(choice.endpoint ? { endpoint: choice.endpoint } : {}),
			...(profile ? { profile } : {}),
			credentials: fromNodeProviderChain(profile ? { profile } : {}),
			maxAttempts: Number(environment.AWS_MAX_ATTEMPTS) || 5,
		};
	}

	get s3(): S3Client {
		this.#s3 ??= new S3Client({
			...this.#common,
			// Stores that only speak like S3 know buckets by path.
			forcePathStyle: this.#hasOwnS3,
			requestChecksumCalculation: "WHEN_REQUIRED",
			responseChecksumValidation: "WHEN_REQUIRED",
		});
		return this.#s3;
	}

	get sagemaker(): SageMakerClient {
		this.#sagemaker ??= new SageMakerClient(this.#common);
		return this.#sagemaker;
	}

	get logs(): CloudWatchLogsClient {
		this.#logs ??= new CloudWatchLogsClient(this.#common);
		return this.#logs;
	}

	get sts(): STSClient {
		this.#sts ??= new STSClient(this.#common);
		return this.#sts;
	}
}
