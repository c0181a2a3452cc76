import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import { TableModel } from "../../core/table/tableModel";
import type { Handlers } from "../../shared/call";
import { type TableState, tableCalls } from "../../shared/panels/tablePanel";
import { Panel } from "./panel";
import type { PanelDeps } from "./panelDeps";
import { PanelSlots } from "./panelSlots";
import { tableHandlers } from "./tableHandlers";

const viewType = "gamma.table";

/** The runs table: one in all. */
export class TablePanels extends Owner {
	readonly #slots: PanelSlots<TablePanel>;

	constructor(deps: PanelDeps) {
		super();
		this.#slots = this.own(new PanelSlots(viewType, (panel) => new TablePanel(panel, deps)));
	}

	open(): void {
		this.#slots.open("Runs");
	}
}

class TablePanel extends Panel<typeof tableCalls, TableState> {
	readonly #model: TableModel;

	constructor(
		panel: vscode.WebviewPanel,
		private readonly deps: PanelDeps,
	) {
		super(panel, { viewType, script: "table", calls: tableCalls }, deps.extensionUri, deps.logger);
		this.#model = this.own(new TableModel(deps));
		this.own(this.#model.onDidChange(() => this.invalidate()));
	}

	protected override state(): TableState {
		return this.#model.state();
	}

	protected override handlers(): Handlers<typeof tableCalls> {
		// The base constructor asks before `deps` is there: everything is looked up when a call comes.
		return tableHandlers(
			() => this.#model,
			{
				openRun: (key) => this.deps.actions.openRun(key),
				openCharts: (keys) => this.deps.actions.openCharts(keys),
				compare: (keys) => this.deps.actions.compare(keys),
			},
			() => void vscode.commands.executeCommand("workbench.action.openSettings", "@ext:gamma-ml.gamma"),
		);
	}
}
