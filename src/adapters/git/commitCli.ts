import { copyFile, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { applyEdits } from "../../core/edits/decideHunks";
import { splitLines } from "../../core/edits/lines";
import { mergeLines } from "../../core/edits/mergeLines";
import { revertHunk } from "../../core/edits/revertHunk";
import type { CommitWish, CommitWriter, FileToCommit, TestBranch, WrittenCommit } from "../../core/git/commitWriter";
import { GammaError } from "../../shared/errors";
import type { GitCommand } from "./gitCommand";
import { type IndexEntry, stagedEntry, toIndexInfo, treeEntry } from "./indexEntries";

const plainFile = "100644";
const maxFileBytes = 50 * 1024 * 1024;
/** What git leaves in its folder while it waits for a person. */
const unfinished = {
	MERGE_HEAD: "A merge",
	CHERRY_PICK_HEAD: "A cherry-pick",
	REVERT_HEAD: "A revert",
	"rebase-merge": "A rebase",
	"rebase-apply": "A rebase",
};

interface Placed {
	readonly path: string;
	readonly head: IndexEntry | null;
	readonly entry: IndexEntry | null;
	readonly staged: IndexEntry | null;
}

/**
 * Writes commits with the git program. What is committed goes through an index of its own (`GIT_INDEX_FILE`), so that nothing
 * that is staged or changed beside it is touched, and nothing is ever stashed.
 */
export class CommitCli implements CommitWriter {
	constructor(private readonly command: GitCommand) {}

	async headFile(path: string): Promise<Uint8Array | null> {
		const entry = await treeEntry(this.command, "HEAD", path);
		return entry && this.#blob(entry.object);
	}

	async commitFiles(wish: CommitWish): Promise<WrittenCommit> {
		const gitFolder = resolve(this.command.folder, line(await this.command.text(["rev-parse", "--absolute-git-dir"])));
		await demandQuiet(gitFolder);
		const head = await this.#head();
		const placed: Placed[] = [];
		for (const file of wish.files) placed.push(await this.#place(file));
		if (placed.every(({ head, entry }) => isSame(head, entry))) {
			throw new GammaError("git.failed", "There is nothing to commit: the last commit has these edits already.");
		}
		const own = await mkdtemp(join(tmpdir(), "gamma-index-"));
		try {
			const indexFile = join(own, "index");
			// With what is known of the files, so that a large work tree is not read anew.
			await copyFile(join(gitFolder, "index"), indexFile).catch(() => {});
			await this.command.run(["read-tree", "--reset", head.sha], { indexFile });
			const input = toIndexInfo(placed, head.sha.length);
			await this.command.run(["update-index", "-z", "--index-info"], { indexFile, input });
			if (wish.newBranch !== null) await this.#switchTo(wish.newBranch);
			try {
				await this.#commit(wish.message, indexFile);
			} catch (error) {
				if (wish.newBranch !== null) await this.#switchBack(head, wish.newBranch);
				throw error;
			}
		} finally {
			await rm(own, { recursive: true, force: true });
		}
		const staged = placed.map(({ path, staged }) => ({ path, entry: staged }));
		await this.command.run(["update-index", "-z", "--index-info"], { input: toIndexInfo(staged, head.sha.length) });
		return this.#head();
	}

	async push(remote: string, branch: string): Promise<void> {
		const ref = `refs/heads/${branch}`;
		await this.command.run(["push", "--quiet", "--set-upstream", "--end-of-options", remote, `${ref}:${ref}`], {
			runsHooks: true,
		});
	}

	async makeTestBranch({ branch, commit, path, base, hunkId, message }: TestBranch): Promise<WrittenCommit> {
		await this.#demandName(branch);
		const from = base ?? { commit: `${commit}^`, path };
		const [before, after] = [
			await treeEntry(this.command, from.commit, from.path),
			await treeEntry(this.command, commit, path),
		];
		const entry = await this.#entryWithout(path, hunkId, before, after);
		const own = await mkdtemp(join(tmpdir(), "gamma-index-"));
		try {
			const indexFile = join(own, "index");
			await this.command.run(["read-tree", commit], { indexFile });
			const objectLength = (entry ?? after ?? before)?.object.length ?? 40;
			const input = toIndexInfo([{ path, entry }], objectLength);
			await this.command.run(["update-index", "-z", "--index-info"], { indexFile, input });
			const tree = line(await this.command.text(["write-tree"], { indexFile }));
			const sha = line(await this.command.text(["commit-tree", tree, "-p", commit, "-F", "-"], { input: message }));
			// An empty old value: only where no such branch is there.
			await this.command.run(["update-ref", "-m", "gamma: test one change", `refs/heads/${branch}`, sha, ""]);
			return { sha, branch };
		} finally {
			await rm(own, { recursive: true, force: true });
		}
	}

	/** What the file is with one change taken back; null where it goes. */
	async #entryWithout(
		path: string,
		hunkId: string,
		before: IndexEntry | null,
		after: IndexEntry | null,
	): Promise<IndexEntry | null> {
		if (hunkId === "create" && after && !before) return null;
		if (hunkId === "delete" && before && !after) return before;
		if (!before || !after) {
			throw new GammaError(
				"git.failed",
				`${path} is not in both the commit and the one before it: take it back by hand.`,
			);
		}
		const [parentText, text] = [await this.#blob(before.object), await this.#blob(after.object)].map(toBytesText);
		const content = revertHunk(path, parentText ?? "", text ?? "", hunkId);
		return { mode: after.mode, object: await this.#write(Buffer.from(content, "latin1"), null) };
	}

	/** What the commit and the index afterwards have there; rejects where staged changes would be lost. */
	async #place(file: FileToCommit): Promise<Placed> {
		const { path, content, isWorkTreeForm } = file;
		const head = await treeEntry(this.command, "HEAD", path);
		if (head && !head.mode.startsWith("100")) {
			throw new GammaError("git.failed", `${path} is a link or a submodule in the last commit: commit it yourself.`);
		}
		const staged = await stagedEntry(this.command, path);
		const object = content && (await this.#write(content, isWorkTreeForm ? path : null));
		const entry = object === null ? null : { mode: staged?.mode ?? head?.mode ?? plainFile, object };
		const committed = entry && head ? { ...entry, mode: head.mode } : entry;
		if (isSame(staged, head) || isSame(staged, committed)) return { path, head, entry: committed, staged: committed };
		return { path, head, entry: committed, staged: await this.#mergeStaged(path, head, staged, committed) };
	}

	async #mergeStaged(
		path: string,
		head: IndexEntry | null,
		staged: IndexEntry | null,
		committed: IndexEntry | null,
	): Promise<IndexEntry> {
		const inTheWay = new GammaError(
			"git.failed",
			`You have staged other changes of ${path}: commit or unstage them first, then commit the accepted edits.`,
		);
		if (!head || !staged || !committed) throw inTheWay;
		const texts: string[] = [];
		for (const { object } of [head, staged, committed]) texts.push(toBytesText(await this.#blob(object)));
		const [base = [], ours = [], theirs = []] = texts.map(splitLines);
		const merged = mergeLines(base, ours, theirs).flatMap((part) => {
			if ("conflict" in part) throw inTheWay;
			return part.lines.map(({ text }) => text);
		});
		const object = await this.#write(Buffer.from(applyEdits(merged, []), "latin1"), null);
		return { mode: staged.mode, object };
	}

	async #commit(message: string, indexFile: string): Promise<void> {
		try {
			await this.command.run(["commit", "--quiet", "--file=-"], { indexFile, input: message, runsHooks: true });
		} catch (error) {
			if (GammaError.is(error, "git.failed") && /identity unknown|tell me who you are/i.test(error.message)) {
				const sentence = "Git does not know who you are: set user.name and user.email, then commit again.";
				throw new GammaError("git.failed", sentence, { cause: error });
			}
			throw error;
		}
	}

	async #demandName(branch: string): Promise<void> {
		const checked = await this.command.run(["check-ref-format", "--branch", branch], { expected: [1, 128] });
		if (checked.code !== 0 || branch.startsWith("-")) {
			throw new GammaError("git.failed", `${JSON.stringify(branch)} is no name for a branch: choose another.`);
		}
	}

	async #switchTo(branch: string): Promise<void> {
		await this.#demandName(branch);
		await this.command.run(["switch", "--quiet", "--no-track", "--create", branch], { runsHooks: true });
	}

	async #switchBack({ sha, branch }: WrittenCommit, made: string): Promise<void> {
		await this.command.run(["switch", "--quiet", ...(branch === null ? ["--detach", sha] : [branch])]);
		await this.command.run(["branch", "--quiet", "-D", "--end-of-options", made]);
	}

	async #head(): Promise<WrittenCommit> {
		const sha = await this.command.run(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { expected: [1, 128] });
		if (sha.code !== 0) throw new GammaError("git.failed", "There is no commit yet: make the first one yourself.");
		const branch = await this.command.run(["symbolic-ref", "--quiet", "--short", "HEAD"], { expected: [1] });
		return { sha: line(sha.stdout.toString("utf8")), branch: line(branch.stdout.toString("utf8")) || null };
	}

	async #write(content: Uint8Array, path: string | null): Promise<string> {
		const form = path === null ? "--no-filters" : `--path=${path}`;
		return line(await this.command.text(["hash-object", "-w", form, "--stdin"], { input: content }));
	}

	async #blob(object: string): Promise<Uint8Array> {
		return (await this.command.run(["cat-file", "blob", object], { maxBytes: maxFileBytes })).stdout;
	}
}

async function demandQuiet(gitFolder: string): Promise<void> {
	for (const [name, what] of Object.entries(unfinished)) {
		if (await isThere(join(gitFolder, name))) {
			throw new GammaError(
				"git.failed",
				`${what} is not finished here: finish or abort it, then commit the accepted edits.`,
			);
		}
	}
	if (await isThere(join(gitFolder, "index.lock"))) {
		throw new GammaError("git.failed", "Another git is at work in this repository: try again when it is done.");
	}
}

async function isThere(path: string): Promise<boolean> {
	return stat(path).then(
		() => true,
		() => false,
	);
}

function isSame(a: IndexEntry | null, b: IndexEntry | null): boolean {
	return a?.object === b?.object && a?.mode === b?.mode;
}

/** One character a byte: lines are told apart without knowing the encoding. */
function toBytesText(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("latin1");
}

function line(text: string): string {
	return text.split("\n")[0] ?? "";
}
