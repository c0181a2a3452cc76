import type { Run } from "../../shared/run";
import { compareByCodePoint } from "../codePoints";

export const sheetParts = ["params", "metrics", "tags", "systemMetrics"] as const;
export type SheetPart = (typeof sheetParts)[number];

/** One key over the runs compared; every array has one entry a run, in the order given. */
export interface SheetRow {
	readonly key: string;
	/** Null: the run has no such key. Metrics are last values. */
	readonly values: readonly (string | number | null)[];
	/** The best value of each history; null where it was not given. Metrics only. */
	readonly best: readonly (number | null)[];
	/** Not all runs have it with the same value. */
	readonly differs: boolean;
	/** Value minus the baseline's, the first run's; null for the baseline itself, for text and where either has none. */
	readonly changes: readonly (number | null)[];
}

export interface SheetSection {
	readonly part: SheetPart;
	readonly rows: readonly SheetRow[];
	/** Of all its rows, also those left out. */
	readonly rowCount: number;
	readonly differingCount: number;
}

export interface SheetOptions {
	/** Leaves out the rows in which all runs agree. */
	readonly onlyDiffering?: boolean;
	/** Keys that contain this text, whatever its case. */
	readonly search?: string;
	/** Best values by metric, one entry a run, as far as histories were read. */
	readonly best?: ReadonlyMap<string, readonly (number | null)[]>;
}

/** MLflow logs what the machine did under this prefix (`system/gpu_0_utilization_percentage`). */
const systemPrefix = "system/";

/** The runs side by side, the first of them the baseline: params, metrics, tags, system metrics, keys in code point order. */
export function compareSheet(runs: readonly Run[], options: SheetOptions = {}): SheetSection[] {
	const metrics = toRows(runs, (run) => run.metrics, options.best);
	const rows: Record<SheetPart, readonly SheetRow[]> = {
		params: toRows(runs, (run) => run.params),
		metrics: metrics.filter(({ key }) => !key.startsWith(systemPrefix)),
		tags: toRows(runs, (run) => run.tags),
		systemMetrics: metrics.filter(({ key }) => key.startsWith(systemPrefix)),
	};
	const search = options.search?.toLowerCase() ?? "";
	return sheetParts.map((part) => ({
		part,
		rows: rows[part].filter((row) => (row.differs || !options.onlyDiffering) && row.key.toLowerCase().includes(search)),
		rowCount: rows[part].length,
		differingCount: rows[part].filter((row) => row.differs).length,
	}));
}

function toRows(
	runs: readonly Run[],
	recordOf: (run: Run) => Readonly<Record<string, string | number>>,
	best?: ReadonlyMap<string, readonly (number | null)[]>,
): SheetRow[] {
	const records = runs.map(recordOf);
	const keys = new Set(records.flatMap((record) => Object.keys(record)));
	return [...keys].sort(compareByCodePoint).map((key) => {
		const values = records.map((record) => (Object.hasOwn(record, key) ? (record[key] ?? null) : null));
		const baseline = values[0];
		return {
			key,
			values,
			best: best?.get(key) ?? values.map(() => null),
			// Two NaN are the same: both runs diverged.
			differs: values.some((value) => !Object.is(value, baseline) && value !== baseline),
			changes: values.map((value, i) =>
				i > 0 && typeof value === "number" && typeof baseline === "number" ? value - baseline : null,
			),
		};
	});
}
