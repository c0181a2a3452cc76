import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isRemoteOf, isRepositoryName } from "../../core/runner/repositoryName";
import { GammaError, toFailure } from "../../shared/errors";
import { GitCli } from "../git/gitCli";
import { GitCommand } from "../git/gitCommand";

/** A network that is away for a moment does not fail a job. */
const fetchRetriesMs = [2_000, 5_000];

export interface Code {
	/** `owner/name`. */
	readonly repository: string;
	readonly commitSha: string;
	readonly branch: string;
}

export interface CodeSourceOptions {
	readonly dataDir: string;
	/** The person's own repository; null where there is none. It is read and never written to. */
	readonly local: GitCli | null;
	readonly gitPath: string;
}

/**
 * Checks commits out, each in a folder of its own. The worktrees belong to a bare repository in the data folder, which borrows
 * its objects from the person's own repository where that has them, and fetches them from its remote where it has not.
 */
export class CodeSource {
	/** One change of a bare repository at a time. */
	readonly #turns = new Map<string, Promise<unknown>>();

	constructor(private readonly options: CodeSourceOptions) {}

	/**
	 * Resolves with what is missing of its submodules, as a sentence, or null: who needs none need not be able to fetch them.
	 * Rejects with `git.failed` where the commit cannot be had, or `call.cancelled`.
	 */
	checkOut(code: Code, folder: string, signal: AbortSignal): Promise<string | null> {
		const bare = this.#bareOf(code.repository);
		return this.#inTurn(bare.folder, async () => {
			signal.throwIfAborted();
			await this.#prepare(bare, code);
			if (!(await hasCommit(bare, code.commitSha))) await this.#fetch(bare, code, signal);
			await new GitCli(bare, bare.folder).addWorktree(code.commitSha, folder);
			return this.#addSubmodules(folder, signal);
		});
	}

	/** A file as the commit has it; null where it has none. */
	async fileAt(code: Code, path: string): Promise<string | null> {
		const bare = this.#bareOf(code.repository);
		const bytes = await new GitCli(bare, bare.folder).fileAt(code.commitSha, path);
		return bytes === null ? null : new TextDecoder().decode(bytes);
	}

	/** Removes a checkout, also one that a crash left half made. */
	async remove(folder: string): Promise<void> {
		const owner = bareOfTree(folder);
		rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
		if (owner === null || !existsSync(owner)) return;
		await this.#inTurn(owner, () => new GitCommand(this.options.gitPath, owner).run(["worktree", "prune"]));
	}

	/** The person's own repository where it is the one, by its remote or because it has the commit; null where it is another. */
	async localFor(code: Code): Promise<GitCli | null> {
		const { local } = this.options;
		if (local === null) return null;
		const isIt = (await this.#remotesOf(local)).some((url) => isRemoteOf(url, code.repository));
		return isIt || (await local.commit(code.commitSha)) !== null ? local : null;
	}

	#bareOf(repository: string): GitCommand {
		if (!isRepositoryName(repository))
			throw new GammaError("git.failed", `${JSON.stringify(repository)} is not the name of a repository.`);
		const folder = resolve(this.options.dataDir, "repositories", `${repository}.git`);
		return new GitCommand(this.options.gitPath, folder);
	}

	async #addSubmodules(folder: string, signal: AbortSignal): Promise<string | null> {
		if (!existsSync(join(folder, ".gitmodules"))) return null;
		const git = new GitCommand(this.options.gitPath, folder);
		return git.run(["submodule", "--quiet", "update", "--init", "--recursive"], { signal }).then(
			() => null,
			(error: unknown) => `Its submodules are not all there (${toFailure(error).message}).`,
		);
	}

	async #prepare(bare: GitCommand, code: Code): Promise<void> {
		if (!existsSync(join(bare.folder, "HEAD"))) {
			mkdirSync(bare.folder, { recursive: true });
			const format = code.commitSha.length === 64 ? "sha256" : "sha1";
			await bare.run(["init", "--quiet", "--bare", `--object-format=${format}`, "."]);
		}
		// Submodules and large files (git-lfs) are looked for beside it.
		await bare.run(["config", "remote.origin.url", await this.#urlOf(code)]);
		const local = await this.localFor(code);
		if (local === null) return;
		const git = new GitCommand(this.options.gitPath, local.root);
		const objects = resolve(local.root, (await git.text(["rev-parse", "--git-path", "objects"])).trim());
		borrow(join(bare.folder, "objects", "info", "alternates"), objects);
	}

	/** The commit itself where the server gives it, else by its branch. */
	async #fetch(bare: GitCommand, code: Code, signal: AbortSignal): Promise<void> {
		const { commitSha, branch, repository } = code;
		const url = await this.#urlOf(code);
		const fetch = (refspec: string) =>
			bare.run(["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--end-of-options", url, refspec], {
				signal,
			});
		for (let tries = 0; ; tries++) {
			try {
				await fetch(`${commitSha}:refs/gamma/${commitSha}`).catch(() =>
					fetch(`+refs/heads/${branch}:refs/gamma/heads/${branch}`),
				);
				break;
			} catch (error) {
				const retryMs = fetchRetriesMs[tries];
				if (signal.aborted || retryMs === undefined) throw error;
				await wait(retryMs, undefined, { signal });
			}
		}
		if (await hasCommit(bare, commitSha)) return;
		throw new GammaError(
			"git.failed",
			`${repository} has no commit ${commitSha.slice(0, 7)} any longer: push it again.`,
		);
	}

	/** As the person's own repository reaches it, else at GitHub. */
	async #urlOf(code: Code): Promise<string> {
		const local = await this.localFor(code);
		const remotes = local === null ? [] : await this.#remotesOf(local);
		const url = remotes.find((remote) => isRemoteOf(remote, code.repository));
		if (local === null || url === undefined) return `https://github.com/${code.repository}.git`;
		// A path is seen from the repository that names it.
		return /^\.{1,2}\//.test(url) ? resolve(local.root, url) : url;
	}

	async #remotesOf(local: GitCli): Promise<readonly string[]> {
		const git = new GitCommand(this.options.gitPath, local.root);
		const listed = await git.run(["config", "--get-regexp", "^remote\\..*\\.url$"], { expected: [1] });
		return listed.stdout
			.toString("utf8")
			.split("\n")
			.flatMap((line) => (line.includes(" ") ? [line.slice(line.indexOf(" ") + 1)] : []));
	}

	#inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
		const turn = (this.#turns.get(key) ?? Promise.resolve()).then(work, work);
		this.#turns.set(key, turn);
		return turn;
	}
}

async function hasCommit(bare: GitCommand, sha: string): Promise<boolean> {
	return (await new GitCli(bare, bare.folder).commit(sha)) !== null;
}

/** A line of git's `alternates`: objects that are read from there. A repository that was moved away is dropped. */
function borrow(path: string, objects: string): void {
	const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
	const kept = [...new Set([...lines, objects])].filter((line) => line !== "" && existsSync(line));
	const text = `${kept.join("\n")}\n`;
	if (lines.join("\n") === text) return;
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
}

/** A worktree's `.git` is a file: `gitdir: <bare>/worktrees/<name>`. */
function bareOfTree(folder: string): string | null {
	try {
		const found = /^gitdir: (.+)$/m.exec(readFileSync(join(folder, ".git"), "utf8"))?.[1];
		return found === undefined ? null : dirname(dirname(found));
	} catch {
		return null;
	}
}
