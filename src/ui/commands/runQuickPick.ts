import * as vscode from "vscode";
import { toIconFreeText } from "../../core/plainText";
import { describeRun } from "../../core/tree/describeRun";
import { differingParams } from "../../core/tree/differingParams";
import type { Run } from "../../shared/run";

interface RunChoice extends vscode.QuickPickItem {
	readonly run: Run;
}

/** A run's name says nothing: wherever one is picked, its metrics, params and experiment stand beside it. */
export async function pickRunFrom(
	runs: readonly Run[],
	shownMetrics: readonly string[],
	placeHolder: string,
): Promise<Run | undefined> {
	const differing = differingParams(runs.slice(0, 500));
	const choices = runs.map((run): RunChoice => {
		const row = describeRun(run, {
			nowMs: Date.now(),
			isChecked: false,
			colour: 0,
			isBaseline: false,
			shownMetrics,
		});
		const params = differing
			.filter((param) => Object.hasOwn(run.params, param))
			.slice(0, 5)
			.map((param) => `${param}=${run.params[param]}`);
		return {
			label: `$(${row.icon.replace("~spin", "")}) ${toIconFreeText(run.name || run.id, 120)}`,
			description: toIconFreeText(row.description),
			detail: toIconFreeText([run.experimentName, ...params].join(" · ")),
			run,
		};
	});
	const picked = await vscode.window.showQuickPick(choices, {
		placeHolder,
		matchOnDescription: true,
		matchOnDetail: true,
	});
	return picked?.run;
}
