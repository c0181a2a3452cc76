import * as z from "zod/mini";
import type { RunKey } from "./run";

/** What a chart asks and what it gets. The answer is already thinned to the panel's pixels; every array is a typed array. */

export const xAxes = ["step", "epoch", "relative", "process", "wall"] as const;
/**
 * step: the logged step. epoch: the value of the run's `epoch` metric at that step.
 * relative: seconds since the run's first point. process: the same with the gaps of stopped-and-resumed attempts taken out.
 * wall: milliseconds since the epoch.
 */
export type XAxis = (typeof xAxes)[number];

export const chartLineQuery = z.object({
	/** The caller's name for the line; comes back with the answer. */
	id: z.string(),
	/** One run: the line is its history. Several: the line is their mean, with a band. */
	runKeys: z.array(z.string()),
});

export const chartQuery = z.object({
	metric: z.string(),
	lines: z.array(chartLineQuery),
	xAxis: z.enum(xAxes),
	/** In the axis's own unit; null for everything. */
	xRange: z.nullable(z.tuple([z.number(), z.number()])),
	/** Is the x axis logarithmic? Pixel columns are then equal in log x. */
	logX: z.boolean(),
	/** Pixel columns to thin to; each keeps its first, minimum, maximum and last point. */
	pixels: z.number(),
	/** 0: none; towards 1: smoother. Weight of the time-weighted exponential mean, as in W&B. */
	smoothing: z.number(),
});

export type ChartLineQuery = z.infer<typeof chartLineQuery>;
export type ChartQuery = z.infer<typeof chartQuery>;

export interface ChartLine {
	readonly id: string;
	/** Thinned points in drawing order. x in the axis's unit; y may be NaN, which is a gap. */
	readonly x: Float64Array;
	readonly y: Float64Array;
	/** The step of each drawn point, for the value table whatever the axis is. NaN for a mean on another axis than step. */
	readonly steps: Float64Array;
	/** Smoothed y at the same x (computed over every point before thinning); null without smoothing. */
	readonly smoothed: Float64Array | null;
	/** Mean ± sample standard deviation at the same x; null for a single run. */
	readonly low: Float64Array | null;
	readonly high: Float64Array | null;
	/** Runs that have a value at each drawn x; null for a single run. */
	readonly counts: Float64Array | null;
	/** Indices into x where a new attempt begins (the step went back): the line is broken there and the join marked. */
	readonly breaks: readonly number[];
	/** Non-finite values, which no line can show. */
	readonly marks: readonly { readonly x: number; readonly kind: "NaN" | "Infinity" | "-Infinity" }[];
	/** Points of the history (of a mean: its positions) inside the range, and how many of them were drawn or marked. */
	readonly totalPoints: number;
	readonly drawnPoints: number;
	/** The whole history's extent on the x axis, whatever range was asked; null when it has no point there. */
	readonly xExtent: readonly [number, number] | null;
	/** Finite y inside the range: all of it, and without the outermost 2.5 % at either end. */
	readonly yExtent: readonly [number, number] | null;
	readonly yInner: readonly [number, number] | null;
	/** Smallest y above 0 inside the range, where a logarithmic y axis may begin; null without one. */
	readonly yLeastPositive: number | null;
	/** Why there is nothing to draw or part is missing (no such metric in this run, no epoch, store unreadable). */
	readonly problem: string | null;
}

export interface ChartAnswer {
	readonly metric: string;
	readonly lines: readonly ChartLine[];
}

/** A metric's name split at its last slash: `train/loss` is `loss` in section `train`; without one the section is empty. */
export function metricSection(metric: string): string {
	const slash = metric.lastIndexOf("/");
	return slash < 0 ? "" : metric.slice(0, slash);
}

export interface ChartedRun {
	readonly key: RunKey;
	readonly name: string;
	readonly colour: number;
}
