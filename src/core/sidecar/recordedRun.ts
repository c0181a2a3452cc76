import type { RunStatus } from "../../shared/run";

/** A point as a store keeps it. */
export interface LoggedPoint {
	readonly key: string;
	readonly value: number;
	readonly step: number;
	readonly timestampMs: number;
}

/** What is known of a run when it starts. */
export interface NewRun {
	readonly name: string;
	readonly experimentName: string;
	readonly startTimeMs: number;
	readonly user: string;
	readonly tags: Readonly<Record<string, string>>;
}

export type EndStatus = Extract<RunStatus, "FINISHED" | "FAILED" | "KILLED">;

/** The run that a sidecar writes. None of its methods waits for a disk or a network but `finish`; none fails the training. */
export interface RecordedRun {
	/** Null while a server has not yet taken the run. */
	readonly id: string | null;
	/** MLflow's own note of it, where that is a file of this disk. */
	readonly metaPath: string | null;
	/** For the command, so that a script with MLflow calls of its own logs into the same run. */
	readonly environment: Readonly<Record<string, string>>;
	/** A file on this disk that becomes an artifact when it is given to `keep`. */
	localPath(artifactPath: string): string;
	log(points: readonly LoggedPoint[]): void;
	tag(key: string, value: string): void;
	/** The file at `localPath(artifactPath)` is complete. */
	keep(artifactPath: string): void;
	/** Resolves with a notice for the person, or null when everything is where it belongs. */
	finish(status: EndStatus, endTimeMs: number): Promise<string | null>;
}
