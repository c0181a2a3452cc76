import * as vscode from "vscode";
import { TableModel } from "../../core/table/tableModel";
import type { Handlers } from "../../shared/call";
import { type TableState, tableCalls } from "../../shared/panels/tablePanel";
import { Panel } from "./panel";
import type { PanelDeps } from "./panelDeps";
import { tableHandlers } from "./tableHandlers";

/** The runs table in an editor tab. */
export class TablePanel extends Panel<typeof tableCalls, TableState> {
	readonly #model: TableModel;

	constructor(
		panel: vscode.WebviewPanel,
		private readonly deps: PanelDeps,
	) {
		super(panel, { viewType: "gamma.table", script: "table", calls: tableCalls }, deps.extensionUri, deps.logger);
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
				askWhy: (base, other) => this.deps.actions.askWhy(base, other),
				compare: (keys) => this.deps.actions.compare(keys),
			},
			() => void vscode.commands.executeCommand("workbench.action.openSettings", "@ext:gamma-ml.gamma"),
		);
	}
}
