import { formatDuration } from "../durations";
import { statusOfTraining, type Training } from "./training";

export interface CostEstimate {
	/** Of all machines together, in the price's currency; null where this kind of machine has no known price. */
	readonly amount: number | null;
	/** Seconds of one machine that are paid for: told by SageMaker at the end, counted so far before it. */
	readonly billedSeconds: number;
	readonly isFinal: boolean;
}

/**
 * What a training costs, as an estimate: AWS's bill counts, not this. A running spot training is counted at the full price,
 * for what it saves is known at its end only.
 */
export function estimateCost(training: Training, nowMs: number): CostEstimate | null {
	const isFinal = training.billableSeconds !== null && statusOfTraining(training) !== "running";
	const soFar = training.startedMs === null ? null : ((training.endedMs ?? nowMs) - training.startedMs) / 1_000;
	const billedSeconds = isFinal ? training.billableSeconds : soFar;
	if (billedSeconds === null || billedSeconds < 0) return null;
	const { price, instanceCount } = training;
	const amount = price === null ? null : (price.perHour * instanceCount * billedSeconds) / 3_600;
	return { amount, billedSeconds, isFinal };
}

/** `≈ $1.41 so far at the list price of 2026-11-25`; where no price is known, the time that is paid for. */
export function costWords(training: Training, nowMs: number): string | null {
	const cost = estimateCost(training, nowMs);
	if (!cost) return null;
	const { price, instanceCount, instanceType } = training;
	const soFar = cost.isFinal ? "" : " so far";
	if (cost.amount === null || price === null) {
		const machines = `${instanceCount} × ${instanceType ?? "a machine"}`;
		return `${formatDuration(cost.billedSeconds * 1_000)} of ${machines}${soFar}, of which no price is known`;
	}
	const at = price.asOf === null ? "your own price" : `the list price of ${price.asOf}`;
	const spot = training.isSpot && !cost.isFinal ? ", before what spot saves" : "";
	return `≈ ${money(cost.amount, price.currency)}${soFar} at ${at}${spot}`;
}

/** `$1.41`, `CN¥1.41`; what is below a cent is said as such. */
function money(amount: number, currency: string): string {
	const say = (value: number) => {
		try {
			return new Intl.NumberFormat("en-US", { style: "currency", currency }).format(value);
		} catch {
			// A word that is no currency's.
			return `${value.toFixed(2)} ${currency}`;
		}
	};
	return amount > 0 && amount < 0.01 ? `less than ${say(0.01)}` : say(amount);
}
