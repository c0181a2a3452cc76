import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import type { GitRepository } from "../../core/git/gitRepository";
import type { Run } from "../../shared/run";
import { requireCommit } from "./codeDiff";

/**
 * Checks the run's commit out into a worktree of its own, after asking where, and offers to open it
 * (for `gamma.checkOutCommit`). The repository's own work tree is never touched.
 */
export async function checkOutRunCommit(git: GitRepository, run: Run): Promise<void> {
	const commit = await requireCommit(git, run);
	const name = `${basename(git.root)}-${commit.sha.slice(0, 7)}`;
	const folder = await askFolder(join(dirname(git.root), name), name);
	if (folder === undefined) return;
	if (await exists(folder)) {
		const open = "Open in New Window";
		const answer = await vscode.window.showWarningMessage(`${folder} is already there.`, open);
		if (answer === open) await openWindow(folder);
		return;
	}
	await vscode.window.withProgress(
		{ location: vscode.ProgressLocation.Notification, title: `Checking out ${commit.sha.slice(0, 7)}…` },
		() => git.addWorktree(commit.sha, folder),
	);
	const open = "Open in New Window";
	const answer = await vscode.window.showInformationMessage(
		`The code of ${run.name} (${commit.sha.slice(0, 7)}) is in ${folder}.`,
		open,
	);
	if (answer === open) await openWindow(folder);
}

async function askFolder(beside: string, name: string): Promise<string | undefined> {
	const other = { label: "$(folder-opened) Choose another folder…", description: "", folder: null };
	const choices = [
		{ label: `$(folder) ${name}`, description: `beside the repository, in ${dirname(beside)}`, folder: beside },
		other,
	];
	const choice = await vscode.window.showQuickPick(choices, {
		title: "Check out the commit of the run in a worktree",
		placeHolder: "Where should its code go?",
	});
	if (choice?.folder !== null) return choice?.folder;
	const parents = await vscode.window.showOpenDialog({
		canSelectFiles: false,
		canSelectFolders: true,
		openLabel: `Make ${name} Here`,
	});
	return parents?.[0] && join(parents[0].fsPath, name);
}

async function exists(folder: string): Promise<boolean> {
	try {
		await vscode.workspace.fs.stat(vscode.Uri.file(folder));
		return true;
	} catch {
		return false;
	}
}

async function openWindow(folder: string): Promise<void> {
	await vscode.commands.executeCommand("vscode.openFolder", vscode.Uri.file(folder), { forceNewWindow: true });
}
