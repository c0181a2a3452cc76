import * as vscode from "vscode";
import { revertHunk } from "../../core/edits/revertHunk";
import type { TestBranch } from "../../core/git/commitWriter";
import { type GitRepository, isModelsBranch } from "../../core/git/gitRepository";
import { testBranchName, testMessage } from "../../core/why/testBranch";
import { fromByteText, toByteText, type WhyHunk } from "../../core/why/whyHunk";
import { GammaError } from "../../shared/errors";
import type { Run } from "../../shared/run";
import { commitFileUri } from "../code/commitFiles";
import { offerPush } from "../edits/offerPush";
import { findGitPath } from "../gitPath";
import type { TextsWithout } from "./textsWithout";
import type { WhyPorts } from "./whyPorts";

export interface TestedHunk {
	readonly base: Run;
	readonly other: Run;
	readonly hunk: WhyHunk;
}

/**
 * Shows what the other run's code would be without this hunk, asks for a branch, and makes it of the run's commit. The work
 * tree, the index and HEAD stay as they are; nothing is pushed but by the button that names it. Rejects with `git.*`, `edit.stale`
 * or `workspace.untrusted`, and then no branch was made.
 */
export async function testHunk(tested: TestedHunk, ports: WhyPorts, texts: TextsWithout): Promise<void> {
	const { hunk, base, other } = tested;
	const { git } = ports.repository;
	if (!vscode.workspace.isTrusted || !git) {
		throw new GammaError(
			"workspace.untrusted",
			"Git is not at hand here: open the repository's folder and trust it first.",
		);
	}
	if (hunk.hunkId === null)
		throw new GammaError("edit.stale", "This change cannot be taken back alone: do it by hand.");
	const [from, to] = await Promise.all([base, other].map((run) => git.commit(run.commit ?? "")));
	if (!from || !to) throw new GammaError("git.failed", "The commits of these runs are not here: fetch them first.");
	const wish: Omit<TestBranch, "branch"> = {
		...{ commit: to.sha, path: hunk.path, hunkId: hunk.hunkId, message: testMessage(hunk, other.name, to.sha) },
		base: { commit: from.sha, path: hunk.previousPath ?? hunk.path },
	};
	await showWithout(git, wish, texts);
	const branch = await askBranch(git, hunk);
	if (branch === undefined) return;
	const folder = vscode.Uri.file(git.root).fsPath;
	const found = await (await ports.writers()).commitsOf(folder, await findGitPath());
	if (!found)
		throw new GammaError("git.failed", "This folder is in no git repository: there is nothing to make a branch of.");
	const made = await found.commits.makeTestBranch({ ...wish, branch });
	const said = vscode.l10n.t("{0} is {1} without that change ({2}).", branch, to.sha.slice(0, 7), made.sha.slice(0, 7));
	await offerPush({ commits: found.commits, git, branch, said });
}

/** What would be trained, beside what was: a look before anything is made. */
async function showWithout(git: GitRepository, wish: Omit<TestBranch, "branch">, texts: TextsWithout): Promise<void> {
	const { base, commit, path, hunkId } = wish;
	const [before, after] = await Promise.all([base && git.fileAt(base.commit, base.path), git.fileAt(commit, path)]);
	const text = (bytes: Uint8Array | null | undefined) => new TextDecoder().decode(bytes ?? new Uint8Array());
	const without =
		hunkId === "create"
			? ""
			: hunkId === "delete"
				? text(before)
				: text(
						fromByteText(
							revertHunk(path, toByteText(before ?? new Uint8Array()), toByteText(after ?? new Uint8Array()), hunkId),
						),
					);
	const left = hunkId === "delete" ? texts.add(path, "") : commitFileUri(commit, path);
	const title = vscode.l10n.t("{0} at {1} ↔ without the change", path, commit.slice(0, 7));
	await vscode.commands.executeCommand("vscode.diff", left, texts.add(path, without), title, { preview: true });
}

async function askBranch(git: GitRepository, hunk: WhyHunk): Promise<string | undefined> {
	const taken = (await git.branches()).map(({ name }) => name);
	const name = await vscode.window.showInputBox({
		title: vscode.l10n.t("Test This Change: New Branch"),
		prompt: vscode.l10n.t("Look at the diff behind this. Enter makes the branch and pushes nothing."),
		value: testBranchName(hunk, taken),
		ignoreFocusOut: true,
		validateInput: (text) => {
			if (taken.includes(text.trim())) return vscode.l10n.t("There is a branch of this name.");
			return isModelsBranch(text.trim()) ? null : vscode.l10n.t("Only a branch models/… is trained when it is pushed.");
		},
	});
	return name?.trim() || undefined;
}
