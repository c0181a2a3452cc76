import type { JobStatus } from "../../shared/relay/job";
import type { MachinePrice } from "./machinePrice";

/** A training of SageMaker as data. Times are milliseconds since the epoch. */
export interface Training {
	readonly name: string;
	readonly arn: string;
	/** SageMaker's own word, and its word for what it does just now. */
	readonly status: string;
	readonly phase: string;
	/** In the order in which they began. */
	readonly transitions: readonly TrainingPhase[];
	readonly reason: string | null;
	readonly metrics: Readonly<Record<string, number>>;
	readonly params: Readonly<Record<string, string>>;
	readonly environment: Readonly<Record<string, string>>;
	readonly tags: Readonly<Record<string, string>>;
	readonly role: string | null;
	readonly image: string | null;
	readonly instanceType: string | null;
	readonly instanceCount: number;
	readonly isSpot: boolean;
	/** How often its machine was taken away and it waited for another one. */
	readonly interruptions: number;
	readonly trainingSeconds: number | null;
	readonly billableSeconds: number | null;
	readonly maxRuntimeSeconds: number | null;
	readonly inputs: readonly { readonly name: string; readonly uri: string }[];
	readonly outputUri: string | null;
	readonly modelUri: string | null;
	readonly checkpointUri: string | null;
	readonly createdMs: number;
	readonly startedMs: number | null;
	readonly endedMs: number | null;
	readonly modifiedMs: number;
	/** Of one of its machines; null as long as nobody knows it. */
	readonly price: MachinePrice | null;
}

export interface TrainingPhase {
	readonly name: string;
	readonly startMs: number;
	readonly endMs: number | null;
	readonly message: string;
}

/** The job's state that SageMaker's word stands for; a word that nobody knows is a training that goes on. */
export function statusOfTraining({ status, phase }: Pick<Training, "status" | "phase">): JobStatus {
	switch (status) {
		case "Completed":
			return "completed";
		case "Failed":
			return "failed";
		case "Stopped":
			return "stopped";
		default:
			return phase === "Pending" ? "pending" : "running";
	}
}

const phaseWords: Readonly<Record<string, string>> = {
	Starting: "starting",
	Pending: "waiting for a machine",
	LaunchingMLInstances: "waiting for a machine",
	PreparingTrainingStack: "preparing the machine",
	Downloading: "downloading its data",
	DownloadingTrainingImage: "downloading its image",
	Uploading: "uploading what it left",
	Stopping: "stopping",
	Interrupted: "interrupted, waits for a machine",
	Restarting: "restarting",
	Updating: "updating",
};

/** What it does just now where that is not plain training, e.g. `downloading its image`; null otherwise. */
export function phaseOfTraining(training: Pick<Training, "status" | "phase">): string | null {
	if (training.status === "Stopping") return phaseWords.Stopping ?? null;
	return statusOfTraining(training) === "running" || training.phase === "Pending"
		? (phaseWords[training.phase] ?? null)
		: null;
}

/** Why it ended as it did, in SageMaker's own words where it has any; null while it goes on or where all went well. */
export function endReason(training: Pick<Training, "status" | "phase" | "reason">): string | null {
	const status = statusOfTraining(training);
	if (status === "failed") return training.reason ?? "SageMaker gave no reason.";
	if (status !== "stopped") return null;
	if (training.phase === "MaxRuntimeExceeded") return "SageMaker stopped it: it ran longer than its limit.";
	if (training.phase === "MaxWaitTimeExceeded") return "SageMaker stopped it: it waited longer than its limit.";
	return training.reason ?? "It was stopped in SageMaker.";
}

/** `spot, interrupted 2 times`; null for a training on demand. */
export function spotWords({ isSpot, interruptions }: Pick<Training, "isSpot" | "interruptions">): string | null {
	if (!isSpot) return null;
	if (interruptions === 0) return "spot";
	return `spot, interrupted ${interruptions === 1 ? "once" : `${interruptions} times`}`;
}

/** `eu-central-1`, as its ARN says; null where it says none. */
export function regionOfTraining({ arn }: Pick<Training, "arn">): string | null {
	return /^arn:aws[\w-]*:sagemaker:([a-z0-9-]+):/.exec(arn)?.[1] ?? null;
}

/** Its page in AWS's own console; null where the ARN names no region. */
export function consoleUrl({ arn, name }: Pick<Training, "arn" | "name">): string | null {
	const [, partition = "", region = ""] = /^arn:(aws[\w-]*):sagemaker:([a-z0-9-]+):/.exec(arn) ?? [];
	const host = consoleHosts[partition];
	if (!host || region === "") return null;
	return `https://${host}/sagemaker/home?region=${region}#/jobs/${encodeURIComponent(name)}`;
}

const consoleHosts: Readonly<Record<string, string>> = {
	aws: "console.aws.amazon.com",
	"aws-cn": "console.amazonaws.cn",
	"aws-us-gov": "console.amazonaws-us-gov.com",
};
