import type { Run } from "../../shared/run";
import { compareByCodePoint } from "../codePoints";

/** Runs looked at: enough to know what a project logs, few enough to cost nothing. */
const sampleSize = 500;

/** A run, or a job: whatever has last values of metrics. */
type Measured = Pick<Run, "metrics">;

/** The metrics that tell most about these runs: validation before training, quality before loss, common before rare. */
export function guessShownMetrics(runs: Iterable<Measured>, count = 1): readonly string[] {
	const seen = new Map<string, number>();
	let sampled = 0;
	for (const run of runs) {
		if (sampled++ >= sampleSize) break;
		for (const metric of Object.keys(run.metrics)) seen.set(metric, (seen.get(metric) ?? 0) + 1);
	}
	const most = Math.max(1, ...seen.values());
	return [...seen]
		.map(([metric, times]) => ({ metric, worth: worthOf(metric) + times / most }))
		.sort((a, b) => b.worth - a.worth || compareByCodePoint(a.metric, b.metric))
		.slice(0, count)
		.map(({ metric }) => metric);
}

/** The metrics to show beside one run: the chosen ones it has, else the one of its own that tells most. */
export function metricsOfRow(run: Measured, shown: readonly string[]): readonly string[] {
	const own = shown.filter((metric) => Object.hasOwn(run.metrics, metric));
	return own.length > 0 ? own : guessShownMetrics([run]);
}

function worthOf(metric: string): number {
	const words = metric.toLowerCase().split(/[^a-z0-9]+/);
	const has = (...sought: readonly string[]) => sought.some((word) => words.includes(word));
	let worth = 0;
	if (metric.startsWith("system/")) worth -= 20;
	if (has("val", "valid", "validation", "eval", "test")) worth += 4;
	if (has("acc", "accuracy", "f1", "auc", "map", "miou", "bleu", "reward", "return", "score", "r2")) worth += 2;
	if (has("loss", "rmse", "mae", "mse", "perplexity", "ppl")) worth += 1;
	if (has("lr", "epoch", "step", "time", "seconds", "grad", "norm")) worth -= 4;
	return worth;
}
