import type { Verdict } from "../../shared/panels/tablePanel";

export type Direction = "lower" | "higher";

const lowerBetter = new Set(
	"loss error err perplexity ppl mae mse rmse mape msle wer cer fid kl nll regret latency cost bpc bpb".split(" "),
);
const higherBetter = new Set(
	"acc accuracy top1 top5 f1 auc auroc auprc ap map miou iou dice precision recall reward return score bleu rouge psnr ssim r2 throughput kappa mcc success winrate".split(
		" ",
	),
);

/** Whether a metric is the better the lower or the higher, read from its name; null when the name does not say. */
export function metricDirection(metric: string): Direction | null {
	const words = metric
		.replace(/([a-z])([A-Z])/g, "$1 $2")
		.toLowerCase()
		.split(/[^a-z0-9]+/);
	// The last telling word decides: `accuracy_loss` is a loss, `loss/val_acc` an accuracy.
	for (const word of words.reverse()) {
		if (lowerBetter.has(word) || word.endsWith("loss") || word.endsWith("error")) return "lower";
		if (higherBetter.has(word) || word.startsWith("map50") || word.endsWith("accuracy")) return "higher";
	}
	return null;
}

/**
 * How a change from the baseline reads. `spread`: the standard deviation over the baseline's seeds, null when it has no others.
 * Null where the direction is not known, and for what cannot be compared.
 */
export function verdictOf(change: number, direction: Direction | null, spread: number | null): Verdict | null {
	if (Number.isNaN(change)) return null;
	if (change === 0) return "same";
	if (spread !== null && Math.abs(change) <= spread) return "within noise";
	if (direction === null) return null;
	return change < 0 === (direction === "lower") ? "better" : "worse";
}

export interface Summary {
	readonly mean: number;
	/** Sample standard deviation; null below two values. */
	readonly deviation: number | null;
	readonly count: number;
}

/** Mean and spread of values, those that are NaN left out of the count. Null when nothing is left. */
export function summarise(values: readonly number[]): Summary | null {
	const numbers = values.filter((value) => !Number.isNaN(value));
	if (numbers.length === 0) return null;
	// Welford's update: no overflow of the sum, no loss of digits for values far from zero.
	let mean = 0;
	let squares = 0;
	for (const [index, value] of numbers.entries()) {
		const difference = value - mean;
		mean += difference / (index + 1);
		squares += difference * (value - mean);
	}
	const count = numbers.length;
	return { mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : null, count };
}
