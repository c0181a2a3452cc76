import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import type { GitRepository } from "../../core/git/gitRepository";
import type { RunKey } from "../../shared/run";
import type { ComparePanel } from "./comparePanel";
import type { LoadPanels } from "./loadPanels";
import type { PanelDeps } from "./panelDeps";
import { PanelSlots } from "./panelSlots";

/** The comparison of runs: one panel, whose content is replaced. */
export class ComparePanels extends Owner {
	readonly #slots: PanelSlots<ComparePanel>;

	constructor(
		private readonly deps: PanelDeps,
		load: LoadPanels,
		/** Undefined where the folder is no repository: the sheet then says nothing about files. */
		git?: Pick<GitRepository, "changedFiles" | "commit">,
	) {
		super();
		this.#slots = this.own(
			new PanelSlots("gamma.compare", deps.logger, async () => {
				const { ComparePanel } = await load();
				return { make: (panel) => new ComparePanel(panel, deps, git) };
			}),
		);
	}

	/** The first run is the base, unless the chosen baseline is among them. */
	open(keys: readonly RunKey[]): void {
		const { baseline } = this.deps.choices.snapshot;
		const first = baseline !== null && keys.includes(baseline) ? [baseline] : [];
		this.#slots.open(vscode.l10n.t("Compare Runs"), (panel) => panel.compare([...first, ...keys]));
	}
}
