import type { GithubNews, PassedBy } from "../../src/core/jobs/readGithub";
import type { SagemakerNews } from "../../src/core/jobs/readSagemaker";

/** A delivery whose sender is proven, read and not yet stored. */
export interface Delivery {
	readonly source: "github" | "aws";
	/** The sender's own: the same one told again counts once. */
	readonly id: string;
	readonly kind: string;
	/** Hex: the same bytes under another id are a replay. */
	readonly bodySha256: string;
	readonly news: GithubNews | SagemakerNews;
}

/** What came of a delivery, as it is answered, stored and counted. */
export type Outcome =
	/** It made a job. */
	| "job"
	/** It changed a job or a project. */
	| "changed"
	/** Nothing new was in it. */
	| "unchanged"
	/** Kept, for a job that is not there yet. */
	| "noJob"
	| "unknownRepository"
	/** This id had come before. */
	| "repeated"
	/** These bytes had come before, under another id. */
	| "replayed"
	| PassedBy;

export interface Taken {
	readonly outcome: Outcome;
	readonly projectId?: string | undefined;
	readonly jobId?: string | undefined;
}

export interface Rules {
	/** AWS tells of SageMaker's jobs: then it, not the workflow that began one, says how it ends. */
	readonly hearsOfSagemaker: boolean;
}
