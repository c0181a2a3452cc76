import type { ChartsRun, RunValues } from "../../src/shared/panels/chartsPanel";
import { linearTicks, logTicks } from "./axisTicks";

/** One axis of the parallel coordinates or the scatter: a param (`param:lr`) or a metric's last value (`metric:val/acc`). */
export interface Quantity {
	readonly id: string;
	readonly label: string;
	readonly kind: "param" | "metric";
	/** Place of a run on the axis, 0 (bottom) to 1 (top); null where it has no value that can be placed. */
	place(key: string): number | null;
	/** The run's value as it was logged; null where it has none. */
	text(key: string): string | null;
	/** Ticks by place. */
	readonly ticks: readonly { readonly place: number; readonly label: string }[];
	readonly isLog: boolean;
	/** Do the runs differ in it? */
	readonly differs: boolean;
}

export interface ValuedRun {
	readonly run: ChartsRun;
	readonly values: RunValues;
}

/** Ids of every param and metric of these runs, params first, each in the order of names. */
export function quantityIds(runs: readonly ValuedRun[]): string[] {
	const names = (of: (values: RunValues) => object) =>
		[...new Set(runs.flatMap(({ values }) => Object.keys(of(values))))].sort();
	return [
		...names(({ params }) => params).map((name) => `param:${name}`),
		...names(({ metrics }) => metrics).map((name) => `metric:${name}`),
	];
}

/** A quantity whose values span this ratio and more is shown by its logarithm unless told otherwise. */
const logFromRatio = 50;

/** The axis for a quantity: numbers linear or by their logarithm, anything else its distinct values evenly apart. */
export function toQuantity(id: string, runs: readonly ValuedRun[], wantsLog: boolean | null = null): Quantity {
	const colon = id.indexOf(":");
	const kind = id.slice(0, colon) === "param" ? "param" : "metric";
	const label = id.slice(colon + 1);
	const texts = new Map<string, string>();
	for (const { values } of runs) {
		const named: Readonly<Record<string, string | number>> = kind === "param" ? values.params : values.metrics;
		if (Object.hasOwn(named, label)) texts.set(values.key, String(named[label]));
	}
	const distinct = [...new Set(texts.values())];
	const base = {
		id,
		label,
		kind,
		text: (key: string) => texts.get(key) ?? null,
		differs: distinct.length > 1,
	} as const;
	const numbers = distinct.map(toNumber).filter((value) => value !== null);
	const isNumeric = kind === "metric" || (numbers.length === distinct.length && numbers.length > 0);
	return isNumeric ? { ...base, ...numericAxis(numbers, texts, wantsLog) } : { ...base, ...wordAxis(distinct, texts) };
}

function numericAxis(numbers: readonly number[], texts: ReadonlyMap<string, string>, wantsLog: boolean | null) {
	const positive = numbers.filter((value) => value > 0);
	const canLog = positive.length > 0;
	const byRatio =
		canLog && positive.length === numbers.length && Math.max(...positive) / Math.min(...positive) >= logFromRatio;
	const isLog = canLog && (wantsLog ?? byRatio);
	const shown = isLog ? positive : numbers;
	const low = shown.length > 0 ? Math.min(...shown) : 0;
	const high = shown.length > 0 ? Math.max(...shown) : 1;
	const scale = (value: number) => (isLog ? Math.log(value) : value);
	const span = scale(high) - scale(low);
	const toPlace = (value: number | null) =>
		value === null || (isLog && value <= 0) ? null : span === 0 ? 0.5 : (scale(value) - scale(low)) / span;
	const place = (key: string) => toPlace(toNumber(texts.get(key) ?? ""));
	return { place, ticks: numericTicks(low, high, isLog, toPlace), isLog };
}

function numericTicks(low: number, high: number, isLog: boolean, toPlace: (value: number) => number | null) {
	const made =
		low === high ? [{ value: low, label: String(low) }] : isLog ? logTicks(low, high, 5) : linearTicks(low, high, 5);
	return made.flatMap(({ value, label }) => {
		const place = toPlace(value);
		return place === null ? [] : [{ place, label }];
	});
}

function wordAxis(distinct: readonly string[], texts: ReadonlyMap<string, string>) {
	const order = [...distinct].sort();
	const places = new Map(order.map((text, i) => [text, order.length === 1 ? 0.5 : i / (order.length - 1)]));
	return {
		place: (key: string) => places.get(texts.get(key) ?? "\u0000") ?? null,
		ticks: order.map((text) => ({ place: places.get(text) ?? 0.5, label: text })),
		isLog: false,
	};
}

/** Params are texts: `3e-4` and ` 0.1` are numbers, an empty one, `NaN` and `0x10` are not. */
function toNumber(text: string): number | null {
	if (!/^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text)) return null;
	const value = Number(text);
	return Number.isFinite(value) ? value : null;
}

/** Which metric a person looks at first: one that most runs have, of an evaluation rather than of the training. */
function metricRank(id: string, runs: readonly ValuedRun[]): number {
	const name = id.slice("metric:".length);
	const holders = runs.filter(({ values }) => Object.hasOwn(values.metrics, name)).length;
	const isResult = /(^|[/_.-])(val|valid|validation|eval|test)([/_.-]|$)/i.test(name);
	return holders + (isResult ? 0.5 : 0);
}

/** The columns to begin with: params that differ, at most six, and the two metrics that say most. */
export function firstColumns(runs: readonly ValuedRun[]): string[] {
	const differing = quantityIds(runs).filter((id) => toQuantity(id, runs).differs);
	const metrics = differing.filter((id) => id.startsWith("metric:"));
	return [
		...differing.filter((id) => id.startsWith("param:")).slice(0, 6),
		...metrics.sort((a, b) => metricRank(b, runs) - metricRank(a, runs)).slice(0, 2),
	];
}

/** The scatter to begin with: the param with the most values over the metric that says most. */
export function firstScatter(runs: readonly ValuedRun[]): { x: string | undefined; y: string | undefined } {
	const ids = firstColumns(runs);
	const distinct = (id: string) => new Set(runs.map(({ values }) => values.params[id.slice("param:".length)])).size;
	const params = ids.filter((id) => id.startsWith("param:") && !/seed/i.test(id));
	const all = quantityIds(runs);
	return {
		x: params.sort((a, b) => distinct(b) - distinct(a))[0] ?? ids[0] ?? all[0],
		y: ids.find((id) => id.startsWith("metric:")) ?? all.at(-1),
	};
}
