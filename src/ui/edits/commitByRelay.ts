import * as vscode from "vscode";
import type { FileToCommit } from "../../core/git/commitWriter";
import type { Relay } from "../../core/relay/relay";
import { GammaError } from "../../shared/errors";

export interface RelayCommitWish {
	readonly files: readonly FileToCommit[];
	readonly message: string;
	readonly branch: string;
	readonly baseSha: string;
	readonly isNewBranch: boolean;
}

/** The commit's sha, made by the relay's GitHub App on top of what this clone has; null where the branch moved and the person stops. */
export async function commitByRelay(
	{ relay, projectId }: { readonly relay: Relay; readonly projectId: string },
	{ files, message, branch, baseSha, isNewBranch }: RelayCommitWish,
): Promise<string | null> {
	const wish = { branch, baseSha, isNewBranch, message, files: files.map(toText) };
	const made = await relay.makeCommit(projectId, wish);
	if (made.kind === "moved") {
		await sayMoved(branch, made.headSha.slice(0, 7), isNewBranch);
		return null;
	}
	const show = vscode.l10n.t("Open on GitHub");
	const said = vscode.l10n.t(
		"Committed as {0} on {1}, on GitHub. Pull it to have it here.",
		made.commitSha.slice(0, 7),
		branch,
	);
	void vscode.window.showInformationMessage(said, ...(made.url === null ? [] : [show])).then(async (chosen) => {
		if (chosen === show && made.url !== null) await vscode.env.openExternal(vscode.Uri.parse(made.url));
	});
	return made.commitSha;
}

/** Nothing is committed then. What came is fetched under the person's own commits, and the edits follow the files as they are. */
async function sayMoved(branch: string, head: string, isNewBranch: boolean): Promise<void> {
	if (isNewBranch) {
		const taken = vscode.l10n.t(
			"There is a branch {0} on GitHub already ({1}): nothing is committed. Commit again, to another name.",
			branch,
			head,
		);
		await vscode.window.showWarningMessage(taken);
		return;
	}
	const rebase = vscode.l10n.t("Pull with Rebase");
	const moved = vscode.l10n.t(
		"{0} has moved on GitHub, to {1}: nothing is committed. Rebase onto it, look at the edits again, then commit.",
		branch,
		head,
	);
	if ((await vscode.window.showWarningMessage(moved, rebase)) === rebase)
		await vscode.commands.executeCommand("git.pullRebase");
}

function toText({ path, content }: FileToCommit): { path: string; content: string | null } {
	if (content === null) return { path, content: null };
	try {
		return { path, content: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content) };
	} catch {
		throw new GammaError("edit.refused", `${path} is not UTF-8, which is all that the relay commits: commit it here.`);
	}
}
