import type { DrawnLine } from "./chartLines";
import { attemptsOf, nearestIndex } from "./nearest";
import { type Plot, projectX, projectY } from "./plot";

/** One line's value at the cursor. */
export interface ValueRow {
	readonly id: string;
	readonly name: string;
	readonly slot: number;
	readonly kind: DrawnLine["kind"];
	readonly x: number;
	readonly step: number;
	readonly value: number;
	readonly smoothed: number | null;
	/** Standard deviation and number of runs of a mean. */
	readonly spread: { readonly std: number; readonly count: number } | null;
	/** 0 for the first attempt, 1 after one restart, … */
	readonly attempt: number;
	/** Of its nearest mark, where a non-finite value lies nearer than the drawn point. */
	readonly mark: string | null;
}

/** A line whose nearest point is further than this from the cursor has no value there. */
const farPx = 40;

/** Values at a place on the x axis: the line nearest to the pointer first; by keys, the greatest value first. */
export function valueRows(lines: readonly DrawnLine[], plot: Plot, x: number, py: number | null): ValueRow[] {
	const toX = projectX(plot);
	const toY = projectY(plot);
	const at = toX(x);
	const rows = lines.flatMap((drawn) => {
		const { line } = drawn;
		const index = nearestIndex(line, x);
		if (index < 0) return [];
		const pointX = line.x[index] ?? Number.NaN;
		const gap = Math.abs(toX(pointX) - at);
		if (!(gap <= farPx) && !reaches(drawn, x)) return [];
		const mark = line.marks.find(
			(candidate) => Math.abs(toX(candidate.x) - at) < Math.min(gap, 3) || candidate.x === x,
		);
		const value = line.y[index] ?? Number.NaN;
		const smoothed = line.smoothed?.[index] ?? null;
		const high = line.high?.[index];
		const distance = py === null ? -(smoothed ?? value) : Math.abs(toY(smoothed ?? value) - py);
		const row: ValueRow = {
			id: drawn.id,
			name: drawn.name,
			slot: drawn.slot,
			kind: drawn.kind,
			x: pointX,
			step: line.steps[index] ?? Number.NaN,
			value,
			smoothed,
			spread: high === undefined ? null : { std: high - value, count: line.counts?.[index] ?? 0 },
			attempt: attemptsOf(line).findIndex(([from, to]) => index >= from && index < to),
			mark: mark?.kind ?? null,
		};
		return [{ row, distance: Number.isNaN(distance) ? Number.MAX_VALUE : distance }];
	});
	return rows.sort((a, b) => a.distance - b.distance).map(({ row }) => row);
}

function reaches({ line }: DrawnLine, x: number): boolean {
	return line.xExtent !== null && line.xExtent[0] <= x && x <= line.xExtent[1];
}

/** The x of the drawn point nearest to a pixel, over all lines: where the cursor snaps to. */
export function snapX(lines: readonly DrawnLine[], x: number): number | null {
	let best: number | null = null;
	for (const { line } of lines) {
		const index = nearestIndex(line, x);
		const candidate = line.x[index];
		if (candidate !== undefined && (best === null || Math.abs(candidate - x) < Math.abs(best - x))) best = candidate;
	}
	return best;
}
