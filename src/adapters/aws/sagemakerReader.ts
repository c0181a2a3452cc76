import {
	DescribeTrainingJobCommand,
	ListTagsCommand,
	ListTrainingJobsCommand,
	type SageMakerClient,
	StopTrainingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { toTraining } from "../../core/sagemaker/readTraining";
import type { ListedTraining, TrainingReader } from "../../core/sagemaker/sagemakerWatch";
import type { Training } from "../../core/sagemaker/training";
import { GammaError } from "../../shared/errors";
import { toAwsError } from "./awsError";

const pageSize = 100;
/** With a hundred each: a team's month. */
const mostPages = 10;

/** Trainings as SageMaker tells them, page by page. AWS's client waits and repeats where requests are too many. */
export class SagemakerReader implements TrainingReader {
	constructor(private readonly client: SageMakerClient) {}

	async list(
		since: { readonly createdMs: number; readonly modifiedMs: number },
		signal: AbortSignal,
	): Promise<readonly ListedTraining[]> {
		const found: ListedTraining[] = [];
		let NextToken: string | undefined;
		try {
			for (let page = 0; page < mostPages; page++) {
				const answer = await this.client.send(
					new ListTrainingJobsCommand({
						CreationTimeAfter: new Date(since.createdMs),
						...(since.modifiedMs > 0 && { LastModifiedTimeAfter: new Date(since.modifiedMs) }),
						SortBy: "CreationTime",
						SortOrder: "Descending",
						MaxResults: pageSize,
						...(NextToken !== undefined && { NextToken }),
					}),
					{ abortSignal: signal },
				);
				for (const each of answer.TrainingJobSummaries ?? []) {
					if (each.TrainingJobName === undefined) continue;
					const createdMs = each.CreationTime?.getTime() ?? 0;
					found.push({
						name: each.TrainingJobName,
						arn: each.TrainingJobArn ?? "",
						status: each.TrainingJobStatus ?? "",
						createdMs,
						modifiedMs: each.LastModifiedTime?.getTime() ?? createdMs,
					});
				}
				NextToken = answer.NextToken;
				if (!NextToken) break;
			}
		} catch (error) {
			throw problemOf(signal, error, "list the trainings");
		}
		return found;
	}

	async describe(
		name: string,
		tags: Readonly<Record<string, string>> | null,
		signal: AbortSignal,
	): Promise<Training | null> {
		try {
			const told = await this.client.send(new DescribeTrainingJobCommand({ TrainingJobName: name }), {
				abortSignal: signal,
			});
			return toTraining(told, tags ?? (await this.#tags(told.TrainingJobArn, signal)));
		} catch (error) {
			if (error instanceof Error && /resource not found/i.test(error.message)) return null;
			throw problemOf(signal, error, `tell how the training ${name} is`);
		}
	}

	/** Its end comes later: SageMaker gives the training two minutes to put its work down. */
	async stop(name: string): Promise<void> {
		try {
			await this.client.send(new StopTrainingJobCommand({ TrainingJobName: name }));
		} catch (error) {
			throw toAwsError(error, `stop the training ${name}`);
		}
	}

	async #tags(arn: string | undefined, signal: AbortSignal): Promise<Record<string, string>> {
		const tags: Record<string, string> = {};
		if (!arn) return tags;
		let NextToken: string | undefined;
		do {
			const answer = await this.client.send(
				new ListTagsCommand({ ResourceArn: arn, ...(NextToken !== undefined && { NextToken }) }),
				{ abortSignal: signal },
			);
			for (const { Key, Value } of answer.Tags ?? []) if (Key !== undefined) tags[Key] = Value ?? "";
			NextToken = answer.NextToken;
		} while (NextToken);
		return tags;
	}
}

function problemOf(signal: AbortSignal, error: unknown, doing: string): GammaError {
	return signal.aborted
		? new GammaError("call.cancelled", "SageMaker is not asked any more.")
		: toAwsError(error, doing);
}
