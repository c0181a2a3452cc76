import { statusOfTraining, type Training } from "./training";

/**
 * Dollars for an hour of one machine on demand in us-east-1, as AWS's price list had them on this day; other regions differ
 * by a fifth and more, and a team's contract by more than that. Source: https://aws.amazon.com/sagemaker/ai/pricing/
 */
export const pricesAsOf = "mid-2025";
const dollarsPerHour: Readonly<Record<string, number>> = {
	"ml.m5.large": 0.115,
	"ml.m5.xlarge": 0.23,
	"ml.m5.2xlarge": 0.461,
	"ml.m5.4xlarge": 0.922,
	"ml.c5.xlarge": 0.204,
	"ml.c5.2xlarge": 0.408,
	"ml.c5.4xlarge": 0.816,
	"ml.c5.9xlarge": 1.836,
	"ml.g4dn.xlarge": 0.7364,
	"ml.g4dn.2xlarge": 0.94,
	"ml.g4dn.4xlarge": 1.505,
	"ml.g4dn.12xlarge": 4.89,
	"ml.g5.xlarge": 1.408,
	"ml.g5.2xlarge": 1.515,
	"ml.g5.4xlarge": 2.03,
	"ml.g5.8xlarge": 3.06,
	"ml.g5.12xlarge": 7.09,
	"ml.g5.24xlarge": 10.18,
	"ml.g5.48xlarge": 20.36,
	"ml.p3.2xlarge": 3.825,
	"ml.p3.8xlarge": 14.688,
	"ml.p3.16xlarge": 28.152,
};

export interface CostEstimate {
	/** Of all machines together; null where the kind of machine has no price here. */
	readonly dollars: number | null;
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
	const price = training.instanceType === null ? undefined : dollarsPerHour[training.instanceType];
	const dollars = price === undefined ? null : (price * training.instanceCount * billedSeconds) / 3_600;
	return { dollars, billedSeconds, isFinal };
}

/** `about $1.41, an estimate at 2025-06 prices of us-east-1`, or that it is not known and why. */
export function costWords(training: Training, nowMs: number): string | null {
	const cost = estimateCost(training, nowMs);
	if (!cost) return null;
	if (cost.dollars === null)
		return training.instanceType === null ? "not known" : `not known: ${training.instanceType} has no price here`;
	const amount = cost.dollars < 0.01 ? "less than $0.01" : `about $${cost.dollars.toFixed(2)}`;
	return `${amount}${cost.isFinal ? "" : " so far"}, an estimate at ${pricesAsOf} prices of us-east-1`;
}
