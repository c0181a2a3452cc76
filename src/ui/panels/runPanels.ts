import { Owner } from "../../core/disposable";
import type { RunKey } from "../../shared/run";
import type { LoadPanels } from "./loadPanels";
import type { PanelDeps } from "./panelDeps";
import { PanelSlots } from "./panelSlots";
import { titleOf } from "./runPageTitle";
import type { RunPanel } from "./runPanel";
import type { RunPanelOptions } from "./runPanelOptions";

/** The pages of runs, one per run; a page comes back after a reload (for `gamma.openRun`). */
export class RunPanels extends Owner {
	readonly #slots: PanelSlots<RunPanel>;

	constructor(
		private readonly deps: PanelDeps,
		load: LoadPanels,
		options: RunPanelOptions,
	) {
		super();
		this.#slots = this.own(
			new PanelSlots("gamma.run", deps.logger, async () => {
				const { RunPanel, keptRun } = await load();
				return {
					make: (panel, key) => new RunPanel(panel, key, deps, options, () => this.#slots.keep(key)),
					subjectOf: keptRun,
				};
			}),
		);
	}

	open(key: RunKey): void {
		this.#slots.open(titleOf(this.deps.model.run(key)), undefined, key);
	}

	preview(key: RunKey): void {
		this.#slots.preview(titleOf(this.deps.model.run(key)), key);
	}
}
