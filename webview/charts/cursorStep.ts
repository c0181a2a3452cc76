import type { ChartLine } from "../../src/shared/chart";
import { neighbourX } from "./nearest";
import { type Plot, valueAtX } from "./plot";

/** How far Shift and an arrow go, as a part of the plot's width. */
const farPart = 0.1;

/** Where a key puts the cursor; null takes it away, undefined: not a key of the cursor. */
export function cursorStep(
	key: string,
	isFar: boolean,
	lines: readonly ChartLine[],
	plot: Plot,
	x: number | null,
): number | null | undefined {
	const [low, high] = plot.xRange;
	switch (key) {
		case "ArrowRight":
		case "ArrowLeft": {
			const direction = key === "ArrowRight" ? 1 : -1;
			const width = plot.right - plot.left;
			const from = x ?? (direction === 1 ? beside(low, -1) : beside(high, 1));
			const start = isFar && x !== null ? valueAtX(plot, pixelOf(plot, x) + direction * width * farPart) : from;
			const next = neighbourX(lines, start, direction);
			return next === null || next < low || next > high ? (x ?? undefined) : next;
		}
		case "Home":
			return neighbourX(lines, beside(low, -1), 1) ?? undefined;
		case "End":
			return neighbourX(lines, beside(high, 1), -1) ?? undefined;
		case "Escape":
			return x === null ? undefined : null;
		default:
			return undefined;
	}
}

/** The nearest number on that side, so that a point exactly on the edge is found. */
function beside(value: number, direction: 1 | -1): number {
	return value + direction * Math.max(Math.abs(value) * 1e-12, Number.MIN_VALUE);
}

function pixelOf(plot: Plot, x: number): number {
	const [low, high] = plot.xRange;
	const part = plot.logX ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low);
	return plot.left + part * (plot.right - plot.left);
}
