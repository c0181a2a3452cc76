import * as vscode from "vscode";
import { proposedBranch, proposedMessage, withRunTrailers } from "../../core/edits/commitMessage";
import { uncommitted } from "../../core/edits/committedText";
import type { ReviewSet } from "../../core/edits/fileReview";
import type { ReviewModel } from "../../core/edits/reviewModel";
import { chooseForge } from "../../core/git/forgeAddress";
import { GammaError } from "../../shared/errors";
import { findGitPath } from "../gitPath";
import { askMessage } from "./askMessage";
import { collectFiles } from "./collectFiles";
import { commitByRelay } from "./commitByRelay";
import type { EditPorts } from "./editPorts";
import { parseTarget } from "./editTargets";
import type { FileFollower } from "./fileFollower";
import { offerPush } from "./offerPush";

interface Target extends vscode.QuickPickItem {
	readonly way: "current" | "new" | "relay" | "relayNew";
}

/** `gamma.commitEdits`: the accepted edits and nothing else become one commit, here or through the relay. */
export class CommitFlow {
	constructor(
		private readonly model: ReviewModel,
		private readonly follower: FileFollower,
		private readonly parts: Pick<EditPorts, "repository" | "writers" | "relay" | "jobs">,
	) {}

	/** Rejects with `workspace.untrusted`, `git.failed` or `edit.stale`; nothing is committed then. */
	async run(given?: unknown): Promise<void> {
		const { root, commits } = await this.#git();
		const setId = parseTarget(given)?.setId;
		for (const { id } of this.model.sets) await this.follower.follow(id);
		const sets = this.model.sets.filter(
			(set) => (setId === undefined || set.id === setId) && set.files.some((file) => uncommitted(file).length > 0),
		);
		if (sets.length === 0) throw new GammaError("edit.stale", vscode.l10n.t("No accepted edit waits to be committed."));
		const files = await collectFiles(sets, root, commits);
		const head = await this.parts.repository.git?.head();
		const project = await this.#project();
		const target = await this.#askTarget(head?.branch ?? null, files.length, project !== null);
		if (!target) return;
		const written = await askMessage(files, proposedMessage(sets));
		if (written === undefined) return;
		const message = withRunTrailers(
			written,
			sets.map(({ runId }) => runId),
		);
		const isNew = target === "new" || target === "relayNew";
		const newBranch = isNew ? await this.#askBranch(written.split("\n")[0] ?? "") : null;
		if (newBranch === undefined) return;
		if (target === "relay" || target === "relayNew") {
			const branch = newBranch ?? head?.branch;
			if (!project || !head || !branch) return;
			const wish = { files, message, branch, baseSha: head.commit, isNewBranch: isNew };
			const made = await commitByRelay(project, wish);
			if (made) this.#keepCommit(sets, made);
			return;
		}
		const { sha, branch } = await commits.commitFiles({ files, message, newBranch });
		this.#keepCommit(sets, sha);
		const said = vscode.l10n.t("Committed as {0}.", sha.slice(0, 7));
		await offerPush({ commits, git: this.parts.repository.git, branch, said });
	}

	async #git() {
		if (!vscode.workspace.isTrusted) {
			throw new GammaError("workspace.untrusted", vscode.l10n.t("Trust this folder first: a commit runs its hooks."));
		}
		const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
		const found = folder && (await (await this.parts.writers()).commitsOf(folder.uri.fsPath, await findGitPath()));
		if (found) return found;
		throw new GammaError(
			"git.failed",
			vscode.l10n.t("This folder is in no git repository: there is nothing to commit to."),
		);
	}

	async #askTarget(branch: string | null, fileCount: number, hasProject: boolean): Promise<Target["way"] | undefined> {
		const files = fileCount === 1 ? vscode.l10n.t("1 file") : vscode.l10n.t("{0} files", fileCount);
		const targets: Target[] = [
			{
				way: "new",
				label: vscode.l10n.t("$(git-branch) New models/… branch"),
				detail: vscode.l10n.t("A branch of its own from here, switched to; pushed, it is a training of its own."),
			},
		];
		if (branch !== null)
			targets.unshift({
				way: "current",
				label: `$(git-commit) ${branch}`,
				detail: vscode.l10n.t("The branch you are on."),
			});
		if (hasProject && branch !== null) {
			targets.push({
				way: "relay",
				label: vscode.l10n.t("$(cloud-upload) {0}, through the relay", branch),
				detail: vscode.l10n.t("Made on GitHub by the GitHub App, with a verified author. GitHub hears of it at once."),
			});
		}
		if (hasProject) {
			targets.push({
				way: "relayNew",
				label: vscode.l10n.t("$(cloud-upload) New models/… branch, through the relay"),
				detail: vscode.l10n.t(
					"Made on GitHub by the GitHub App, with a verified author. It starts a training at once.",
				),
			});
		}
		const chosen = await vscode.window.showQuickPick(targets, {
			title: vscode.l10n.t("Commit Accepted Edits ({0})", files),
			placeHolder: vscode.l10n.t("Where to? What else is changed or staged stays as it is."),
		});
		return chosen?.way;
	}

	async #askBranch(subject: string): Promise<string | undefined> {
		const taken = (await this.parts.repository.git?.branches())?.map(({ name }) => name) ?? [];
		const name = await vscode.window.showInputBox({
			title: vscode.l10n.t("New Branch"),
			prompt: vscode.l10n.t("A push of a branch models/… is a training."),
			value: proposedBranch(subject, taken),
			validateInput: (text) => (taken.includes(text.trim()) ? vscode.l10n.t("There is a branch of this name.") : null),
		});
		return name?.trim() || undefined;
	}

	/** The relay's project of this clone; null where there is none that may be asked. */
	async #project() {
		const relay = this.parts.relay();
		const forge = chooseForge((await this.parts.repository.git?.remotes()) ?? []);
		const repository = forge?.repository.toLowerCase();
		const project = this.parts.jobs.snapshot.projects.find((each) => each.repository.toLowerCase() === repository);
		return relay && project ? { relay, projectId: project.id } : null;
	}

	/** These accepts have been committed: they wait no longer. */
	#keepCommit(sets: readonly ReviewSet[], sha: string): void {
		for (const { id } of sets) {
			const set = this.model.set(id);
			if (!set) continue;
			const files = set.files.map((file) => {
				const done = new Set(uncommitted(file).map(({ id }) => id));
				return {
					...file,
					accepts: file.accepts.map((accept) => (done.has(accept.id) ? { ...accept, commit: sha } : accept)),
				};
			});
			this.model.change({ ...set, files });
		}
	}
}
