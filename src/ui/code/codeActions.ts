import * as vscode from "vscode";
import type { GitRepository } from "../../core/git/gitRepository";
import type { RunChoices } from "../../core/runs/runChoices";
import type { RunModel } from "../../core/runs/runModel";
import { GammaError } from "../../shared/errors";
import type { Run, RunKey } from "../../shared/run";
import type { OfCommit } from "./codeDiff";
import { commitFileUri, parseCommitFileUri } from "./commitFiles";
import { commitOfArguments } from "./commitOfArguments";
import type { LoadCode } from "./loadCode";
import type { RunsOfCode } from "./runsOfCode";
import type { StoredDiffDocuments } from "./storedDiffDocuments";

export interface CodeActionsParts {
	/** Null where no repository is open, and in an untrusted workspace. */
	readonly git: () => GitRepository | null;
	readonly load: LoadCode;
	readonly model: RunModel;
	readonly choices: RunChoices;
	readonly storedDiffs: StoredDiffDocuments;
	readonly openRun: (key: RunKey) => void;
}

/** Everything about the code of runs; each method is one command. All reject with a `GammaError` that says what to do. */
export class CodeActions {
	constructor(private readonly parts: CodeActionsParts) {}

	/** `gamma.openCodeDiff` */
	async openCodeDiff(base: RunKey, other: RunKey): Promise<void> {
		const [git, from, to] = [this.#git(), this.#run(base), this.#run(other)];
		await (await this.parts.load()).showCodeDiff(git, from, to);
	}

	/** `gamma.openCommit` */
	async openCommit(key: RunKey): Promise<void> {
		await this.openCommitOf(this.#run(key));
	}

	/** `gamma.openJobCommit` */
	async openCommitOf(of: OfCommit): Promise<void> {
		const git = this.#git();
		await (await this.parts.load()).showCommit(git, of);
	}

	/** A file as it was at a commit, at a line from 1. */
	async openFileAt(sha: string, path: string, line: number): Promise<void> {
		this.#git();
		const place = new vscode.Range(line - 1, 0, line - 1, 0);
		await vscode.window.showTextDocument(commitFileUri(sha, path), { selection: place, preview: true });
	}

	/** `gamma.openUncommittedDiff` */
	async openUncommittedDiff(key: RunKey): Promise<void> {
		await this.parts.storedDiffs.open(this.#run(key));
	}

	/** `gamma.checkOutCommit` */
	async checkOutCommit(key: RunKey): Promise<void> {
		const [git, run] = [this.#git(), this.#run(key)];
		await (await this.parts.load()).checkOutRunCommit(git, run);
	}

	/**
	 * `gamma.openRunOfCommit`: from the source control graph and the timeline with that row, from an editor or the
	 * explorer with its file, from the command palette with nothing (the file in the editor).
	 */
	async openRunOfCommit(...given: readonly unknown[]): Promise<void> {
		const found = await this.#runsOf(given);
		if (found.runs.length === 0) {
			await vscode.window.showInformationMessage(sentenceOfNone(found));
			return;
		}
		const { pickRun } = await this.parts.load();
		const run =
			found.runs.length === 1 ? found.runs[0] : await pickRun(found.runs, this.parts.choices.snapshot.shownMetrics);
		if (run) this.parts.openRun(run.key);
	}

	async #runsOf(given: readonly unknown[]): Promise<RunsOfCode> {
		const runs = this.parts.model.snapshot.runs.values();
		const file = given.find((value) => value instanceof vscode.Uri) ?? vscode.window.activeTextEditor?.document.uri;
		const sha = commitOfArguments(given) ?? (file && parseCommitFileUri(file)?.sha);
		const { runsOfCommit, runsOfFile } = await this.parts.load();
		if (sha) return runsOfCommit(runs, sha);
		return runsOfFile(this.#git(), runs, file?.scheme === "file" ? file.fsPath : null);
	}

	#git(): GitRepository {
		const git = this.parts.git();
		if (git) return git;
		if (!vscode.workspace.isTrusted) {
			throw new GammaError(
				"workspace.untrusted",
				"Git is not started in a workspace you do not trust: trust it, then try again.",
			);
		}
		throw new GammaError("git.missing", "No git repository is open here: open the folder that holds the code.");
	}

	#run(key: RunKey): Run {
		const run = this.parts.model.run(key);
		if (run) return run;
		throw new GammaError("run.missing", "This run is no longer in any open store.");
	}
}

function sentenceOfNone({ looked }: RunsOfCode): string {
	if (looked.length === 0) return "This repository has no commit yet, so no run belongs to one.";
	return `No run was started from ${looked.join(" or ")}.`;
}
