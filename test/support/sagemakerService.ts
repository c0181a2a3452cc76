import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { finalMetrics } from "./finalMetrics";
import { paged } from "./paged";
import { priceListCsv } from "./priceListCsv";

type Body = Record<string, unknown>;
type Phase =
	| "Starting"
	| "Pending"
	| "Downloading"
	| "DownloadingTrainingImage"
	| "Training"
	| "Interrupted"
	| "Restarting"
	| "Uploading"
	| "Stopping";

interface Transition {
	readonly Status: string;
	readonly StartTime: number;
	EndTime?: number;
	readonly StatusMessage: string;
}

interface Kept {
	readonly request: Body;
	readonly arn: string;
	readonly createdS: number;
	tags: { Key: string; Value: string }[];
	status: string;
	phase: string;
	modifiedS: number;
	startedS?: number;
	endedS?: number;
	reason?: string;
	/** Seconds that were paid for; a spot training's are fewer than those it trained. */
	billableS?: number;
	readonly transitions: Transition[];
	readonly log: string[];
	printedMs?: number;
}

export interface StateChange {
	readonly id: string;
	readonly "detail-type": "SageMaker Training Job State Change";
	readonly source: "aws.sagemaker";
	readonly detail: Body;
}

const region = "us-east-1";
const account = "123456789012";

/**
 * SageMaker's trainings over its own wire format (AWS JSON 1.1), as moto does not have them: every state with its transitions,
 * stopping that takes its time, taken and invalid names, pages, filters, tags, throttling. A test moves it step by step; its
 * clock is the test's too.
 */
export class SagemakerService {
	readonly #jobs = new Map<string, Kept>();
	readonly #refusals: { action: string; error: string; message: string; status: number; left: number }[] = [];
	readonly #held: { action: string; waiting: (() => void)[] }[] = [];
	/** What was asked, in order. */
	readonly asked: { readonly action: string; readonly body: Body; readonly accessKey?: string }[] = [];
	/** What EventBridge would have told. */
	readonly events: StateChange[] = [];
	nowMs = Date.now();

	private constructor(
		readonly url: string,
		readonly stop: () => Promise<void>,
	) {}

	static async start(): Promise<SagemakerService> {
		let service: SagemakerService | undefined;
		const server = createServer((request, response) => {
			const chunks: Buffer[] = [];
			request.on("data", (chunk: Buffer) => chunks.push(chunk));
			request.on("end", () => {
				if (request.method === "GET") {
					response.end(priceListCsv([{ usageType: "USE1-Train:ml.g5.xlarge", price: "1.408" }]));
					return;
				}
				const action = String(request.headers["x-amz-target"] ?? "").replace(/^\w+\./, "");
				const body = JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}") as Body;
				const [, key] = /Credential=([^/]+)\//.exec(String(request.headers.authorization ?? "")) ?? [];
				service?.answer(action, body, response, key);
			});
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const stop = async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		};
		service = new SagemakerService(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop);
		return service;
	}

	/** What AWS's clients need to ask this service: of it alone, or in the whole environment of a process. */
	get environment(): Record<string, string> {
		return {
			AWS_ENDPOINT_URL_SAGEMAKER: this.url,
			AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: this.url,
			AWS_ENDPOINT_URL_PRICING: this.url,
			AWS_REGION: region,
			AWS_ACCESS_KEY_ID: "AKIDTEST",
			AWS_SECRET_ACCESS_KEY: "of the tests",
			AWS_CONFIG_FILE: "/dev/null",
			AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
			AWS_EC2_METADATA_DISABLED: "true",
		};
	}

