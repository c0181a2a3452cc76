import { setTimeout as wait } from "node:timers/promises";
import {
	type CloudWatchLogsClient,
	DescribeLogStreamsCommand,
	GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { LogStreams, StreamPage } from "../../core/jobs/mergedStreams";
import { GammaError } from "../../shared/errors";
import { toAwsError } from "./awsError";

/** Where SageMaker puts what trainings print: a stream `<training>/algo-1-<start>` for each start of each machine. */
const logGroupName = "/aws/sagemaker/TrainingJobs";
const namesPerPage = 50;
/** A training on a hundred machines that were taken away ten times. */
const mostStreams = 1_000;
/** AWS's client waits and repeats up to some seconds by itself; with these waits a busy account is sat out for a minute. */
const waitsMs = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000];

/** The log of one training in SageMaker, from CloudWatch Logs (`GetLogEvents`, the oldest first). */
export class CloudwatchLog implements LogStreams {
	constructor(
		private readonly client: Pick<CloudWatchLogsClient, "send">,
		private readonly trainingName: string,
		private readonly throttleWaitsMs: readonly number[] = waitsMs,
	) {}

	async names(signal?: AbortSignal): Promise<readonly string[]> {
		const names: string[] = [];
		let nextToken: string | undefined;
		do {
			const answer = await this.#ask(signal, () =>
				this.client.send(
					new DescribeLogStreamsCommand({
						logGroupName,
						logStreamNamePrefix: `${this.trainingName}/`,
						limit: namesPerPage,
						...(nextToken !== undefined && { nextToken }),
					}),
					options(signal),
				),
			).catch((error: unknown) => {
				// The group is there once anything has trained in this region.
				if (GammaError.is(error) && isMissing(error.cause)) return null;
				throw error;
			});
			for (const { logStreamName } of answer?.logStreams ?? []) if (logStreamName) names.push(logStreamName);
			nextToken = answer?.nextToken;
		} while (nextToken !== undefined && names.length < mostStreams);
		return names;
	}

	async page(logStreamName: string, token: string | null, signal?: AbortSignal): Promise<StreamPage> {
		const answer = await this.#ask(signal, () =>
			this.client.send(
				new GetLogEventsCommand({
					...{ logGroupName, logStreamName, startFromHead: true },
					...(token !== null && { nextToken: token }),
				}),
				options(signal),
			),
		);
		const events = (answer.events ?? []).map(({ timestamp, message }) => ({
			timestampMs: timestamp ?? 0,
			text: message ?? "",
		}));
		return { events, token: answer.nextForwardToken ?? token ?? "" };
	}

	async #ask<T>(signal: AbortSignal | undefined, ask: () => Promise<T>): Promise<T> {
		for (let failures = 0; ; failures++) {
			try {
				return await ask();
			} catch (error) {
				if (signal?.aborted) throw new GammaError("call.cancelled", "The log is not asked for any more.");
				const failure = toAwsError(error, `give the log of ${this.trainingName}`);
				const ms = this.throttleWaitsMs[failures];
				if (failure.code !== "aws.throttled" || ms === undefined) throw failure;
				await wait(ms, undefined, signal ? { signal } : {}).catch(() => {
					throw new GammaError("call.cancelled", "The log is not asked for any more.");
				});
			}
		}
	}
}

function options(signal: AbortSignal | undefined) {
	return signal ? { abortSignal: signal } : {};
}

function isMissing(error: unknown): boolean {
	return error instanceof Error && error.name === "ResourceNotFoundException";
}
