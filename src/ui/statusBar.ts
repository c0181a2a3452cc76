import * as vscode from "vscode";
import { commandId } from "../core/contributions";
import { Owner } from "../core/disposable";
import { describeActivity } from "../core/runs/activity";
import type { RunModel } from "../core/runs/runModel";
import type { Run } from "../shared/run";

/** A run's age and silence change while nothing is written. */
const refreshEveryMs = 30_000;

/** One quiet entry while a run is going on; nothing at all otherwise. */
export class StatusBar extends Owner {
	readonly #entry = this.own(vscode.window.createStatusBarItem("gamma.running", vscode.StatusBarAlignment.Left, 40));
	#runs: readonly Run[] = [];

	constructor(
		private readonly model: RunModel,
		private readonly shownMetrics: () => readonly string[],
		/** The run is a job's: the jobs' own entry speaks of it. */
		private readonly isToldAsJob: (run: Run) => boolean,
		private readonly onDidChangeRunning: (isRunning: boolean) => void,
	) {
		super();
		this.#entry.name = vscode.l10n.t("Gamma: Running Runs");
		this.#entry.command = commandId("openActiveRuns");
		this.own(model.onDidChange(() => this.#show()));
		const timer = setInterval(() => this.#show(), refreshEveryMs);
		this.own({ dispose: () => clearInterval(timer) });
		this.#show();
	}

	/** The runs it speaks of, newest first. */
	get runs(): readonly Run[] {
		return this.#runs;
	}

	#show(): void {
		const activity = describeActivity(
			this.model.snapshot.runs.values(),
			this.shownMetrics(),
			Date.now(),
			this.isToldAsJob,
		);
		this.#runs = activity?.runs ?? [];
		this.onDidChangeRunning(activity !== null);
		if (!activity) {
			this.#entry.hide();
			return;
		}
		this.#entry.text = activity.text;
		this.#entry.tooltip = new vscode.MarkdownString(activity.tooltip);
		this.#entry.accessibilityInformation = { label: activity.spoken };
		this.#entry.show();
	}
}
