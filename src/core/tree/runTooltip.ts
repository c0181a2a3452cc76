import type { Run } from "../../shared/run";
import { toMarkdownText } from "../plainText";
import { stateSentence } from "../runs/runState";
import { formatMetric } from "./formatMetric";
import { guessShownMetrics } from "./shownMetrics";

export interface TooltipScene {
	readonly nowMs: number;
	readonly branch: string | null;
	readonly commitSubject: string | null;
	readonly storeLabel: string;
	/** Params that set the run apart from its neighbours, most wanted first. */
	readonly differingParams: readonly string[];
}

const listed = 8;

/** A run's tooltip as Markdown in which every foreign text is literal: no link, no HTML, no icon can come of it. */
export function runTooltip(run: Run, scene: TooltipScene): string {
	const lines = [`**${toMarkdownText(run.name || run.id)}**`, stateSentence(run, scene.nowMs)];
	if (run.problem !== null) lines.push(toMarkdownText(run.problem, 400));
	const commit = commitLine(run, scene);
	if (commit !== null) lines.push(commit);
	const metrics = guessShownMetrics([run], listed);
	if (metrics.length > 0) {
		lines.push(list(metrics.map((metric) => [metric, formatMetric(run.metrics[metric] ?? Number.NaN)])));
	}
	const params = scene.differingParams.filter((param) => Object.hasOwn(run.params, param)).slice(0, listed);
	if (params.length > 0) lines.push(list(params.map((param) => [param, run.params[param] ?? ""])));
	lines.push(`${toMarkdownText(run.experimentName)} · ${toMarkdownText(scene.storeLabel)} · ${toMarkdownText(run.id)}`);
	return lines.join("\n\n");
}

function commitLine(run: Run, scene: TooltipScene): string | null {
	if (run.commit === null) return null;
	const parts = [scene.branch, run.commit.slice(0, 7), scene.commitSubject].filter((part) => part !== null);
	return parts.map((part) => toMarkdownText(part, 80)).join(" · ");
}

/** Two trailing spaces break the line inside one paragraph. */
function list(entries: readonly (readonly [string, string])[]): string {
	return entries.map(([name, value]) => `${toMarkdownText(name, 60)}: ${toMarkdownText(value, 80)}`).join("  \n");
}
