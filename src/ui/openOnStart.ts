import * as vscode from "vscode";
import { type Disposable, Owner } from "../core/disposable";
import type { RunChoices } from "../core/runs/runChoices";
import type { RunModel } from "../core/runs/runModel";
import type { RunActions } from "./runActions";

/** Runs put on the charts: what trains now and the newest before it. */
const shownRuns = 4;

/**
 * `GAMMA_OPEN=charts`, which `npm start` sets: shows the side bar, and the charts of the newest runs once there are any.
 * Does nothing where something is on the charts already, so that a reload keeps what the person chose.
 */
export function openOnStart(
	wanted: string | undefined,
	{ model, choices, actions }: { model: RunModel; choices: RunChoices; actions: RunActions },
): Disposable {
	if (wanted !== "charts") return { dispose() {} };
	return new OpenOnStart(model, choices, actions);
}

class OpenOnStart extends Owner {
	constructor(model: RunModel, choices: RunChoices, actions: RunActions) {
		super();
		void vscode.commands.executeCommand("workbench.view.extension.gamma");
		this.own(
			model.onDidChange(() => {
				if (choices.snapshot.checked.length > 0) {
					this.dispose();
					return;
				}
				const newest = [...model.snapshot.runs.values()]
					.filter((run) => run.lifecycleStage === "active")
					.sort((a, b) => (b.startTimeMs ?? 0) - (a.startTimeMs ?? 0))
					.slice(0, shownRuns);
				if (newest.length === 0) return;
				this.dispose();
				actions.openCharts(newest.map((run) => run.key));
			}),
		);
	}
}
