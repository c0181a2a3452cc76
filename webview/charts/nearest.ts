import type { ChartLine } from "../../src/shared/chart";

/**
 * The drawn point of a line nearest to a place on the x axis; -1 when it has none. Where attempts overlap, the latest
 * attempt that reaches the place counts: it is what the run went on with.
 */
export function nearestIndex(line: ChartLine, x: number): number {
	let best = -1;
	let bestGap = Number.POSITIVE_INFINITY;
	for (const [from, to] of attemptsOf(line)) {
		const index = nearestWithin(line.x, from, to, x);
		if (index < 0) continue;
		const reaches = (line.x[from] ?? 0) <= x && x <= (line.x[to - 1] ?? 0);
		const gap = reaches ? 0 : Math.abs((line.x[index] ?? 0) - x);
		// Equal gaps go to the later attempt.
		if (gap <= bestGap) {
			best = index;
			bestGap = gap;
		}
	}
	return best;
}

/** The next drawn x of any line to the right (1) or left (-1) of a place; null at the end. */
export function neighbourX(lines: readonly ChartLine[], x: number, direction: 1 | -1): number | null {
	let best: number | null = null;
	for (const line of lines) {
		for (const value of line.x) {
			if (direction === 1 ? value <= x : value >= x) continue;
			if (best === null || (direction === 1 ? value < best : value > best)) best = value;
		}
	}
	return best;
}

/** Index ranges [from, to) of the line's attempts, in order. */
export function attemptsOf(line: ChartLine): [number, number][] {
	const starts = [0, ...line.breaks, line.x.length];
	return starts.slice(0, -1).map((from, i) => [from, starts[i + 1] ?? line.x.length]);
}

function nearestWithin(xs: Float64Array, from: number, to: number, x: number): number {
	let low = from;
	let high = to;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((xs[middle] ?? 0) < x) low = middle + 1;
		else high = middle;
	}
	const candidates = low >= to ? [to - 1] : low > from ? [low - 1, low] : [low];
	let best = -1;
	for (const index of candidates) {
		if (index < from) continue;
		if (best < 0 || Math.abs((xs[index] ?? 0) - x) < Math.abs((xs[best] ?? 0) - x)) best = index;
	}
	if (best < 0) return best;
	// Several points may share one x (minimum and maximum of a pixel column): the last one is the latest.
	while (best + 1 < to && xs[best + 1] === xs[best]) best++;
	return best;
}
