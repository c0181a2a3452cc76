import type * as vscode from "vscode";
import type { CodeSources } from "../../core/compare/codeComparison";
import { CompareModel } from "../../core/compare/compareModel";
import type { GitRepository } from "../../core/git/gitRepository";
import type { Handlers } from "../../shared/call";
import { type CompareState, compareCalls } from "../../shared/panels/comparePanel";
import type { RunKey } from "../../shared/run";
import { findStoredDiffs } from "../code/storedDiff";
import { compareHandlers } from "./compareHandlers";
import { Panel } from "./panel";
import type { PanelDeps } from "./panelDeps";

/** A comparison in an editor tab; its content can be replaced. */
export class ComparePanel extends Panel<typeof compareCalls, CompareState> {
	readonly #model: CompareModel;

	constructor(
		panel: vscode.WebviewPanel,
		private readonly deps: PanelDeps,
		git: Pick<GitRepository, "changedFiles" | "commit"> | undefined,
	) {
		super(panel, { viewType: "gamma.compare", script: "compare", calls: compareCalls }, deps.extensionUri, deps.logger);
		this.#model = this.own(new CompareModel(deps, codeSources(deps, git)));
		this.own(this.#model.onDidChange(() => this.invalidate()));
	}

	compare(keys: readonly RunKey[]): void {
		this.#model.setKeys(keys);
	}

	protected override state(): CompareState {
		return this.#model.state();
	}

	protected override handlers(): Handlers<typeof compareCalls> {
		// The base constructor asks before `deps` is there: everything is looked up when a call comes.
		return compareHandlers(() => this.#model, {
			openRun: (key) => this.deps.actions.openRun(key),
			openCharts: (keys) => this.deps.actions.openCharts(keys),
			openTable: () => this.deps.actions.openTable(),
			askWhy: (base, other) => this.deps.actions.askWhy(base, other),
			openCodeDiff: (base, other) => this.deps.actions.openCodeDiff(base, other),
			openCommit: (key) => this.deps.actions.openCommit(key),
			openUncommittedDiff: (key) => this.deps.actions.openUncommittedDiff(key),
		});
	}
}

function codeSources(
	{ library }: PanelDeps,
	git: Pick<GitRepository, "changedFiles" | "commit"> | undefined,
): CodeSources {
	return {
		changedFiles: async (from, to, signal) => {
			if (!git || (await git.commit(from, signal)) === null || (await git.commit(to, signal)) === null) return null;
			return git.changedFiles(from, to, signal);
		},
		hasUncommittedDiff: async (run, signal) => (await findStoredDiffs(library, run, signal)).length > 0,
	};
}
