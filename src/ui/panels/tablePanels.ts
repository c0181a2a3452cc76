import { Owner } from "../../core/disposable";
import type { LoadPanels } from "./loadPanels";
import type { PanelDeps } from "./panelDeps";
import { PanelSlots } from "./panelSlots";
import type { TablePanel } from "./tablePanel";

/** The runs table: one in all. */
export class TablePanels extends Owner {
	readonly #slots: PanelSlots<TablePanel>;

	constructor(deps: PanelDeps, load: LoadPanels) {
		super();
		this.#slots = this.own(
			new PanelSlots("gamma.table", deps.logger, async () => {
				const { TablePanel } = await load();
				return { make: (panel) => new TablePanel(panel, deps) };
			}),
		);
	}

	open(): void {
		this.#slots.open("Runs");
	}
}
