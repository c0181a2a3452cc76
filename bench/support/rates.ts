import { loadavg } from "node:os";
import { row } from "./rounds";

/** A number of several rounds: its median, and its range. */
export interface Spread {
	readonly median: number;
	readonly least: number;
	readonly most: number;
}

export function spread(values: readonly number[]): Spread {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? Number.NaN;
	const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
	return { median, least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN };
}

/** The value below which this share of the sorted ones lies. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
	return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export function showSpread({ median, least, most }: Spread, unit: string): string {
	return `${short(median)} ${unit} (${short(least)}–${short(most)})`;
}

export interface Side {
	readonly name: string;
	readonly values: readonly number[];
}

/**
 * One row per peer: Gamma's figure, the peer's, and how many times better Gamma's is, where more is better or, for
 * `isLessBetter`, less. Without peers one row with the target alone.
 */
export function rateRows(
	work: string,
	unit: string,
	gamma: readonly number[],
	peers: readonly Side[],
	target: string,
	isLessBetter = false,
): void {
	const own = spread(gamma);
	const load = () => loadavg()[0]?.toFixed(1) ?? "";
	if (peers.length === 0) row([work, showSpread(own, unit), "", "", target, load()]);
	for (const { name, values } of peers) {
		const theirs = spread(values);
		const ratio = isLessBetter ? theirs.median / own.median : own.median / theirs.median;
		row([work, showSpread(own, unit), `${name} ${showSpread(theirs, unit)}`, `${ratio.toFixed(1)} ×`, target, load()]);
	}
}

function short(value: number): string {
	if (value >= 1_000) return Math.round(value).toLocaleString("en-US");
	return value >= 100 ? value.toFixed(0) : value.toPrecision(value < 1 ? 2 : 3);
}
