/** The port to a git repository. Reads; the one thing it writes is a worktree, and only when a person asks. */

export interface Commit {
	readonly sha: string;
	readonly parents: readonly string[];
	readonly subject: string;
	readonly author: string;
	/** Milliseconds since the epoch. */
	readonly dateMs: number;
}

export interface Branch {
	/** Short name, e.g. `models/lr-sweep`. */
	readonly name: string;
	readonly commit: string;
	readonly isRemote: boolean;
}

export interface ChangedFile {
	readonly path: string;
	/** Where it was before a rename; null otherwise. */
	readonly previousPath: string | null;
	readonly kind: "added" | "modified" | "deleted" | "renamed";
}

export interface GitRepository {
	/** Absolute folder of the work tree. */
	readonly root: string;
	head(signal?: AbortSignal): Promise<{ readonly commit: string; readonly branch: string | null } | null>;
	branches(signal?: AbortSignal): Promise<readonly Branch[]>;
	/** Null when the repository does not have it (a shallow clone, another repository's commit). */
	commit(sha: string, signal?: AbortSignal): Promise<Commit | null>;
	/** Commits reachable from a `models` branch and not from the main branch, by branch, newest first, at most `limit` each. */
	modelCommits(limit: number, signal?: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>>;
	changedFiles(from: string, to: string, signal?: AbortSignal): Promise<readonly ChangedFile[]>;
	/** Null when the commit does not have the file. */
	fileAt(sha: string, path: string, signal?: AbortSignal): Promise<Uint8Array | null>;
	addWorktree(sha: string, folder: string): Promise<void>;
}

/** MMP: a push to `models` or `models/*` is one training job. */
export function isModelsBranch(name: string): boolean {
	return name === "models" || name.startsWith("models/");
}
