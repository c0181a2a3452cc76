import type { XAxis } from "../../shared/chart";
import { assertNever } from "../../shared/errors";
import type { Series } from "../../shared/run";
import { attemptStarts } from "./attempts";
import { processSeconds, relativeSeconds } from "./elapsed";
import { epochsAt } from "./epochs";
import { emptyTrace, type Trace } from "./trace";

/** One run's history of a metric, with what the axes beside step need. */
export interface ChartHistory {
	readonly series: Series;
	/** The run's epoch metric, for the epoch axis only. */
	readonly epochs: Series | null;
	/** When the run began; null where the store does not say. */
	readonly startTimeMs: number | null;
}

/**
 * The history's points placed on an axis: step; epoch; relative and process in seconds since the run began
 * (its start time, or its first point where that is earlier or no start is known); wall in milliseconds since the epoch.
 * Points without a place are counted as lost. A history that goes back more than 64 times is sorted by x instead of cut.
 */
export function placeOnAxis(history: ChartHistory, axis: XAxis, logX: boolean): Trace {
	const { steps } = history.series;
	const values = withInfinities(history.series.values);
	const x = positions(history, axis);
	const lowest = logX ? Number.MIN_VALUE : Number.NEGATIVE_INFINITY;
	let kept = 0;
	for (let i = 0; i < x.length; i++) {
		const position = x[i] ?? Number.NaN;
		if (position - position === 0 && position >= lowest) kept++;
	}
	if (kept === 0) return { ...emptyTrace, lost: x.length };
	const lost = x.length - kept;
	if (lost === 0) return inOrder({ x, y: values, steps, starts: [], lost });
	const keptX = new Float64Array(kept);
	const keptY = new Float64Array(kept);
	const keptSteps = new Float64Array(kept);
	for (let i = 0, at = 0; i < x.length; i++) {
		const position = x[i] ?? Number.NaN;
		if (position - position !== 0 || position < lowest) continue;
		keptX[at] = position;
		keptY[at] = values[i] ?? Number.NaN;
		keptSteps[at] = steps[i] ?? Number.NaN;
		at++;
	}
	return inOrder({ x: keptX, y: keptY, steps: keptSteps, starts: [], lost });
}

function positions({ series, epochs, startTimeMs }: ChartHistory, axis: XAxis): Float64Array {
	const { steps, timestampsMs } = series;
	const firstMs = timestampsMs[0] ?? 0;
	const originMs = startTimeMs !== null && startTimeMs <= firstMs ? startTimeMs : firstMs;
	switch (axis) {
		case "step":
			return steps;
		case "epoch":
			return epochs ? epochsAt(steps, epochs) : new Float64Array(steps.length).fill(Number.NaN);
		case "relative":
			return relativeSeconds(timestampsMs, originMs);
		case "process":
			return processSeconds(timestampsMs, steps, originMs);
		case "wall":
			return timestampsMs;
		default:
			return assertNever(axis);
	}
}

/** MLflow's databases hold ±infinity as the greatest number there is (`mlflow/store/tracking/sqlalchemy_store.py`). */
function withInfinities(values: Float64Array): Float64Array {
	const hasInfinities = values.includes(Number.MAX_VALUE) || values.includes(-Number.MAX_VALUE);
	if (!hasInfinities) return values;
	return values.map((value) =>
		Math.abs(value) === Number.MAX_VALUE ? Math.sign(value) * Number.POSITIVE_INFINITY : value,
	);
}

function inOrder(trace: Trace): Trace {
	const starts = attemptStarts(trace.steps, trace.x);
	if (starts) return { ...trace, starts };
	const order = Array.from(trace.x.keys()).sort((a, b) => (trace.x[a] ?? 0) - (trace.x[b] ?? 0) || a - b);
	const sorted = (values: Float64Array) => Float64Array.from(order, (i) => values[i] ?? Number.NaN);
	return { ...trace, x: sorted(trace.x), y: sorted(trace.y), steps: sorted(trace.steps), starts: [0] };
}
