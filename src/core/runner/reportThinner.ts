import type { ReportedNumber } from "../../shared/relay/queue";
import type { LoggedPoint } from "../sidecar/recordedRun";

/** The metrics of one step, as the relay's streams are told them. */
export interface Report {
	readonly step: number;
	readonly values: Readonly<Record<string, ReportedNumber>>;
}

/** In the long run streams are told no more than a step in so long; every point is in the tracking store. */
const leastGapMs = 100;
/** Steps that come at once, after a pause of the machine or of the training, are all told. */
const mostAtOnce = 100;
/** Of one report: a heartbeat is no place for ten thousand metrics. */
const mostKeys = 200;

/**
 * Gathers points to one report a step. Of steps that keep following each other faster than `leastGapMs` those are passed over
 * whose every metric comes again: the newest always gets through.
 */
export class ReportThinner {
	#open: { step: number; sinceMs: number; values: Record<string, ReportedNumber> } | null = null;
	#credit = mostAtOnce;
	#creditMs: number | null = null;

	/** What is ready to be told, oldest first. */
	push(points: readonly LoggedPoint[], nowMs: number): Report[] {
		const ready: Report[] = [];
		for (const { key, value, step } of points) {
			// The machine's own load is a matter of the run's page.
			if (key.startsWith("system/")) continue;
			let open = this.#open;
			if (open?.step !== step) {
				if (open !== null && (this.#hasCredit(nowMs) || !willComeAgain(open.values, points, step)))
					ready.push({ step: open.step, values: open.values });
				open = { step, sinceMs: nowMs, values: {} };
				this.#open = open;
			}
			if (Object.keys(open.values).length < mostKeys) open.values[key] = Number.isFinite(value) ? value : toName(value);
		}
		return ready;
	}

	/** The last one, once nothing has been added to it for a while, or at the end. */
	settle(nowMs: number, isEnd = false): Report[] {
		const open = this.#open;
		if (open === null || (!isEnd && nowMs - open.sinceMs < leastGapMs)) return [];
		this.#open = null;
		return [{ step: open.step, values: open.values }];
	}

	#hasCredit(nowMs: number): boolean {
		const earned = (nowMs - (this.#creditMs ?? nowMs)) / leastGapMs;
		this.#credit = Math.min(mostAtOnce, this.#credit + earned);
		this.#creditMs = nowMs;
		if (this.#credit < 1) return false;
		this.#credit--;
		return true;
	}
}

function willComeAgain(
	values: Readonly<Record<string, unknown>>,
	points: readonly LoggedPoint[],
	step: number,
): boolean {
	const coming = new Set(points.filter((point) => point.step === step).map(({ key }) => key));
	return Object.keys(values).every((key) => coming.has(key));
}

function toName(value: number): "NaN" | "Infinity" | "-Infinity" {
	if (Number.isNaN(value)) return "NaN";
	return value > 0 ? "Infinity" : "-Infinity";
}
