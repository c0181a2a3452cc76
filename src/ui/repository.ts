import * as vscode from "vscode";
import { type Disposable, Owner } from "../core/disposable";
import { Emitter } from "../core/emitter";
import { CommitIndex, type CommitSources, noCommits } from "../core/git/commitIndex";
import type { GitRepository } from "../core/git/gitRepository";
import type { Logger } from "../core/logger";
import type { CommitNames } from "../core/tree/groupOfRun";
import { toFailure } from "../shared/errors";

/** Commits looked at per branch to tell where a run belongs. */
const commitsPerBranch = 1000;
/** Subjects asked for at once; each costs a git process. */
const subjectsAtMost = 200;

export interface RepositoryParts {
	/** Starts git; called in trusted workspaces only. Null where the folder lies in no repository. */
	readonly find: (folder: string) => Promise<GitRepository | null>;
	readonly logger: Logger;
}

/** The git repository of the workspace's first folder that has one: nothing at all until the workspace is trusted. */
export class Repository extends Owner {
	#git: GitRepository | null = null;
	#sources = noCommits;
	#index = new CommitIndex([], noCommits);
	#watches: Disposable[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;
	readonly #subjects = new Map<string, string | null>();
	readonly #changed = this.own(new Emitter<void>());
	/** Branches, commits or the repository itself changed. */
	readonly onDidChange = this.#changed.event;
	readonly #refsChanged = this.own(new Emitter<void>());
	/** Branches, their records or the repository itself may have changed; subjects alone do not count. */
	readonly onDidChangeRefs = this.#refsChanged.event;

	readonly names: CommitNames = {
		branchOf: (run) => this.#index.branchOf(run),
		subjectOf: (sha) => this.#subjects.get(sha) ?? null,
	};

	/** Knows no commit while there is no repository, or none that may be read yet. */
	readonly commits: Pick<GitRepository, "changedFiles" | "commit"> = {
		commit: async (sha, signal) => (await this.#git?.commit(sha, signal)) ?? null,
		changedFiles: async (from, to, signal) => (await this.#git?.changedFiles(from, to, signal)) ?? [],
	};

	constructor(private readonly parts: RepositoryParts) {
		super();
		const open = () => void this.open();
		this.own(vscode.workspace.onDidGrantWorkspaceTrust(open));
		this.own(vscode.workspace.onDidChangeWorkspaceFolders(open));
		this.own({ dispose: () => this.#unwatch() });
		this.own({ dispose: () => clearTimeout(this.#timer) });
	}

	get git(): GitRepository | null {
		return this.#git;
	}

	/** Branches and their commits, as last read. */
	get sources(): CommitSources {
		return this.#sources;
	}

	async open(): Promise<void> {
		if (!vscode.workspace.isTrusted || this.isDisposed) return;
		try {
			this.#git = await this.#find();
			this.#watch();
			await this.#read();
		} catch (error) {
			this.parts.logger.warn("git could not be read", { reason: toFailure(error).message });
		}
		this.#changed.fire();
		this.#refsChanged.fire();
	}

	/** Reads the subjects of these commits, where they are not known yet. */
	async readSubjects(commits: Iterable<string>): Promise<void> {
		const git = this.#git;
		if (!git) return;
		const wanted = [...new Set(commits)].filter((sha) => !this.#subjects.has(sha)).slice(0, subjectsAtMost);
		if (wanted.length === 0) return;
		for (const sha of wanted) this.#subjects.set(sha, null);
		for (const sha of wanted) {
			const commit = await git.commit(sha).catch(() => null);
			this.#subjects.set(sha, commit?.subject ?? null);
		}
		if (!this.isDisposed && wanted.some((sha) => this.#subjects.get(sha))) this.#changed.fire();
	}

	async #find(): Promise<GitRepository | null> {
		for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
			const found = uri.scheme === "file" ? await this.parts.find(uri.fsPath) : null;
			if (found) return found;
		}
		return null;
	}

	async #read(): Promise<void> {
		const git = this.#git;
		if (!git) {
			this.#place(noCommits);
			return;
		}
		const [branches, modelCommits, main] = await Promise.all([
			git.branches(),
			git.modelCommits(commitsPerBranch),
			git.mainCommits(commitsPerBranch),
		]);
		this.#place({ branches, modelCommits, main });
	}

	#place(sources: CommitSources): void {
		this.#sources = sources;
		this.#index = new CommitIndex([], sources);
	}

	#watch(): void {
		this.#unwatch();
		if (!this.#git) return;
		const folder = vscode.Uri.joinPath(vscode.Uri.file(this.#git.root), ".git");
		for (const pattern of ["{HEAD,packed-refs}", "refs/{heads,remotes}/**"]) {
			const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, pattern));
			const reread = () => this.#rereadSoon();
			watcher.onDidChange(reread);
			watcher.onDidCreate(reread);
			watcher.onDidDelete(reread);
			this.#watches.push(watcher);
		}
	}

	/** A rebase writes refs many times over. */
	#rereadSoon(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			this.#read().then(
				() => {
					this.#changed.fire();
					this.#refsChanged.fire();
				},
				(error: unknown) => this.parts.logger.warn("git could not be read", { reason: toFailure(error).message }),
			);
		}, 500);
	}

	#unwatch(): void {
		for (const watch of this.#watches) watch.dispose();
		this.#watches = [];
	}
}
