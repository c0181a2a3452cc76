import * as vscode from "vscode";
import type { CommitWriter } from "../../core/git/commitWriter";
import { type GitRepository, isModelsBranch } from "../../core/git/gitRepository";

export interface MadeCommit {
	readonly commits: CommitWriter;
	readonly git: GitRepository | null;
	/** Null on a detached HEAD: there is nothing to push then. */
	readonly branch: string | null;
	/** What was made, in one sentence. */
	readonly said: string;
}

/** Says what was made and offers to push it, by its name: a push leaves the machine and may begin a training. */
export async function offerPush({ commits, git, branch, said }: MadeCommit): Promise<void> {
	const remotes = (await git?.remotes()) ?? [];
	const remote = remotes.find(({ name }) => name === "origin") ?? remotes[0];
	if (!remote || branch === null) {
		void vscode.window.showInformationMessage(said);
		return;
	}
	const push = isModelsBranch(branch)
		? vscode.l10n.t("Push {0}: Starts a Training", branch)
		: vscode.l10n.t("Push {0}", branch);
	const whole = vscode.l10n.t("{0} {1} is not pushed.", said, branch);
	// Not waited for: the notice may stay for as long as it likes.
	void vscode.window.showInformationMessage(whole, push).then(async (chosen) => {
		if (chosen !== push) return;
		const title = vscode.l10n.t("Pushing {0} to {1}", branch, remote.name);
		try {
			await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
				commits.push(remote.name, branch),
			);
			vscode.window.setStatusBarMessage(vscode.l10n.t("{0} is pushed", branch), 5_000);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			void vscode.window.showErrorMessage(vscode.l10n.t("{0} is committed and not pushed. {1}", branch, reason));
		}
	});
}
