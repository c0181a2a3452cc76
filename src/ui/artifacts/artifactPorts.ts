import type { ArtifactPlace } from "../../core/artifacts/artifactPlace";
import type { CheckpointContents } from "../../core/artifacts/checkpointContents";
import type { S3Place } from "../../core/artifacts/s3Uri";
import type { AwsAccess } from "../../core/aws/awsAccess";
import type { ContextValues } from "../../core/contributions";
import type { JobModel } from "../../core/jobs/jobModel";
import type { TrackedJob } from "../../core/jobs/trackedJob";
import type { Logger } from "../../core/logger";
import type { Relay } from "../../core/relay/relay";
import type { RunModel } from "../../core/runs/runModel";
import type { RunLibrary } from "../../core/stores/runLibrary";
import type { ArtifactBytes, ByteRange } from "../../core/stores/trackingStore";
import type { Preview } from "../../shared/preview";
import type { WorkspaceMemory } from "../memory";

export type ReadRange = (range: ByteRange) => Promise<ArtifactBytes>;

/** What reads files and buckets, in files of their own. */
export interface ArtifactReaders {
	openFolder(path: string): Promise<ArtifactPlace>;
	/** With the account, region and endpoint that the settings name now. */
	openS3(place: S3Place): Promise<ArtifactPlace>;
	/** As a relay lends it: only read. */
	openLent(lent: {
		readonly relay: Relay;
		readonly projectId: string;
		readonly place: S3Place;
	}): Promise<ArtifactPlace>;
	preview(read: ReadRange, path: string, sizeBytes: number | null): Promise<Preview>;
	/** Null for what is no checkpoint. */
	contents(read: ReadRange, sizeBytes: number | null): Promise<CheckpointContents | null>;
}

export interface ArtifactPorts {
	readonly library: RunLibrary;
	readonly runs: RunModel;
	readonly jobs: JobModel;
	readonly aws: Pick<AwsAccess, "onDidChange" | "succeeded" | "failed" | "mayAsk">;
	readonly readers: ArtifactReaders;
	/** Null where there is none that may be asked. */
	readonly relay: () => Relay | null;
	/** Begins a copy of the job's SageMaker training that goes on from a checkpoint in S3; its path is put into `param`. */
	readonly continueTraining: (
		tracked: TrackedJob,
		from: { readonly uri: string; readonly isFolder: boolean },
		param: string,
	) => Promise<void>;
	readonly memory: WorkspaceMemory;
	readonly openRelayJob: (id: string) => void;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
	readonly logger: Logger;
}
