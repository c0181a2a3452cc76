import * as z from "zod/mini";
import { Problem } from "../problem";
import type { RepositoryDoor } from "./githubApp";
import { GithubRefusal } from "./githubRefusal";

export interface WantedCommit {
	readonly branch: string;
	/** The branch is to be made, at `baseSha`; where it is there already it has moved. */
	readonly isNewBranch: boolean;
	readonly baseSha: string;
	readonly message: string;
	/** `content` null: the file goes. */
	readonly files: readonly { readonly path: string; readonly content: string | null }[];
}

export interface MadeCommit {
	readonly commitSha: string;
	/** The page of it on the forge, where that says one. */
	readonly url: string | null;
}

const named = z.object({ sha: z.string() });
const refAnswer = z.object({ object: named });
const commitAnswer = z.object({ tree: named });
const madeAnswer = z.object({ sha: z.string(), html_url: z.optional(z.string()) });
const entry = z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: z.string() });
const treeAnswer = z.object({ tree: z.array(entry), truncated: z.optional(z.boolean()) });
type Entry = z.infer<typeof entry>;

const plainFile = "100644";
const link = "120000";

/**
 * Makes a commit of whole files on top of a branch, through GitHub's Git Data API: blobs, tree, commit, and last the branch,
 * never by force. 409 with `headSha` where the branch is not at `baseSha`, at the beginning or by the end: then nothing of
 * the commit is in it. Files keep their mode. 404 where the branch, or the commit that a new one begins at, is not there.
 */
export async function makeCommit(door: RepositoryDoor, wanted: WantedCommit, signal: AbortSignal): Promise<MadeCommit> {
	const { branch, isNewBranch, baseSha, message, files } = wanted;
	const ref = `heads/${branch.split("/").map(encodeURIComponent).join("/")}`;
	const readHead = async () => {
		const head = await door.ask(refAnswer, `/git/ref/${ref}`, { signal }).catch((error: unknown) => {
			if (error instanceof GithubRefusal && error.status === 404) return null;
			throw error;
		});
		return head?.object.sha ?? null;
	};
	const headSha = await readHead();
	if (headSha === null && !isNewBranch) throw new Problem(404, `There is no branch ${branch}.`);
	if (headSha !== null && (isNewBranch || headSha !== baseSha)) throw moved(branch, headSha);
	const base = await door.ask(commitAnswer, `/git/commits/${baseSha}`, { signal }).catch((error: unknown) => {
		if (!(error instanceof GithubRefusal) || error.status !== 404) throw error;
		throw new Problem(404, `GitHub has no commit ${baseSha.slice(0, 7)}: push the branch that you are on first.`);
	});
	const modes = await readModes(door, base.tree.sha, files, signal);
	const tree: { path: string; mode: string; type: "blob"; sha: string | null }[] = [];
	// One after the other, as GitHub asks for whatever writes.
	for (const { path, content } of files) {
		const body = { content, encoding: "utf-8" };
		const blob = content === null ? null : await door.ask(named, "/git/blobs", { method: "POST", body, signal });
		tree.push({ path, mode: modes.get(path) ?? plainFile, type: "blob", sha: blob?.sha ?? null });
	}
	const body = { base_tree: base.tree.sha, tree };
	const made = await door.ask(named, "/git/trees", { method: "POST", body, signal });
	if (made.sha === base.tree.sha) throw new Problem(400, "The files are as they are in the branch already.");
	const commit = await door.ask(madeAnswer, "/git/commits", {
		method: "POST",
		body: { message, tree: made.sha, parents: [baseSha] },
		signal,
	});
	const last = isNewBranch
		? door.ask(refAnswer, "/git/refs", {
				method: "POST",
				body: { ref: `refs/heads/${branch}`, sha: commit.sha },
				signal,
			})
		: door.ask(refAnswer, `/git/refs/${ref}`, { method: "PATCH", body: { sha: commit.sha, force: false }, signal });
	await last.catch(async (error: unknown) => {
		if (!(error instanceof GithubRefusal) || error.status !== 422) throw error;
		const now = await readHead();
		throw now === null || (!isNewBranch && now === baseSha) ? error : moved(branch, now);
	});
	return { commitSha: commit.sha, url: commit.html_url ?? null };
}

function moved(branch: string, headSha: string): Problem {
	return new Problem(409, `The branch ${branch} has moved: look at what came, and propose the change anew.`, {
		headSha,
	});
}

/** The mode of each file that is there already. 400 for what is no file there, or is to go and is not there. */
async function readModes(
	door: RepositoryDoor,
	rootSha: string,
	files: WantedCommit["files"],
	signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
	const modes = new Map<string, string>();
	const trees = new Map<string, Promise<readonly Entry[]>>();
	const entriesOf = (sha: string) => {
		const known = trees.get(sha) ?? readTree(door, sha, signal);
		trees.set(sha, known);
		return known;
	};
	for (const { path, content } of files) {
		const parts = path.split("/");
		let at: Entry | undefined = { path: "", mode: "040000", type: "tree", sha: rootSha };
		for (const [depth, part] of parts.entries()) {
			at = (await entriesOf(at.sha)).find((one) => one.path === part);
			if (at === undefined) break;
			const isLast = depth === parts.length - 1;
			if (isLast ? at.type !== "blob" || at.mode === link : at.type !== "tree") {
				throw new Problem(
					400,
					`${parts.slice(0, depth + 1).join("/")} is a folder, a link or a submodule in the branch.`,
				);
			}
		}
		if (at) modes.set(path, at.mode);
		else if (content === null) throw new Problem(400, `${path} is not in the branch, so that it cannot go.`);
	}
	return modes;
}

async function readTree(door: RepositoryDoor, sha: string, signal: AbortSignal): Promise<readonly Entry[]> {
	try {
		const { tree, truncated } = await door.ask(treeAnswer, `/git/trees/${sha}`, { signal });
		if (truncated) throw new Problem(409, "A folder of the repository has more files than GitHub lists.");
		return tree;
	} catch (error) {
		// The tree of a commit without files is no object of its own.
		if (error instanceof GithubRefusal && error.status === 404) return [];
		throw error;
	}
}
