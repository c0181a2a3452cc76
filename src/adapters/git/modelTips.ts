import { type Branch, type BranchTip, isModelsBranch } from "../../core/git/gitRepository";
import type { GitCommand } from "./gitCommand";

/** Branches whose records are asked for at once: a command line has an end. */
const mostBranches = 400;

/**
 * Every state of these `models` branches that this clone has a record of: what it pushed and fetched (the reflogs of
 * `refs/remotes`), and where there is no record the tip. Local branches are only their tips.
 */
export async function readModelTips(
	command: GitCommand,
	branches: readonly Branch[],
	limit: number,
	signal?: AbortSignal,
): Promise<readonly BranchTip[]> {
	const models = branches.filter(({ name }) => isModelsBranch(name)).slice(0, mostBranches);
	const remotes = models.filter(({ isRemote }) => isRemote);
	const refs = remotes.map(({ remote, name }) => `refs/remotes/${remote}/${name}`);
	const records = refs.length === 0 ? [] : parseRecords(await readRecords(command, refs, limit, signal));
	const recorded = new Set(records.map(({ branch, remote, commit }) => `${remote} ${branch} ${commit}`));
	const unrecorded = remotes.filter(({ remote, name, commit }) => !recorded.has(`${remote} ${name} ${commit}`));
	return [...records, ...[...unrecorded, ...models.filter(({ isRemote }) => !isRemote)].map(toTip)];
}

/** Newest first over all branches. A record of a commit that is no longer there is passed over by git. */
function readRecords(command: GitCommand, refs: readonly string[], limit: number, signal?: AbortSignal) {
	const format = "--format=%H%x00%gD%x00%gs";
	const count = `--max-count=${Math.max(0, Math.floor(limit))}`;
	return command.text(["log", "-g", "--date=unix", format, count, "--end-of-options", ...refs, "--"], { signal });
}

/** Lines of `<sha> NUL refs/remotes/origin/models/x@{1700000000} NUL update by push`. */
function parseRecords(output: string): BranchTip[] {
	return output.split("\n").flatMap((line) => {
		const [commit = "", place = "", said = ""] = line.split("\0");
		const [, remote, branch, seconds] = /^refs\/remotes\/([^/]+)\/(.+)@\{(\d+)\}$/.exec(place) ?? [];
		if (!remote || !branch) return [];
		return [{ branch, commit, remote, atMs: Number(seconds) * 1000, isPushedHere: said === "update by push" }];
	});
}

function toTip({ name, commit, remote }: Branch): BranchTip {
	return { branch: name, commit, remote, atMs: null, isPushedHere: false };
}
