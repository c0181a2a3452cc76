import { isAbsolute, normalize } from "node:path";
import {
	type Branch,
	type BranchCommits,
	type BranchTip,
	type ChangedFile,
	type Commit,
	type CommitLine,
	type GitRepository,
	isModelsBranch,
	type Remote,
} from "../../core/git/gitRepository";
import { GammaError } from "../../shared/errors";
import { readCommitLines } from "./commitLines";
import { GitCommand } from "./gitCommand";
import { readModelTips } from "./modelTips";
import { parseChanges } from "./parseChanges";
import { parseCommit } from "./parseCommit";

/** A file beyond this is not for a diff editor. */
const maxFileBytes = 50 * 1024 * 1024;
/** Model branches beyond this, by newest commit, are left out: each costs one git process. */
const maxModelBranches = 200;
const atOnce = 4;

/**
 * A repository read with the git program. Git runs filters that a repository may name (a checkout's smudge filter),
 * so this is made in a trusted workspace only.
 */
export class GitCli implements GitRepository {
	constructor(
		private readonly command: GitCommand,
		readonly root: string,
	) {}

	async head(signal?: AbortSignal): Promise<{ commit: string; branch: string | null } | null> {
		const commit = await this.command.run(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], {
			signal,
			expected: [1, 128],
		});
		if (commit.code !== 0) return null;
		const branch = await this.command.run(["symbolic-ref", "--quiet", "HEAD"], { signal, expected: [1] });
		const name = lines(branch.stdout.toString("utf8"))[0];
		return {
			commit: lines(commit.stdout.toString("utf8"))[0] ?? "",
			branch: name?.replace(/^refs\/heads\//, "") ?? null,
		};
	}

	async branches(signal?: AbortSignal): Promise<readonly Branch[]> {
		const format = "--format=%(refname)%00%(objectname)%00%(symref)";
		const output = await this.command.text(
			["for-each-ref", "--sort=-committerdate", format, "refs/heads", "refs/remotes"],
			{ signal },
		);
		const all = lines(output).flatMap((line) => {
			const [ref = "", commit = "", symref = ""] = line.split("\0");
			return symref === "" ? toBranch(ref, commit) : [];
		});
		return [...all.filter((branch) => !branch.isRemote), ...all.filter((branch) => branch.isRemote)];
	}

	async commit(sha: string, signal?: AbortSignal): Promise<Commit | null> {
		const output = await this.command.run(["cat-file", "--batch"], { signal, input: `${checkedSha(sha)}^{commit}\n` });
		const end = output.stdout.indexOf(10);
		const found = /^([0-9a-f]{40,64}) commit (\d+)$/.exec(
			output.stdout.subarray(0, Math.max(0, end)).toString("latin1"),
		);
		if (!found?.[1]) return null;
		return parseCommit(found[1], output.stdout.subarray(end + 1, end + 1 + Number(found[2])));
	}

