import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import type { RunKey } from "../../shared/run";
import { PanelSlots } from "../panels/panelSlots";
import type { WhyPanel } from "./whyPanel";
import type { WhyPorts } from "./whyPorts";

/** “Why did it change?”: one panel, whose content is replaced (for `gamma.whyDidItChange`). */
export class WhyPanels extends Owner {
	readonly #slots: PanelSlots<WhyPanel>;

	constructor(ports: WhyPorts, load: () => Promise<typeof import("./whyPanel")>) {
		super();
		this.#slots = this.own(
			new PanelSlots("gamma.why", ports.deps.logger, async () => {
				const { WhyPanel } = await load();
				return { make: (panel) => new WhyPanel(panel, ports) };
			}),
		);
	}

	open(base: RunKey, other: RunKey): void {
		this.#slots.open(vscode.l10n.t("Why Did It Change?"), (panel) => panel.ask(base, other));
	}
}
