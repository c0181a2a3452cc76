import type { CompareCell, CompareRow, MetricRows } from "../../shared/panels/comparePanel";
import type { Run } from "../../shared/run";
import type { ChangedFile } from "../git/gitRepository";
import { stateSentence } from "../runs/runState";
import { formatChange, formatNumber, formatRuntime, formatTimeInFull } from "../table/formatValue";
import type { Direction, Summary } from "../table/metricDirection";
import { metricDirection, verdictOf } from "../table/metricDirection";
import type { MetricHistories } from "../table/metricHistories";
import { durationMs } from "../table/runValue";
import type { SheetRow } from "./compareSheet";
import { markDifference } from "./markDifference";

/** More than a cell or its title can show; a param may be megabytes. */
const longestText = 2000;

/** Shorter values are read at a glance; marks in them are noise. */
const shortestMarked = 12;

const blank: CompareCell = {
	text: "",
	title: null,
	isMissing: false,
	isPending: false,
	change: null,
	verdict: null,
	extreme: null,
	pieces: null,
};

const missing: CompareCell = { ...blank, text: "not logged", isMissing: true };

export function textRow(id: string, row: Pick<SheetRow, "key" | "values" | "differs">): CompareRow {
	return toTextRow(
		id,
		row.key,
		row.values.map((value) => (value === null ? null : String(value))),
		row.differs,
	);
}

function toTextRow(id: string, label: string, values: readonly (string | null)[], differs: boolean): CompareRow {
	const base = values[0]?.slice(0, longestText) ?? null;
	const cells = values.map((value, i) => {
		if (value === null) return missing;
		const text = value.slice(0, longestText);
		const isMarked = i > 0 && base !== null && differs && Math.max(base.length, text.length) >= shortestMarked;
		const pieces = isMarked ? markDifference(base, text) : null;
		return { ...blank, text, title: value.length > longestText ? "Only the beginning is shown." : null, pieces };
	});
	return {
		id,
		label,
		detail: "",
		differs,
		isNumeric: values.every((value) => value === null || isNumber(value)),
		cells,
	};
}

function isNumber(text: string): boolean {
	return text.trim() !== "" && text.length <= 40 && !Number.isNaN(Number(text));
}

export interface MetricScene {
	readonly runs: readonly Run[];
	readonly rows: MetricRows;
	readonly histories: MetricHistories;
	readonly seedsOf: (metric: string) => Summary | null;
}

/** The last value of a metric, and as chosen its best, or its minimum and maximum. */
export function metricRowsOf(row: SheetRow, scene: MetricScene): CompareRow[] {
	const direction = metricDirection(row.key);
	const seeds = scene.seedsOf(row.key);
	const last = numberRow(`metrics ${row.key}`, row.key, "", row.values.map(toNumber), direction, seeds);
	return [
		{ ...last, differs: row.differs },
		...extremesOf(scene.rows, direction).map((statistic) => extremeRow(row, statistic, scene)),
	];
}

export function extremesOf(rows: MetricRows, direction: Direction | null): readonly ("min" | "max")[] {
	if (rows === "extremes") return ["min", "max"];
	if (rows === "last" || direction === null) return [];
	return direction === "lower" ? ["min"] : ["max"];
}

function extremeRow(row: SheetRow, statistic: "min" | "max", scene: MetricScene): CompareRow {
	const answers = scene.runs.map((run) =>
		Object.hasOwn(run.metrics, row.key)
			? scene.histories.read({ key: run.key, metric: row.key, statistic, step: 0 })
			: null,
	);
	const values = answers.map((answer) => (answer && "value" in answer ? answer.value : null));
	const words = scene.rows === "best" ? "best" : statistic === "min" ? "minimum" : "maximum";
	const made = numberRow(`${statistic} ${row.key}`, row.key, words, values, metricDirection(row.key), null);
	const cells = made.cells.map((cell, i) => {
		const answer = answers[i];
		if (answer === undefined) return { ...blank, text: "…", title: "The history is being read.", isPending: true };
		if (answer === null) return missing;
		if ("problem" in answer) return { ...missing, text: "not known", title: answer.problem };
		return { ...cell, title: `${answer.value} at step ${answer.step}` };
	});
	return { ...made, differs: row.differs, cells };
}

