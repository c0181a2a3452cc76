import type { ArtifactEntry, Run, RunKey, Series } from "../../shared/run";
import type { TrackedJob } from "../jobs/trackedJob";

/** A file of the workspace as text, and how much of it there is. */
export interface FoundText {
	readonly text: string;
	/** Lines of the whole file. */
	readonly lines: number;
	/** The file is longer than what was read. */
	readonly isCut: boolean;
}

export interface FoundLine {
	readonly path: string;
	/** From 1. */
	readonly line: number;
	readonly text: string;
}

/**
 * The files of the workspace folder. Every path is checked on the disk at the moment of its use: what leads out of the
 * folder, into `.git`, or to a file of secrets rejects with `agent.toolRefused`, whose message names no folder of the machine.
 */
export interface WorkspaceFiles {
	read(path: string, signal?: AbortSignal): Promise<FoundText>;
	/** Whether a path is there, for a file that shall be new. */
	has(path: string): Promise<boolean>;
	list(path: string, signal?: AbortSignal): Promise<readonly { readonly path: string; readonly isDir: boolean }[]>;
	/** Lines that hold the text, as it is written; at most `limit`. */
	search(text: string, under: string, limit: number, signal?: AbortSignal): Promise<readonly FoundLine[]>;
}

/** What git tells in words. Arguments are checked by the caller; each answer is bounded. */
export interface GitHistory {
	log(path: string | null, limit: number, signal?: AbortSignal): Promise<string>;
	/** Between two commits, or the work tree and a commit where `other` is null. */
	diff(base: string, other: string | null, path: string | null, signal?: AbortSignal): Promise<string>;
	blame(path: string, fromLine: number, toLine: number, signal?: AbortSignal): Promise<string>;
}

/** Everything the agent may look at; what is not there is null. */
export interface Sources {
	readonly files: () => WorkspaceFiles | null;
	readonly git: () => GitHistory | null;
	readonly runs: () => readonly Run[];
	/** Those that are ticked in the side bar. */
	readonly ticked: () => readonly RunKey[];
	readonly history: (key: RunKey, metric: string, signal?: AbortSignal) => Promise<Series>;
	readonly artifacts: (key: RunKey, path: string, signal?: AbortSignal) => Promise<readonly ArtifactEntry[]>;
	readonly jobs: () => readonly TrackedJob[];
	/** A job's whole log as text, without colours; null where nobody keeps one. */
	readonly log: (jobId: string, signal?: AbortSignal) => Promise<string | null>;
}