	/** Makes a training as CreateTrainingJob would; what is left out is as `gamma submit` has it. */
	create(name: string, request: Body = {}): void {
		const answered = this.#create({
			TrainingJobName: name,
			RoleArn: `arn:aws:iam::${account}:role/train`,
			AlgorithmSpecification: { TrainingImage: "image:1", TrainingInputMode: "File" },
			OutputDataConfig: { S3OutputPath: `s3://lab/trainings/${name}/output` },
			ResourceConfig: { InstanceType: "ml.g5.xlarge", InstanceCount: 1, VolumeSizeInGB: 50 },
			StoppingCondition: { MaxRuntimeInSeconds: 86_400 },
			...request,
		});
		if ("__type" in answered) throw new Error(`${answered.__type}: ${answered.message}`);
	}

	/** Lets a training come into its next phase. */
	enter(name: string, phase: Phase, message = ""): void {
		const job = this.#job(name);
		if (phase === "Downloading") job.startedS ??= this.#nowS;
		this.#move(job, phase === "Stopping" ? "Stopping" : "InProgress", phase, message);
	}

	/** Lines that the training printed; the figures of its metric definitions are read out of them. */
	print(name: string, ...lines: string[]): void {
		const job = this.#job(name);
		job.log.push(...lines);
		job.printedMs = this.nowMs;
	}

	complete(name: string): void {
		this.#end(name, "Completed", "Completed");
	}

	fail(name: string, reason: string): void {
		this.#job(name).reason = reason;
		this.#end(name, "Failed", "Failed", reason);
	}

	/** After StopTrainingJob, or by itself when a limit is reached. */
	stopped(name: string, phase: "Stopped" | "MaxRuntimeExceeded" | "MaxWaitTimeExceeded" = "Stopped"): void {
		this.#end(name, "Stopped", phase);
	}

	/** The next `times` requests of an action (`*` for any) are refused. */
	refuse(action: string, error: string, message = error, { times = 1, status = 400 } = {}): void {
		this.#refusals.push({ action, error, message, status, left: times });
	}

	/** An account without trainings, of which nobody has asked anything yet. */
	forget(): void {
		this.#jobs.clear();
		this.asked.length = 0;
		this.events.length = 0;
		this.allow();
	}

	/** From here on nobody is refused. */
	allow(): void {
		this.#refusals.length = 0;
	}

	/** Answers to an action wait until the function that is given back is called. */
	hold(action: string): () => void {
		const hold = { action, waiting: [] as (() => void)[] };
		this.#held.push(hold);
		return () => {
			this.#held.splice(this.#held.indexOf(hold), 1);
			for (const go of hold.waiting) go();
		};
	}

	count(action: string): number {
		return this.asked.filter((one) => one.action === action).length;
	}

	answer(action: string, body: Body, response: ServerResponse, accessKey?: string): void {
		this.asked.push({ action, body, ...(accessKey !== undefined && { accessKey }) });
		const hold = this.#held.find((each) => each.action === action);
		if (hold) hold.waiting.push(() => this.#send(action, body, response));
		else this.#send(action, body, response);
	}

	#send(action: string, body: Body, response: ServerResponse): void {
		const refusal = this.#refusals.find(({ action: of, left }) => left > 0 && (of === "*" || of === action));
		if (refusal) refusal.left--;
		const answer = refusal ? { __type: refusal.error, message: refusal.message } : this.#do(action, body);
		const status = refusal ? refusal.status : "__type" in answer ? 400 : 200;
		response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(answer));
	}

	#do(action: string, body: Body): Body {
		switch (action) {
			case "CreateTrainingJob":
				return this.#create(body);
			case "ListTrainingJobs":
				return this.#list(body);
			case "DescribeTrainingJob":
				return this.#named(body, (job) => this.#describe(job));
			case "StopTrainingJob":
				return this.#named(body, (job) => this.#stopOne(job));
			case "ListTags":
				return this.#byArn(body, (job) => {
					const { page, NextToken } = paged(job.tags, body.NextToken, body.MaxResults, 50);
					return { Tags: page, ...(NextToken && { NextToken }) };
				});
			case "AddTags":
				return this.#byArn(body, (job) => {
					const given = body.Tags as Kept["tags"];
					const keys = new Set(given.map(({ Key }) => Key));
					job.tags = [...job.tags.filter(({ Key }) => !keys.has(Key)), ...given];
					return { Tags: job.tags };
				});
			case "DescribeLogStreams":
				return this.#logStreams(String(body.logStreamNamePrefix));
			default:
				return { __type: "UnknownOperationException", message: action };
		}
	}

	#create(request: Body): Body {
		const name = String(request.TrainingJobName ?? "");
		if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(name) || name.length > 63)
			return invalid(
				`1 validation error detected: Value '${name}' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`,
			);
		const arn = `arn:aws:sagemaker:${region}:${account}:training-job/${name}`;
		if (this.#jobs.has(name))
			return {
				__type: "ResourceInUse",
				message: `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
			};
		const job: Kept = {
			request,
			arn,
			createdS: this.#nowS,
			tags: (request.Tags as Kept["tags"] | undefined) ?? [],
			status: "InProgress",
			phase: "Starting",
			modifiedS: this.#nowS,
			transitions: [],
			log: [],
		};
		this.#jobs.set(name, job);
		this.#move(job, "InProgress", "Starting", "Starting the training job");
		return { TrainingJobArn: arn };
	}

	#list(body: Body): Body {
		const after = (key: string) => (typeof body[key] === "number" ? body[key] : Number.NEGATIVE_INFINITY);
		const before = (key: string) => (typeof body[key] === "number" ? body[key] : Number.POSITIVE_INFINITY);
		const found = [...this.#jobs.entries()].filter(
			([name, job]) =>
				job.createdS >= after("CreationTimeAfter") &&
				job.createdS <= before("CreationTimeBefore") &&
				job.modifiedS >= after("LastModifiedTimeAfter") &&
				job.modifiedS <= before("LastModifiedTimeBefore") &&
				name.includes(String(body.NameContains ?? "")) &&
				(body.StatusEquals === undefined || job.status === body.StatusEquals),
		);
		const by = { Name: ([name]: [string, Kept]) => name, Status: ([, job]: [string, Kept]) => job.status }[
			String(body.SortBy)
		];
		const rank = by ?? (([, job]: [string, Kept]) => job.createdS);
		found.sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
		if (body.SortOrder === "Descending") found.reverse();
		const { page, NextToken } = paged(found, body.NextToken, body.MaxResults, 10);
		return {
			TrainingJobSummaries: page.map(([name, job]) => ({
				TrainingJobName: name,
				TrainingJobArn: job.arn,
				CreationTime: job.createdS,
				LastModifiedTime: job.modifiedS,
				TrainingJobStatus: job.status,
				...(job.endedS !== undefined && { TrainingEndTime: job.endedS }),
			})),
			...(NextToken && { NextToken }),
		};
	}

	#describe(job: Kept): Body {
		const { Tags: _, ...request } = job.request;
		const trained = job.startedS === undefined ? undefined : Math.round((job.endedS ?? this.#nowS) - job.startedS);
		return {
			...request,
			TrainingJobArn: job.arn,
			TrainingJobStatus: job.status,
			SecondaryStatus: job.phase,
			SecondaryStatusTransitions: job.transitions,
			CreationTime: job.createdS,
			LastModifiedTime: job.modifiedS,
			FinalMetricDataList: finalMetrics(job),
			...(job.startedS !== undefined && { TrainingStartTime: job.startedS, TrainingTimeInSeconds: trained }),
			...(job.endedS !== undefined && {
				TrainingEndTime: job.endedS,
				BillableTimeInSeconds: job.billableS ?? trained ?? 0,
			}),
			...(job.reason !== undefined && { FailureReason: job.reason }),
			...(job.status === "Completed" && {
				ModelArtifacts: {
					S3ModelArtifacts: `${(request.OutputDataConfig as { S3OutputPath: string }).S3OutputPath}/${String(request.TrainingJobName)}/output/model.tar.gz`,
				},
			}),
		};
	}

	/** Of CloudWatch only how old each log is. */
	#logStreams(prefix: string): Body {
		const logStreams = [...this.#jobs].flatMap(([name, { printedMs }]) =>
			printedMs !== undefined && `${name}/`.startsWith(prefix)
				? [{ logStreamName: `${name}/algo-1-1700000000`, lastEventTimestamp: printedMs }]
				: [],
		);
		return { logStreams };
	}

	#stopOne(job: Kept): Body {
		if (job.endedS !== undefined)
			return invalid(`The request was rejected because the training job is in status ${job.status}.`);
		if (job.status !== "Stopping") this.#move(job, "Stopping", "Stopping", "Stopping the training job");
		return {};
	}

	#end(name: string, status: string, phase: string, message = ""): void {
		const job = this.#job(name);
		job.endedS = this.#nowS;
		this.#move(job, status, phase, message);
		const last = job.transitions.at(-1);
		if (last) last.EndTime = this.#nowS;
	}

	#move(job: Kept, status: string, phase: string, message: string): void {
		const last = job.transitions.at(-1);
		if (last) last.EndTime ??= this.#nowS;
		job.transitions.push({ Status: phase, StartTime: this.#nowS, StatusMessage: message });
		job.status = status;
		job.phase = phase;
		job.modifiedS = this.#nowS;
		const told = this.#describe(job);
		const inMs = Object.fromEntries(
			Object.entries(told).map(([key, value]) => [
				key,
				/Time$/.test(key) && typeof value === "number" ? value * 1_000 : value,
			]),
		);
		this.events.push({
			id: `event-${this.events.length + 1}`,
			"detail-type": "SageMaker Training Job State Change",
			source: "aws.sagemaker",
			detail: { ...inMs, Tags: Object.fromEntries(job.tags.map(({ Key, Value }) => [Key, Value])) },
		});
	}

	#named(body: Body, work: (job: Kept) => Body): Body {
		const job = this.#jobs.get(String(body.TrainingJobName));
		return job ? work(job) : invalid("Requested resource not found.");
	}

	#byArn(body: Body, work: (job: Kept) => Body): Body {
		const job = [...this.#jobs.values()].find(({ arn }) => arn === body.ResourceArn);
		return job ? work(job) : invalid("Requested resource not found.");
	}

	#job(name: string): Kept {
		const job = this.#jobs.get(name);
		if (!job) throw new Error(`the stand-in has no training ${name}`);
		return job;
	}

	/** AWS's JSON has times in seconds, with milliseconds behind the point. */
	get #nowS(): number {
		return this.nowMs / 1_000;
	}
}

function invalid(message: string): Body {
	return { __type: "ValidationException", message };
}