	async modelCommits(limit: number, signal?: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
		const branches = await this.branches(signal);
		const main = await this.#mainRef(branches, signal);
		const refs = new Map<string, string>();
		for (const branch of branches) {
			if (!isModelsBranch(branch.name) || refs.has(branch.name) || refs.size >= maxModelBranches) continue;
			refs.set(branch.name, refOf(branch));
		}
		const without = main === null ? [] : [`^${main}`];
		const found = new Map<string, readonly string[]>();
		const waiting = [...refs];
		const work = async () => {
			for (let next = waiting.shift(); next; next = waiting.shift()) {
				found.set(next[0], await this.#commitsFrom([next[1], ...without], limit, signal));
			}
		};
		await Promise.all(Array.from({ length: atOnce }, work));
		return new Map([...refs.keys()].map((name) => [name, found.get(name) ?? []]));
	}

	async mainCommits(limit: number, signal?: AbortSignal): Promise<BranchCommits | null> {
		const main = await this.#mainRef(await this.branches(signal), signal);
		if (main === null) return null;
		const branch = main.replace(/^refs\/(heads|remotes\/[^/]+)\//, "");
		return { branch, commits: await this.#commitsFrom([main], limit, signal) };
	}

	async commitsOfFile(path: string, limit: number, signal?: AbortSignal): Promise<readonly string[]> {
		if (!isTreePath(path) || (await this.head(signal)) === null) return [];
		return this.#commitsFrom(["HEAD"], limit, signal, [path]);
	}

	async changedFiles(from: string | null, to: string, signal?: AbortSignal): Promise<readonly ChangedFile[]> {
		const trees = [from, to].filter((sha) => sha !== null);
		for (const sha of trees) await this.#require(sha, signal);
		const options = ["-r", "-z", "--raw", "--no-abbrev", "--find-renames", "--no-ext-diff", "--no-textconv"];
		if (from === null) {
			const listed = await this.command.text(["ls-tree", "-r", "-z", "--name-only", "--full-tree", checkedSha(to)], {
				signal,
			});
			return listed
				.split("\0")
				.flatMap((path) => (path === "" ? [] : [{ path, previousPath: null, kind: "added" as const }]));
		}
		return parseChanges(
			await this.command.text(["diff-tree", ...options, "--end-of-options", ...trees.map(checkedSha), "--"], {
				signal,
			}),
		);
	}

	async fileAt(sha: string, path: string, signal?: AbortSignal): Promise<Uint8Array | null> {
		await this.#require(sha, signal);
		if (!isTreePath(path)) return null;
		const listed = await this.command.text(["ls-tree", "-l", "-z", "--full-tree", checkedSha(sha), "--", path], {
			signal,
		});
		// `<mode> <type> <object> <size>TAB<path>`; a folder's own entry comes back as a tree.
		const entry = listed.split("\0").find((line) => line.slice(line.indexOf("\t") + 1) === path) ?? "";
		const parsed = /^\d+ (blob|commit) ([0-9a-f]+) +(\d+|-)\t/.exec(entry);
		if (!parsed) return null;
		const [, type, object = "", size] = parsed;
		if (type === "commit") return new TextEncoder().encode(`Subproject commit ${object}\n`);
		if (Number(size) > maxFileBytes) {
			throw new GammaError(
				"git.failed",
				`${path} has ${size} bytes at ${sha.slice(0, 7)}, too many to show in an editor.`,
			);
		}
		return (await this.command.run(["cat-file", "blob", object], { signal, maxBytes: maxFileBytes + 1024 })).stdout;
	}

	async modelTips(limit: number, signal?: AbortSignal): Promise<readonly BranchTip[]> {
		return readModelTips(this.command, await this.branches(signal), limit, signal);
	}

	commitLines(shas: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, CommitLine>> {
		return readCommitLines(this.command, shas, signal);
	}

	async remotes(signal?: AbortSignal): Promise<readonly Remote[]> {
		return lines(await this.command.text(["remote", "-v"], { signal })).flatMap((line) => {
			const [, name, url] = /^(.+?)\t(.+) \(fetch\)/.exec(line) ?? [];
			return name && url ? [{ name, url }] : [];
		});
	}

	async addWorktree(sha: string, folder: string): Promise<void> {
		if (!isAbsolute(folder)) throw new GammaError("git.failed", `${JSON.stringify(folder)} is not an absolute folder.`);
		const { sha: whole } = await this.#require(sha);
		await this.command.run(["worktree", "add", "--quiet", "--detach", "--end-of-options", folder, whole]);
	}

	async #require(sha: string, signal?: AbortSignal): Promise<Commit> {
		const commit = await this.commit(sha, signal);
		if (commit) return commit;
		throw new GammaError(
			"git.failed",
			`Commit ${sha.slice(0, 7)} is not in ${this.root}: fetch it (git fetch --all, or --unshallow) and try again.`,
		);
	}

	async #commitsFrom(
		refs: readonly string[],
		limit: number,
		signal?: AbortSignal,
		paths: readonly string[] = [],
	): Promise<readonly string[]> {
		const count = `--max-count=${Math.max(0, Math.floor(limit))}`;
		return lines(await this.command.text(["rev-list", count, "--end-of-options", ...refs, "--", ...paths], { signal }));
	}

	async #mainRef(branches: readonly Branch[], signal?: AbortSignal): Promise<string | null> {
		for (const name of ["main", "master"]) {
			const branch = branches.find((candidate) => candidate.name === name);
			if (branch) return refOf(branch);
		}
		const remote = branches.find((branch) => branch.remote !== null)?.remote;
		if (!remote) return null;
		const target = await this.command.run(["symbolic-ref", "--quiet", `refs/remotes/${remote}/HEAD`], {
			signal,
			expected: [1, 128],
		});
		return lines(target.stdout.toString("utf8"))[0] ?? null;
	}
}

/** The repository whose work tree holds `folder`; null where there is none. Rejects with `git.missing` without git. */
export async function findRepository(folder: string, gitPath: string, signal?: AbortSignal): Promise<GitCli | null> {
	const asked = await new GitCommand(gitPath, folder).run(["rev-parse", "--show-toplevel"], {
		signal,
		expected: [128],
	});
	const root = asked.stdout.toString("utf8").replace(/\r?\n$/, "");
	if (asked.code === 0 && root !== "") return new GitCli(new GitCommand(gitPath, normalize(root)), normalize(root));
	// Git has one exit code for all its reasons; a folder that belongs to another user is one a person can mend.
	if (asked.stderr.includes("dubious ownership")) {
		throw new GammaError("git.failed", `Git does not trust ${folder}: see git config safe.directory.`);
	}
	return null;
}

function checkedSha(sha: string): string {
	if (/^[0-9a-f]{7,64}$/.test(sha)) return sha;
	throw new GammaError("git.failed", `${JSON.stringify(sha.slice(0, 80))} is not the sha of a commit.`);
}

/** Git's trees hold no empty part, no `.` and no `..`; asking for one would be a failure, not an absence. */
function isTreePath(path: string): boolean {
	return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function toBranch(ref: string, commit: string): Branch[] {
	const local = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
	if (local) return [{ name: local, commit, isRemote: false, remote: null }];
	const remote = /^refs\/remotes\/([^/]+)\/(.+)$/.exec(ref);
	return remote?.[1] && remote[2] ? [{ name: remote[2], commit, isRemote: true, remote: remote[1] }] : [];
}

function refOf(branch: Branch): string {
	return branch.remote === null ? `refs/heads/${branch.name}` : `refs/remotes/${branch.remote}/${branch.name}`;
}

function lines(text: string): string[] {
	return text.split("\n").filter((line) => line !== "");
}
