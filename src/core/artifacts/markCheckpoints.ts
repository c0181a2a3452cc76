import type { Series } from "../../shared/run";
import type { Checkpoint } from "../jobs/checkpoints";
import { metricDirection } from "../table/metricDirection";

/** What is known of a checkpoint beside its file. */
export interface CheckpointMark {
	readonly step: number | null;
	/** When it was written, as its training noted; null where it did not. */
	readonly timestampMs: number | null;
	/** Each metric's value at its step. */
	readonly metrics: Readonly<Record<string, number>>;
	/** No other of these is better by the metric that counts. */
	readonly isBest: boolean;
	readonly isLast: boolean;
}

/**
 * Marks the checkpoints of one training, by path: metrics at their steps, which is the best by `metric` (the lower or the
 * higher, as its name says; none where that is not known) and which the last.
 */
export function markCheckpoints(
	checkpoints: readonly Checkpoint[],
	histories: Readonly<Record<string, Series>>,
	metric: string | null,
): ReadonlyMap<string, CheckpointMark> {
	const measured = checkpoints.map((checkpoint) => ({ checkpoint, metrics: metricsAt(histories, checkpoint.step) }));
	const direction = metric === null ? null : metricDirection(metric);
	const sign = direction === "lower" ? -1 : 1;
	const worth = (metrics: Readonly<Record<string, number>>) => sign * (metrics[metric ?? ""] ?? Number.NaN);
	const greatest = (values: readonly number[]) =>
		Math.max(Number.NEGATIVE_INFINITY, ...values.filter((value) => !Number.isNaN(value)));
	const best = direction === null ? Number.NaN : greatest(measured.map(({ metrics }) => worth(metrics)));
	// What came up in one copy has one time: then the step says which is the last.
	const order = ({ step, timestampMs }: Checkpoint) => [timestampMs ?? Number.NaN, step ?? Number.NaN] as const;
	const lastTime = greatest(checkpoints.map((each) => order(each)[0]));
	const newest = checkpoints.filter(({ timestampMs }) => !Number.isFinite(lastTime) || timestampMs === lastTime);
	const lastStep = greatest(newest.map((each) => order(each)[1]));
	const last = newest.filter(({ step }) => !Number.isFinite(lastStep) || step === lastStep);
	const isLast = (checkpoint: Checkpoint) => last.length === 1 && checkpoint === last[0];
	return new Map(
		measured.map(({ checkpoint, metrics }) => [
			checkpoint.path,
			{
				...{ step: checkpoint.step, timestampMs: checkpoint.timestampMs, metrics },
				isBest: checkpoints.length > 1 && worth(metrics) === best,
				isLast: checkpoints.length > 1 && isLast(checkpoint),
			},
		]),
	);
}

/** Each metric's last value at the greatest of its steps that is not beyond this one. */
function metricsAt(histories: Readonly<Record<string, Series>>, step: number | null): Record<string, number> {
	const found: Record<string, number> = {};
	for (const [name, { steps, values }] of Object.entries(histories)) {
		let at = -1;
		for (let index = 0; index < steps.length; index++) {
			const here = steps[index] ?? Number.NaN;
			if (step !== null && here <= step && here >= (steps[at] ?? Number.NEGATIVE_INFINITY)) at = index;
		}
		const value = values[at];
		if (value !== undefined) found[name] = value;
	}
	return found;
}
