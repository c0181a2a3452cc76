import { DescribeTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { readSagemaker, type SagemakerNews } from "../../src/core/jobs/readSagemaker";

/** Without an answer for so long, SageMaker counts as away. */
const timeouts = { connectionTimeout: 5_000, requestTimeout: 15_000 };
const kind = "SageMaker Training Job State Change";

/**
 * What SageMaker says of a training when it is asked, read as if EventBridge had told it. A file of its own
 * (dist/server/sagemaker.js), as S3's client is. Credentials are found as AWS's tools find them.
 */
export class TrainingReader {
	readonly #client: SageMakerClient;

	constructor(region: string) {
		this.#client = new SageMakerClient({ region, maxAttempts: 3, requestHandler: timeouts });
	}

	/** Null where there is no such training. Rejects with the client's own errors. */
	async read(name: string, abortSignal: AbortSignal): Promise<SagemakerNews | null> {
		try {
			const told = await this.#client.send(new DescribeTrainingJobCommand({ TrainingJobName: name }), { abortSignal });
			const detail = {
				TrainingJobName: told.TrainingJobName,
				TrainingJobStatus: told.TrainingJobStatus,
				SecondaryStatus: told.SecondaryStatus,
				FailureReason: told.FailureReason,
				CreationTime: told.CreationTime?.getTime(),
				TrainingStartTime: told.TrainingStartTime?.getTime(),
				TrainingEndTime: told.TrainingEndTime?.getTime(),
				LastModifiedTime: told.LastModifiedTime?.getTime(),
			};
			const news = readSagemaker(kind, { "detail-type": kind, detail });
			return news.is === "sagemaker" ? news : null;
		} catch (error) {
			// SageMaker has no error of its own for a name that it does not know.
			const isUnknown =
				error instanceof Error && error.name === "ValidationException" && /not found/i.test(error.message);
			if (isUnknown) return null;
			throw error;
		}
	}
}
