import { type ColumnRef, parseColumnId, type TableSort } from "../../shared/panels/tableLayout";
import type { Run } from "../../shared/run";
import type { RunChoicesState, SortOrder } from "../runs/runChoices";
import { columnDescription, columnLabel, isSharedSort, parseBy } from "./columns";
import { summarise } from "./metricDirection";
import type { MetricHistories, Wanted } from "./metricHistories";
import { type CellValue, runValue } from "./runValue";
import type { RowSort } from "./sortRows";
import { metricValue, toWanted } from "./tableCells";

/**
 * What the table is sorted by: the sorts it shares with the side bar, and between them those only it has (a maximum, the duration).
 * Where the side bar's were changed since, they hold alone.
 */
export function sortsOf(choices: RunChoicesState): readonly TableSort[] {
	const own = choices.table?.sorts ?? [];
	const isCurrent = JSON.stringify(toShared(own)) === JSON.stringify(choices.sorts.map(plain));
	return isCurrent ? own : choices.sorts.map(({ by, descending }) => ({ column: by, descending }));
}

/** The part of them the side bar can show. */
export function toShared(sorts: readonly TableSort[]): SortOrder[] {
	return sorts.flatMap(({ column, descending }) => {
		const { by, statistic } = parseColumnId(column);
		return isSharedSort(by, statistic) ? [plain({ by, descending })] : [];
	});
}

function plain({ by, descending }: SortOrder): SortOrder {
	return { by, descending };
}

export function sortLabel(column: string): string {
	const ref = parseColumnId(column);
	if (ref.statistic === "last") return columnLabel(ref.by);
	return columnDescription(toChoice(ref)).replace(/^metric /, "");
}

function toChoice({ by, statistic, step }: ColumnRef) {
	return step === null ? { by, statistic } : { by, statistic, step };
}

/** The values to compare; of a group of seeds the mean of a metric, the newest of a time, else the first run's value. */
export function toRowSorts(
	sorts: readonly TableSort[],
	histories: MetricHistories,
	nowMs: number,
): RowSort<readonly Run[]>[] {
	return sorts.flatMap(({ column, descending }) => {
		const ref = parseColumnId(column);
		const key = parseBy(ref.by);
		if (!key) return [];
		const value = (runs: readonly Run[]): CellValue => {
			const [first] = runs;
			if (!first) return null;
			if (key.kind === "metric") {
				if (runs.length === 1) return metricValue(first, ref, key.key, histories) ?? null;
				const values = runs.map((run) => metricValue(run, ref, key.key, histories) ?? null);
				const present = values.filter((value) => value !== null);
				return summarise(present)?.mean ?? (present.length > 0 ? Number.NaN : null);
			}
			if (runs.length > 1 && key.kind === "attribute" && (key.key === "start_time" || key.key === "end_time")) {
				const times = runs.map((run) => runValue(run, key, nowMs)).filter((time) => typeof time === "number");
				return times.length > 0 ? Math.max(...times) : null;
			}
			return runValue(first, key, nowMs);
		};
		return [{ valueOf: value, descending }];
	});
}

/** The histories these sorts need before the order is right. */
export function wantedBy(sorts: readonly TableSort[], runs: Iterable<Run>): Wanted[] {
	const wanted: Wanted[] = [];
	const refs = sorts.map(({ column }) => parseColumnId(column)).filter(({ statistic }) => statistic !== "last");
	if (refs.length === 0) return wanted;
	for (const run of runs) {
		for (const ref of refs) {
			const key = parseBy(ref.by);
			if (key?.kind !== "metric" || !Object.hasOwn(run.metrics, key.key)) continue;
			const one = toWanted(run.key, ref, key.key);
			if (one) wanted.push(one);
		}
	}
	return wanted;
}
