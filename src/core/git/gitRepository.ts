/** The port to a git repository. Reads; the one thing it writes is a worktree, and only when a person asks. */

export interface Commit {
	readonly sha: string;
	/** As the commit itself names them, so also those that a shallow clone does not have. */
	readonly parents: readonly string[];
	readonly subject: string;
	readonly author: string;
	/** Milliseconds since the epoch. */
	readonly dateMs: number;
}

export interface Branch {
	/** Short name without the remote's, e.g. `models/lr-sweep`. */
	readonly name: string;
	readonly commit: string;
	readonly isRemote: boolean;
	/** `origin` for `refs/remotes/origin/models`; null for a local branch. */
	readonly remote: string | null;
}

export interface ChangedFile {
	readonly path: string;
	/** Where it was before a rename; null otherwise. */
	readonly previousPath: string | null;
	readonly kind: "added" | "modified" | "deleted" | "renamed";
}

/** The newest commits of one branch, newest first. */
export interface BranchCommits {
	readonly branch: string;
	readonly commits: readonly string[];
}

/** A state of a `models` branch that git has seen: the nearest to a push that a clone can tell. */
export interface BranchTip {
	readonly branch: string;
	readonly commit: string;
	/** `origin` for `refs/remotes/origin/models`; null for a local branch. */
	readonly remote: string | null;
	/** When this clone pushed or fetched it, in milliseconds since the epoch; null where no record is kept (a fresh clone). */
	readonly atMs: number | null;
	/** This clone pushed it; else it was fetched, or is only here. */
	readonly isPushedHere: boolean;
}

/** What a list says of a commit. */
export interface CommitLine {
	readonly subject: string;
	readonly author: string;
	/** Its author has the e-mail address that git is configured with here. */
	readonly isOwn: boolean;
	/** When it was committed, in milliseconds since the epoch. */
	readonly committedMs: number;
}

export interface Remote {
	readonly name: string;
	/** Where it is fetched from, with `insteadOf` applied; may hold a password. */
	readonly url: string;
}

/** Every method rejects with a `GammaError`: `git.missing`, `git.failed` or `call.cancelled`. */
export interface GitRepository {
	/** Absolute folder of the work tree. */
	readonly root: string;
	/** Null where there is no commit yet. `branch` is null on a detached HEAD. */
	head(signal?: AbortSignal): Promise<{ readonly commit: string; readonly branch: string | null } | null>;
	/** Local branches, and those of remotes as last fetched; by name, local before remote. */
	branches(signal?: AbortSignal): Promise<readonly Branch[]>;
	/** Null when the repository does not have it (a shallow clone, another repository's commit). A short sha will do. */
	commit(sha: string, signal?: AbortSignal): Promise<Commit | null>;
	/** Commits reachable from a `models` branch and not from the main branch, by branch, newest first, at most `limit` each. */
	modelCommits(limit: number, signal?: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>>;
	/** The main branch (`main`, else `master`, else the remote's own choice); null where none of them is there. */
	mainCommits(limit: number, signal?: AbortSignal): Promise<BranchCommits | null>;
	/** The commits on the way to HEAD that changed this file, newest first; empty for a file git does not know. */
	commitsOfFile(path: string, limit: number, signal?: AbortSignal): Promise<readonly string[]>;
	/** `from` null compares with nothing: every file of `to` is added. */
	changedFiles(from: string | null, to: string, signal?: AbortSignal): Promise<readonly ChangedFile[]>;
	/** Null when the commit does not have the file. A link's bytes are its target, a submodule's the commit it is at. */
	fileAt(sha: string, path: string, signal?: AbortSignal): Promise<Uint8Array | null>;
	/** States of `models` branches, newest first, local tips last; at most `limit` from the records of what was pushed and fetched. */
	modelTips(limit: number, signal?: AbortSignal): Promise<readonly BranchTip[]>;
	/** By sha, without those that the repository does not have. */
	commitLines(shas: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, CommitLine>>;
	/** In the order of git's configuration. */
	remotes(signal?: AbortSignal): Promise<readonly Remote[]>;
	/** Checks the commit out, detached, into `folder` (absolute, absent or empty). Runs no hook. */
	addWorktree(sha: string, folder: string): Promise<void>;
}

/** MMP: a push to `models` or `models/*` is one training job. */
export function isModelsBranch(name: string): boolean {
	return name === "models" || name.startsWith("models/");
}
