import type { AwsAccess } from "../../../core/aws/awsAccess";
import type { AwsChoice } from "../../../core/aws/awsChoice";
import type { JobModel } from "../../../core/jobs/jobModel";
import type { Relay } from "../../../core/relay/relay";
import type { CloneWish } from "../../../core/sagemaker/cloneWish";
import type { PriceList } from "../../../core/sagemaker/priceList";
import type { TrainingReader } from "../../../core/sagemaker/sagemakerWatch";
import type { Run } from "../../../shared/run";
import type { Repository } from "../../repository";
import type { WatchedView } from "../jobsAttention";

/** What is done with a training that exists. All reject with an `aws.…` error. */
export interface TrainingService extends TrainingReader {
	stop(name: string): Promise<void>;
	/** Begins one that is like another but for what `wish` says. */
	clone(name: string, wish: CloneWish): Promise<void>;
	/** When its log grew last, in milliseconds since the epoch; null where it has none yet. */
	lastLogMs(name: string, signal: AbortSignal): Promise<number | null>;
}

export interface TrainingPorts {
	readonly connect: (choice: AwsChoice) => Promise<TrainingService>;
	/** Writes the end of a run of an MLflow server into it; rejects with a `store.…` error. */
	readonly endRun: (storeUri: string, runId: string, status: "FINISHED" | "FAILED" | "KILLED") => Promise<void>;
	/** AWS's prices of a region; null where they are not AWS's. Rejects with an `aws.…` error. */
	readonly prices: (region: string, signal: AbortSignal) => Promise<PriceList | null>;
	readonly storeUri: (storeId: string) => { readonly uri: string; readonly isServer: boolean } | null;
}

export interface TrainingsParts extends TrainingPorts {
	readonly access: AwsAccess;
	readonly jobs: JobModel;
	readonly repository: Repository;
	readonly relay: () => Relay | null;
	readonly runsOf: (id: string) => readonly Run[];
	readonly view: WatchedView;
}
