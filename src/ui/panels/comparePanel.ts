import * as vscode from "vscode";
import type { CodeSources } from "../../core/compare/codeComparison";
import { CompareModel } from "../../core/compare/compareModel";
import { Owner } from "../../core/disposable";
import type { GitRepository } from "../../core/git/gitRepository";
import type { Handlers } from "../../shared/call";
import { type CompareState, compareCalls } from "../../shared/panels/comparePanel";
import type { RunKey } from "../../shared/run";
import { findStoredDiffs } from "../code/storedDiff";
import { compareHandlers } from "./compareHandlers";
import { Panel } from "./panel";
import type { PanelDeps } from "./panelDeps";
import { PanelSlots } from "./panelSlots";

const viewType = "gamma.compare";

/** The comparison of runs: one panel, whose content is replaced. */
export class ComparePanels extends Owner {
	readonly #slots: PanelSlots<ComparePanel>;

	constructor(
		private readonly deps: PanelDeps,
		/** Undefined where the folder is no repository: the sheet then says nothing about files. */
		git?: Pick<GitRepository, "changedFiles" | "commit">,
	) {
		super();
		this.#slots = this.own(new PanelSlots(viewType, (panel) => new ComparePanel(panel, deps, git)));
	}

	/** The first run is the base, unless the chosen baseline is among them. */
	open(keys: readonly RunKey[]): void {
		const { baseline } = this.deps.choices.snapshot;
		const first = baseline !== null && keys.includes(baseline) ? [baseline] : [];
		this.#slots.open(vscode.l10n.t("Compare Runs")).compare([...first, ...keys]);
	}
}

class ComparePanel extends Panel<typeof compareCalls, CompareState> {
	readonly #model: CompareModel;

	constructor(
		panel: vscode.WebviewPanel,
		private readonly deps: PanelDeps,
		git: Pick<GitRepository, "changedFiles" | "commit"> | undefined,
	) {
		super(panel, { viewType, script: "compare", calls: compareCalls }, deps.extensionUri, deps.logger);
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
