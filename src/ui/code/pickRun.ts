import * as vscode from "vscode";
import type { Run } from "../../shared/run";

const statusIcons = {
	RUNNING: "sync",
	SCHEDULED: "circle-outline",
	FINISHED: "pass",
	FAILED: "error",
	KILLED: "circle-slash",
} as const satisfies Record<Run["status"], string>;

/** A run's name says nothing (vscode-dvc#2382): each row has its metrics and when it was. Undefined when nothing was picked. */
export async function pickRun(runs: readonly Run[], shownMetrics: readonly string[]): Promise<Run | undefined> {
	const choices = runs.map((run) => ({
		label: `$(${statusIcons[run.status]}) ${run.name.replace(/\$\(/g, "$\u200b(")}`,
		description: metricsOf(run, shownMetrics),
		detail: [run.experimentName, run.startTimeMs && new Date(run.startTimeMs).toLocaleString()]
			.filter(Boolean)
			.join(" · "),
		run,
	}));
	const picked = await vscode.window.showQuickPick(choices, {
		title: `${runs.length} runs of this commit`,
		placeHolder: "Open which run?",
		matchOnDescription: true,
		matchOnDetail: true,
	});
	return picked?.run;
}

/** The chosen metrics; without any of them the first three. */
export function metricsOf(run: Run, shownMetrics: readonly string[]): string {
	const chosen = shownMetrics.filter((name) => run.metrics[name] !== undefined);
	const names = chosen.length > 0 ? chosen : Object.keys(run.metrics).sort().slice(0, 3);
	return names.map((name) => `${name} ${Number((run.metrics[name] ?? Number.NaN).toPrecision(4))}`).join("  ");
}
