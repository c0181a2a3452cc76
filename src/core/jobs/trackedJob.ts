import type { Job } from "../../shared/relay/job";
import type { Project } from "../../shared/relay/project";
import type { Event } from "../emitter";
import type { Training } from "../sagemaker/training";
import type { Door } from "./door";

/** Who told of a job: the relay, or without one this clone's branches, GitHub's own list of workflow runs, and SageMaker. */
export type JobSourceKind = "relay" | "git" | "actions" | "sagemaker";

/** A training job as the editor knows it: what the relay keeps, and what its stream told since. */
export interface TrackedJob {
	readonly job: Job;
	readonly source: JobSourceKind;
	/** `owner/name`; null where the clone has no forge. */
	readonly repository: string | null;
	/** Last value per metric, as its stream told; empty until it did. */
	readonly metrics: Readonly<Record<string, number>>;
	readonly step: number | null;
	/** Bytes of its log; null while nobody said. */
	readonly logSizeBytes: number | null;
	/** The event that last told of a comment on it; absent until one did. */
	readonly lastCommentEvent?: number;
	/** When anything was last heard of it, in milliseconds since the epoch. */
	readonly lastSignMs: number;
	/** The person who looks is its author, so that its end is told. */
	readonly isOwn: boolean;
	/** Its page at the forge; null where there is none. */
	readonly url: string | null;
	/** What SageMaker says of it; `isGuess` where neither a name nor a tag says that it is this job's. */
	readonly training?: Training & { readonly isGuess: boolean };
}

/** How the jobs come to be known, each a state with a name (ux.md, "every dead end has a door"). */
export type JobsState =
	/** No relay: from git, and from GitHub where the person let Gamma ask. */
	| {
			readonly kind: "withoutRelay";
			readonly github: "absent" | "signedOut" | "signedIn" | "failed";
			readonly reason: string | null;
	  }
	| { readonly kind: "signedOut"; readonly url: string }
	| { readonly kind: "connecting"; readonly url: string }
	/** `live` is up to date; `catchingUp` reads what it missed; `offline` tells what was known at `sinceMs`. */
	| {
			readonly kind: "live" | "catchingUp" | "offline";
			readonly url: string;
			readonly sinceMs: number;
			readonly reason: string | null;
	  };

export interface JobsSnapshot {
	readonly state: JobsState;
	readonly projects: readonly Project[];
	/** Whether jobs of any of them are shown here. */
	readonly hasShownProject?: boolean;
	/** By id. */
	readonly jobs: ReadonlyMap<string, TrackedJob>;
	/** What keeps more from being known, with its remedy, beside what `state` says. */
	readonly doors?: readonly Door[];
}

/** Ids of what changed; empty when only the state did. */
export interface JobsChange {
	readonly jobIds: readonly string[];
}

/** Where jobs come from: a relay, or git and GitHub without one. */
export interface JobSource {
	readonly snapshot: JobsSnapshot;
	readonly onDidChange: Event<JobsChange>;
}
