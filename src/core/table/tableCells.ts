import type { TableCell, TableColumn } from "../../shared/panels/tablePanel";
import type { Run, RunKey } from "../../shared/run";
import { formatAge } from "../durations";
import { toLine } from "../plainText";
import { runStateOf, stateSentence } from "../runs/runState";
import { groupSeeds } from "./arrangeRows";
import { type ColumnKey, parseBy } from "./columns";
import { formatChange, formatMean, formatNumber, formatRuntime, formatTime, formatTimeInFull } from "./formatValue";
import { metricDirection, type Summary, summarise, verdictOf } from "./metricDirection";
import type { MetricHistories, Wanted } from "./metricHistories";
import { type CellValue, runValue } from "./runValue";

/** What a cell needs to know beside its run. */
export interface CellScene {
	readonly nowMs: number;
	readonly histories: MetricHistories;
	/** The baseline and, where they are compared as groups, its other seeds. */
	readonly baseline: readonly Run[];
	/** Every run that differs from the baseline in nothing but the seed, itself included. */
	readonly baselineSeeds: readonly Run[];
}

const longestText = 120;
const longestTitle = 2000;

const blank: TableCell = { text: "", title: null, verdict: null, isPending: false };

/** The cell of a row, which is one run or the runs of a group, in a column. */
export function toCell(runs: readonly Run[], column: TableColumn, scene: CellScene): TableCell {
	const key = parseBy(column.by);
	if (!key) return blank;
	if (key.kind === "metric") {
		return column.isChange ? changeCell(runs, column, key.key, scene) : metricCell(runs, column, key.key, scene);
	}
	const [only] = runs;
	return runs.length === 1 && only ? valueCell(only, key, scene.nowMs) : groupCell(runs, key, scene.nowMs);
}

function valueCell(run: Run, key: ColumnKey, nowMs: number): TableCell {
	const value = runValue(run, key, nowMs);
	if (value === null || value === "") return blank;
	if (key.kind === "attribute" && typeof value === "number") return timeCell(key.key, value, nowMs);
	if (key.kind === "attribute" && key.key === "status") {
		return { ...blank, text: runStateOf(run, nowMs), title: stateSentence(run, nowMs) };
	}
	if (key.kind === "attribute" && key.key === "commit")
		return { ...textCell(String(value)), text: String(value).slice(0, 8) };
	return textCell(String(value));
}

function timeCell(key: string, value: number, nowMs: number): TableCell {
	if (key === "duration") return { ...blank, text: formatRuntime(value) };
	return { ...blank, text: formatTime(value), title: `${formatTimeInFull(value)} (${formatAge(value, nowMs)})` };
}

function textCell(text: string): TableCell {
	const line = toLine(text, longestText);
	return { ...blank, text: line, title: line === text ? null : text.slice(0, longestTitle) };
}

/** What all runs of a group share; else how many values there are. */
function groupCell(runs: readonly Run[], key: ColumnKey, nowMs: number): TableCell {
	const values = runs.map((run) => runValue(run, key, nowMs)).filter((value) => value !== null);
	if (values.length === 0) return blank;
	if (key.kind === "attribute" && (key.key === "start_time" || key.key === "end_time")) {
		return timeCell(key.key, Math.max(...values.filter((value) => typeof value === "number")), nowMs);
	}
	if (key.kind === "attribute" && key.key === "duration") {
		const mean = summarise(values.filter((value) => typeof value === "number"))?.mean ?? Number.NaN;
		return { ...blank, text: `⌀ ${formatRuntime(mean)}`, title: `mean of ${values.length} runs` };
	}
	const isStatus = key.kind === "attribute" && key.key === "status";
	const distinct = [...new Set(isStatus ? runs.map((run) => runStateOf(run, nowMs)) : values.map(String))];
	const [first] = runs;
	if (distinct.length === 1 && first) return valueCell(first, key, nowMs);
	const list = distinct.map((value) => toLine(value, 40)).join(", ");
	if (list.length <= 16) return { ...blank, text: list };
	return { ...blank, text: `${distinct.length} values`, title: list.slice(0, longestTitle) };
}

function metricCell(runs: readonly Run[], column: TableColumn, metric: string, scene: CellScene): TableCell {
	const [only] = runs;
	if (runs.length === 1 && only) return oneMetricCell(only, column, metric, scene);
	const { values, isPending } = metricValues(runs, column, metric, scene);
	const summary = summarise(values);
	if (!summary) return { ...blank, text: isPending ? "…" : "", isPending };
	const { mean, deviation, count } = summary;
	const text = deviation === null ? formatNumber(mean) : formatMean(mean, deviation);
	const of = count < runs.length ? ` of ${runs.length} runs` : "";
	const list = values.map((value) => formatNumber(value)).slice(0, 40);
	return { ...blank, text, title: `mean ± standard deviation, n = ${count}${of}: ${list.join(", ")}`, isPending };
}

