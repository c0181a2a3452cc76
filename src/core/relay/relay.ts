import type { ArtifactLink, ArtifactPage } from "../../shared/relay/artifact";
import type { EventKind, EventOf } from "../../shared/relay/event";
import type { Job, JobStatus } from "../../shared/relay/job";
import type { Member, Project, Role } from "../../shared/relay/project";

/** A page of a list, newest first; `next` is what to give as `before`, null on the last. */
export interface Page<T> {
	readonly items: readonly T[];
	readonly next: string | null;
}

export interface JobQuery {
	/** Id of the project; all projects when left out. */
	readonly project?: string;
	readonly branch?: string;
	readonly status?: JobStatus;
	readonly before?: string;
	/** At most 200. */
	readonly limit?: number;
}

export interface JobChange {
	readonly status?: JobStatus;
	readonly reason?: string | null;
	readonly sagemakerJobName?: string | null;
	readonly workflowRunId?: string | null;
}

/** A state that a job came into, and why. */
export interface StateChange {
	readonly status: JobStatus;
	readonly reason: string | null;
	/** ISO 8601, UTC. */
	readonly at: string;
}

export interface Comment {
	readonly id: string;
	readonly jobId: string;
	readonly author: string;
	readonly text: string;
	readonly createdAt: string;
}

/** What a commit changes, in words. */
export interface KeptSummary {
	readonly summary: string;
	/** What wrote it; null where that is not known. */
	readonly model: string | null;
	/** Of the diff that it was written of; null where it is not known. */
	readonly diffHash: string | null;
	/** ISO 8601, UTC. */
	readonly createdAt: string;
}

/** What a person may set of a project; `repository` is `owner/name`. */
export type ProjectChange = Partial<
	Pick<Project, "name" | "repository" | "s3Bucket" | "s3Prefix" | "mlflowExperiment" | "target">
>;

/** `content` null: the file goes. */
export interface RelayCommit {
	readonly branch: string;
	/** The branch is made with the commit, from `baseSha` on. */
	readonly isNewBranch?: boolean;
	readonly baseSha: string;
	readonly message: string;
	readonly files: readonly { readonly path: string; readonly content: string | null }[];
}

export type RelayCommitAnswer =
	| { readonly kind: "made"; readonly commitSha: string; readonly url: string | null }
	| { readonly kind: "moved"; readonly headSha: string };

export type Params = Readonly<Record<string, string | number | boolean | null>>;

/** A part of a job's log: `bytes` from the offset asked for, and how long the whole log is now. */
export interface LogPart {
	readonly bytes: Uint8Array;
	readonly sizeBytes: number;
}

/** One event as the relay numbers it; ids only grow. */
export type RelayEvent = {
	[K in EventKind]: { readonly id: string; readonly kind: K; readonly data: EventOf<K> };
}[EventKind];

/**
 * The port to a relay (architecture.md, section 6). Every method rejects with a `GammaError`: `relay.unreachable`,
 * `relay.unauthorized`, `relay.refused` (its `detail` is the message) or `call.cancelled`.
 */
export interface Relay {
	projects(signal?: AbortSignal): Promise<readonly Project[]>;
	makeProject(project: ProjectChange & { name: string; repository: string }): Promise<Project>;
	changeProject(id: string, change: ProjectChange): Promise<Project>;
	deleteProject(id: string): Promise<void>;
	members(projectId: string, signal?: AbortSignal): Promise<readonly Member[]>;
	/** Of somebody who is in it already: gives them this role. */
	addMember(projectId: string, userId: string, role: Role): Promise<void>;
	removeMember(projectId: string, userId: string): Promise<void>;
	jobs(query: JobQuery, signal?: AbortSignal): Promise<Page<Job>>;
	job(id: string, signal?: AbortSignal): Promise<Job>;
	/** Newest first. */
	history(id: string, signal?: AbortSignal): Promise<readonly StateChange[]>;
	stop(id: string): Promise<Job>;
	/** Writes what the relay was not told; whoever may write to the project may. */
	changeJob(id: string, change: JobChange): Promise<Job>;
	/** A new attempt of the same commit; `params` are handed to the training. */
	retry(id: string, params?: Params): Promise<Job>;
	/** At most 8 MiB from `offset` on, in bytes. */
	readLog(id: string, offset: number, signal?: AbortSignal): Promise<LogPart>;
	/** Newest first. */
	comments(jobId: string, signal?: AbortSignal): Promise<readonly Comment[]>;
	addComment(jobId: string, text: string): Promise<Comment>;
	/** Of a whole sha; null where nobody had it written. */
	summary(projectId: string, sha: string, signal?: AbortSignal): Promise<KeptSummary | null>;
	keepSummary(projectId: string, sha: string, summary: Omit<KeptSummary, "createdAt">): Promise<void>;
	/** What begins with `prefix`, a whole beginning of keys, in a project's bucket: up to the next `/`, or `isDeep` as far as it goes. */
	artifacts(
		projectId: string,
		asked: {
			readonly prefix: string;
			readonly cursor: string | null;
			readonly limit: number;
			readonly isDeep?: boolean;
		},
		signal?: AbortSignal,
	): Promise<ArtifactPage>;
	/** A link to what has this whole key, for as many seconds; null for as many as the relay thinks right. */
	artifactLink(projectId: string, key: string, seconds: number | null, signal?: AbortSignal): Promise<ArtifactLink>;
	/** A commit of whole files on top of a branch, made by the GitHub App; `moved` where the branch is not at `baseSha`. */
	makeCommit(projectId: string, wish: RelayCommit): Promise<RelayCommitAnswer>;
}
