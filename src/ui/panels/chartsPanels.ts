import { Owner } from "../../core/disposable";
import type { ChartsState } from "../../shared/panels/chartsPanel";
import type { ChartsView } from "../../shared/panels/chartsView";
import type { RunKey } from "../../shared/run";
import type { ChartsPanel } from "./chartsPanel";
import type { LoadPanels } from "./loadPanels";
import type { PanelDeps } from "./panelDeps";
import { PanelSlots } from "./panelSlots";

/** The one charts panel: opens it, brings it back after a reload, puts runs on it. */
export class ChartsPanels extends Owner {
	readonly #slots: PanelSlots<ChartsPanel>;
	#wanted: ChartsState["wanted"] = null;

	constructor(
		private readonly deps: PanelDeps,
		private readonly load: LoadPanels,
	) {
		super();
		this.#slots = this.own(
			new PanelSlots("gamma.charts", deps.logger, async () => {
				const { ChartsPanel } = await load();
				return { make: (panel) => new ChartsPanel(panel, deps, () => this.#wanted) };
			}),
		);
	}

	/** Shows the panel; with keys, puts these runs on the charts first; with a view, shows them so. */
	open(keys: readonly RunKey[] = [], view?: Partial<ChartsView>): void {
		if (view) this.#wanted = { id: Date.now(), view };
		if (keys.length > 0) this.deps.choices.setChecked(keys, true);
		this.#slots.open("Charts", (panel) => panel.refresh());
	}

	/** Opens what a `vscode://gamma-ml.gamma/charts?…` link says: exactly its runs, in its view. */
	async openLink(query: string): Promise<void> {
		const { parseChartsLinkQuery } = await this.load();
		const { runs, view } = parseChartsLinkQuery(query);
		if (runs.length > 0) this.deps.choices.update({ checked: [...runs] });
		this.open([], view);
	}
}