function toNumber(value: string | number | null): number | null {
	return typeof value === "number" ? value : null;
}

function numberRow(
	id: string,
	label: string,
	detail: string,
	values: readonly (number | null)[],
	direction: Direction | null,
	seeds: Summary | null,
): CompareRow {
	const base = values[0] ?? null;
	const finite = values.filter((value): value is number => value !== null && Number.isFinite(value));
	const least = Math.min(...finite);
	const greatest = Math.max(...finite);
	const cells = values.map((value, i): CompareCell => {
		if (value === null) return missing;
		const text = formatNumber(value);
		const change = i > 0 && base !== null ? value - base : null;
		const isComparable = change !== null && Number.isFinite(change);
		return {
			...blank,
			text,
			title: String(value) === text ? null : String(value),
			change: isComparable ? formatChange(change) : null,
			verdict: isComparable ? verdictOf(change, direction, seeds?.deviation ?? null) : null,
			extreme: values.length > 2 && least < greatest ? extremeOf(value, least, greatest, direction) : null,
		};
	});
	return { id, label, detail, differs: true, isNumeric: true, cells };
}

function extremeOf(
	value: number,
	least: number,
	greatest: number,
	direction: Direction | null,
): CompareCell["extreme"] {
	if (value !== least && value !== greatest) return null;
	if (direction === null) return value === least ? "least" : "greatest";
	return (value === least) === (direction === "lower") ? "best" : "worst";
}

/** When, where and by whom; the rest of the section are MLflow's own tags. */
export function environmentRows(runs: readonly Run[], nowMs: number): CompareRow[] {
	const facts: readonly (readonly [string, (run: Run) => string | null])[] = [
		["status", (run) => stateSentence(run, nowMs)],
		["experiment", (run) => run.experimentName],
		["started", (run) => (run.startTimeMs === null ? null : formatTimeInFull(run.startTimeMs))],
		["duration", (run) => runtimeOf(run, nowMs)],
		["user", (run) => run.userId],
		["run id", (run) => run.id],
	];
	return facts.map(([label, of]) => {
		const values = runs.map(of);
		return { ...toTextRow(`environment ${label}`, label, values, false), ...withDifference(values) };
	});
}

function runtimeOf(run: Run, nowMs: number): string | null {
	const duration = durationMs(run, nowMs);
	return duration === null ? null : formatRuntime(duration);
}

function withDifference(values: readonly (string | null)[]): {
	readonly differs: boolean;
	readonly isNumeric: boolean;
} {
	return { differs: values.some((value) => value !== values[0]), isNumeric: false };
}

/** The commit and, per file that any run changed against the base, what happened to it. */
export function codeRows(runs: readonly Run[], filesOf: (run: Run) => readonly ChangedFile[] | null): CompareRow[] {
	const commits = runs.map((run) => run.commit);
	const whole = toTextRow("code commit", "commit", commits, false);
	const cells = whole.cells.map((cell) =>
		cell.isMissing ? cell : { ...cell, text: cell.text.slice(0, 8), title: cell.text },
	);
	const commitRow = { ...whole, cells, ...withDifference(commits) };
	const changed = runs.map((run, i) => (i === 0 ? [] : filesOf(run)));
	const paths = [...new Set(changed.flatMap((files) => files?.map((file) => file.path) ?? []))].sort();
	const fileRows = paths.map((path): CompareRow => {
		const cells = changed.map((files, i) => {
			if (i === 0) return blank;
			if (files === null) return { ...missing, text: "not known" };
			const file = files.find((other) => other.path === path);
			if (!file) return { ...blank, text: "same", title: "As in the base" };
			const from = file.previousPath === null ? "" : ` from ${file.previousPath}`;
			return { ...blank, text: `${file.kind}${from}` };
		});
		return { id: `code file ${path}`, label: path, detail: "", differs: true, isNumeric: false, cells };
	});
	return runs.every((run) => run.commit === null) ? [] : [commitRow, ...fileRows];
}
