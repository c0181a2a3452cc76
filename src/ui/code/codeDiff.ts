import * as vscode from "vscode";
import type { ChangedFile, Commit, GitRepository } from "../../core/git/gitRepository";
import { GammaError } from "../../shared/errors";
import type { Run } from "../../shared/run";
import { commitFileUri } from "./commitFiles";

/** A run, or whatever else is of one commit. */
export type OfCommit = Pick<Run, "name" | "commit">;

/** The multi-file diff editor makes one editor each; beyond this a window no longer answers. */
const maxFiles = 500;

/**
 * Every file that differs between the commits of two runs, in VS Code's own multi-file diff (for `gamma.openCodeDiff`).
 * Rejects with `git.failed` where a run has no commit or the repository does not have it.
 */
export async function showCodeDiff(git: GitRepository, base: Run, other: Run): Promise<void> {
	const [from, to] = await Promise.all([requireCommit(git, base), requireCommit(git, other)]);
	if (from.sha === to.sha) {
		await vscode.window.showInformationMessage(
			`${base.name} and ${other.name} were started from the same commit, ${from.sha.slice(0, 7)}: their committed code is equal.`,
		);
		return;
	}
	const title = `${base.name} (${from.sha.slice(0, 7)}) ↔ ${other.name} (${to.sha.slice(0, 7)})`;
	await showChanges(git, title, from.sha, to.sha);
}

/** What the commit of a run or a job changed against its first parent (for `gamma.openCommit`). */
export async function showCommit(git: GitRepository, run: OfCommit): Promise<void> {
	const commit = await requireCommit(git, run);
	await showChanges(git, `${commit.sha.slice(0, 7)} ${commit.subject}`, commit.parents[0] ?? null, commit.sha);
}

async function showChanges(git: GitRepository, title: string, from: string | null, to: string): Promise<void> {
	const files = await git.changedFiles(from, to);
	if (files.length === 0) {
		await vscode.window.showInformationMessage(
			from === null
				? `Commit ${to.slice(0, 7)} holds no file.`
				: `No file differs between ${from.slice(0, 7)} and ${to.slice(0, 7)}.`,
		);
		return;
	}
	const shown = files.slice(0, maxFiles);
	const cut = files.length > shown.length ? ` · ${shown.length} of ${files.length} files` : "";
	await vscode.commands.executeCommand(
		"vscode.changes",
		`${title}${cut}`,
		shown.map((file) => toDiff(file, from, to)),
	);
}

/** `[label, original, modified]`, as `vscode.changes` takes it; a side that does not exist is undefined. */
function toDiff(
	file: ChangedFile,
	from: string | null,
	to: string,
): [vscode.Uri, vscode.Uri | undefined, vscode.Uri | undefined] {
	const before =
		from === null || file.kind === "added" ? undefined : commitFileUri(from, file.previousPath ?? file.path);
	const after = file.kind === "deleted" ? undefined : commitFileUri(to, file.path);
	return [after ?? before ?? commitFileUri(to, file.path), before, after];
}

/** The run's commit in this repository. Rejects with `git.failed` and what to do about it. */
export async function requireCommit(git: GitRepository, run: OfCommit): Promise<Commit> {
	if (run.commit === null) {
		throw new GammaError("git.failed", `${run.name} does not say its commit: it has no tag mlflow.source.git.commit.`);
	}
	const commit = await git.commit(run.commit.trim().toLowerCase());
	if (commit) return commit;
	throw new GammaError(
		"git.failed",
		`Commit ${run.commit.slice(0, 7)} of ${run.name} is not in ${git.root}: fetch it (git fetch --all), or open the repository it is from.`,
	);
}
