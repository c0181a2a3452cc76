import type { Run } from "../../shared/run";
import { toIconFreeText, toMarkdownText } from "../plainText";
import { formatMetric } from "../tree/formatMetric";
import { metricsOfRow } from "../tree/shownMetrics";
import { isActive, isSilent, stateSentence } from "./runState";

/** A run that says it runs and has written nothing for this long is not shown as going on: most likely it died unsaid. */
const givenUpAfterMs = 15 * 60_000;

export interface Activity {
	/** For the status bar; icons allowed, foreign text without any. */
	readonly text: string;
	/** Markdown. */
	readonly tooltip: string;
	readonly spoken: string;
	readonly runs: readonly Run[];
}

/** What is going on: null when nothing is. What is told elsewhere is not told again. */
export function describeActivity(
	runs: Iterable<Run>,
	shownMetrics: readonly string[],
	nowMs: number,
	isToldElsewhere: (run: Run) => boolean = () => false,
): Activity | null {
	const going: Run[] = [];
	for (const run of runs) {
		if (run.status !== "RUNNING" || !isActive(run) || isSilent(run, nowMs, givenUpAfterMs)) continue;
		if (!isToldElsewhere(run)) going.push(run);
	}
	const [only] = going;
	if (!only) return null;
	going.sort((a, b) => (b.startTimeMs ?? 0) - (a.startTimeMs ?? 0));
	const tooltip = going
		.slice(0, 10)
		.map((run) => `${toMarkdownText(run.name)}: ${stateSentence(run, nowMs)}`)
		.join("  \n");
	if (going.length > 1) {
		return {
			text: `$(sync~spin) ${going.length} runs`,
			tooltip,
			spoken: `${going.length} runs are running`,
			runs: going,
		};
	}
	const [metric] = metricsOfRow(only, shownMetrics);
	const value = metric === undefined ? "" : ` · ${metric} ${formatMetric(only.metrics[metric] ?? Number.NaN)}`;
	const words = toIconFreeText(`${only.name}${value}`, 60);
	return { text: `$(sync~spin) ${words}`, tooltip, spoken: `${words}, running`, runs: going };
}