function oneMetricCell(run: Run, column: TableColumn, metric: string, scene: CellScene): TableCell {
	const wanted = toWanted(run.key, column, metric);
	if (!Object.hasOwn(run.metrics, metric)) return blank;
	if (!wanted) return numberCell(run.metrics[metric] ?? Number.NaN, null);
	const answer = scene.histories.read(wanted);
	if (answer === undefined) return { ...blank, text: "…", title: "The history is being read.", isPending: true };
	if ("problem" in answer) return { ...blank, text: "–", title: answer.problem };
	const other = column.statistic === "step" && answer.step !== wanted.step;
	const cell = numberCell(answer.value, `at step ${answer.step}`);
	return other ? { ...cell, text: `${cell.text} @${answer.step}` } : cell;
}

function numberCell(value: number, where: string | null): TableCell {
	const text = formatNumber(value);
	const whole = String(value);
	const title = [text === whole ? [] : [whole], where ?? []].flat().join(" ");
	return { ...blank, text, title: title === "" ? null : title };
}

export function toShownText(runs: readonly Run[], column: TableColumn, scene: CellScene): string {
	const { text, verdict } = toCell(runs, column, scene);
	return verdict === null ? text : `${text} ${verdict}`;
}

/** For a file: every digit, a time as ISO 8601, a duration in seconds; of a group a metric's mean. */
export function toWholeText(runs: readonly Run[], column: TableColumn, scene: CellScene): string {
	const key = parseBy(column.by);
	const [first] = runs;
	if (!key || !first) return "";
	if (key.kind === "metric") {
		const mean = summarise(metricValues(runs, column, key.key, scene).values)?.mean;
		if (!column.isChange) return mean === undefined ? "" : String(mean);
		const base = summarise(metricValues(scene.baseline, column, key.key, scene).values)?.mean;
		return mean === undefined || base === undefined ? "" : String(mean - base);
	}
	const values = new Set(runs.map((run) => runValue(run, key, scene.nowMs)).map((value) => wholeText(value, key)));
	return [...values].join(" ");
}

function wholeText(value: CellValue, key: ColumnKey): string {
	if (value === null) return "";
	if (key.kind !== "attribute" || typeof value !== "number") return String(value);
	if (key.key === "duration") return String(value / 1000);
	const date = new Date(value);
	return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

/** The change of a row's value (or mean) from the baseline's. */
function changeCell(runs: readonly Run[], column: TableColumn, metric: string, scene: CellScene): TableCell {
	if (runs.some((run) => scene.baseline.includes(run))) return blank;
	const own = summarise(metricValues(runs, column, metric, scene).values);
	const base = summarise(metricValues(scene.baseline, column, metric, scene).values);
	if (!own || !base || (own.mean === base.mean && !Number.isFinite(own.mean))) return blank;
	const seeds = summarise(metricValues(scene.baselineSeeds, column, metric, scene).values);
	const change = own.mean - base.mean;
	const verdict = verdictOf(change, metricDirection(metric), seeds?.deviation ?? null);
	return { ...blank, text: formatChange(change), title: changeTitle(own, base, seeds), verdict };
}

function changeTitle(own: Summary, base: Summary, seeds: Summary | null): string {
	const values = `${formatNumber(own.mean)} against the baseline's ${formatNumber(base.mean)}`;
	if (seeds === null || seeds.deviation === null)
		return `${values}; no other seeds of the baseline, so its noise is not known`;
	return `${values}; seed spread ±${formatNumber(seeds.deviation, 2)} (n = ${seeds.count})`;
}

function metricValues(
	runs: readonly Run[],
	column: TableColumn,
	metric: string,
	scene: CellScene,
): { values: number[]; isPending: boolean } {
	const values: number[] = [];
	let isPending = false;
	for (const run of runs) {
		if (!Object.hasOwn(run.metrics, metric)) continue;
		const value = metricValue(run, column, metric, scene.histories);
		if (value === undefined) isPending = true;
		else if (value !== null) values.push(value);
	}
	return { values, isPending };
}

/** Null where the run has none; undefined while its history is not read. */
export function metricValue(
	run: Run,
	column: Pick<TableColumn, "statistic" | "step">,
	metric: string,
	histories: MetricHistories,
): number | null | undefined {
	if (!Object.hasOwn(run.metrics, metric)) return null;
	const wanted = toWanted(run.key, column, metric);
	if (!wanted) return run.metrics[metric] ?? null;
	const answer = histories.read(wanted);
	return answer === undefined ? undefined : "problem" in answer ? null : answer.value;
}

/** Null for a last value, which needs no history. */
export function toWanted(key: RunKey, column: Pick<TableColumn, "statistic" | "step">, metric: string): Wanted | null {
	return column.statistic === "last" ? null : { key, metric, statistic: column.statistic, step: column.step ?? 0 };
}

/** The baseline's own seeds among these runs, itself included. */
export function seedsOf(baseline: Run, runs: Iterable<Run>): readonly Run[] {
	return groupSeeds(runs).find((group) => group.includes(baseline)) ?? [baseline];
}
