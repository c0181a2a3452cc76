/** What a commit has of one file. */
export interface FileToCommit {
	/** With `/`, from the work tree's root. */
	readonly path: string;
	/** Null: the commit does not have the file. */
	readonly content: Uint8Array | null;
	/** The content is as a work tree has it: git takes it to what it keeps, by the repository's attributes. */
	readonly isWorkTreeForm: boolean;
}

export interface CommitWish {
	readonly files: readonly FileToCommit[];
	readonly message: string;
	/** A new branch at HEAD, switched to; null: the one that is checked out. */
	readonly newBranch: string | null;
}

/** A commit's sha and the branch that it is on; null on a detached HEAD. */
export interface WrittenCommit {
	readonly sha: string;
	readonly branch: string | null;
}

/** One change of a commit, taken back on a branch of its own. */
export interface TestBranch {
	readonly branch: string;
	readonly commit: string;
	readonly path: string;
	/** What the change is against, where that is not the same file in the commit's parent. */
	readonly base?: { readonly commit: string; readonly path: string };
	/** Of `hunksOfCommit` for that file; `create` or `delete` of a file that only one of the two has. */
	readonly hunkId: string;
	readonly message: string;
}

/** The port that writes commits, in a trusted workspace and when a person asks. All reject with `git.failed`, in one sentence. */
export interface CommitWriter {
	/** What HEAD has of the file, as git keeps it; null where it has none. */
	headFile(path: string): Promise<Uint8Array | null>;
	/** Commits these files and nothing else: what else is changed or staged stays so. Hooks run as they do for any commit. */
	commitFiles(wish: CommitWish): Promise<WrittenCommit>;
	/** Pushes the branch by its name and follows it from then on. */
	push(remote: string, branch: string): Promise<void>;
	/** Makes the branch without touching the work tree, the index or HEAD. */
	makeTestBranch(wish: TestBranch): Promise<WrittenCommit>;
}
