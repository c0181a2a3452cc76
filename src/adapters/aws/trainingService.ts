import { DescribeLogStreamsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { AwsChoice } from "../../core/aws/awsChoice";
import type { CloneWish } from "../../core/sagemaker/cloneWish";
import { AwsClients } from "./awsClients";
import { toAwsError } from "./awsError";
import { cloneTraining } from "./sagemakerClone";
import { SagemakerReader } from "./sagemakerReader";

/** Trainings of one account, and when their logs last grew. */
export class TrainingService extends SagemakerReader {
	readonly #clients: AwsClients;

	constructor(choice: AwsChoice) {
		const clients = new AwsClients(choice);
		super(clients.sagemaker);
		this.#clients = clients;
	}

	clone(name: string, wish: CloneWish): Promise<void> {
		return cloneTraining(this.#clients.sagemaker, name, wish);
	}

	/** Of all its machines the last word, in milliseconds since the epoch; null where it has no log yet. */
	async lastLogMs(name: string, signal: AbortSignal): Promise<number | null> {
		try {
			const { logStreams = [] } = await this.#clients.logs.send(
				new DescribeLogStreamsCommand({
					logGroupName: "/aws/sagemaker/TrainingJobs",
					logStreamNamePrefix: `${name}/`,
				}),
				{ abortSignal: signal },
			);
			const times = logStreams.flatMap(({ lastEventTimestamp }) => lastEventTimestamp ?? []);
			return times.length > 0 ? Math.max(...times) : null;
		} catch (error) {
			if (error instanceof Error && error.name === "ResourceNotFoundException") return null;
			throw toAwsError(error, `tell how old the log of ${name} is`);
		}
	}
}
