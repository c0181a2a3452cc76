import type { ColumnChoice } from "../../shared/panels/tableLayout";
import type { CatalogueColumn } from "../../shared/panels/tablePanel";
import type { Run } from "../../shared/run";
import { compareByCodePoint } from "../codePoints";
import { differingParams } from "../tree/differingParams";
import { guessShownMetrics } from "../tree/shownMetrics";
import { type AttributeKey, attributeLabels, type ColumnKey, nameColumn, parseBy, toBy } from "./columns";

/** As many as fit beside the name on a common screen. */
const metricsAtFirst = 5;
const paramsAtFirst = 5;
/** Enough to know which params differ; all of them would be a second's work with 10,000 runs of 100 params. */
const sampleSize = 500;

/** The columns of a table nobody has arranged: when, how long, the telling metrics, the params that differ. */
export function defaultColumns(runs: Iterable<Run>, shownMetrics: readonly string[]): readonly ColumnChoice[] {
	const sample: Run[] = [];
	for (const run of runs) {
		if (sample.length === sampleSize) break;
		sample.push(run);
	}
	const metrics = [...new Set([...shownMetrics, ...guessShownMetrics(sample, metricsAtFirst)])];
	const times = new Map<string, number>();
	for (const run of sample) for (const key of Object.keys(run.params)) times.set(key, (times.get(key) ?? 0) + 1);
	const params = [...differingParams(sample)]
		.sort((a, b) => (times.get(b) ?? 0) - (times.get(a) ?? 0) || compareByCodePoint(a, b))
		.slice(0, paramsAtFirst);
	return [
		"attributes.status",
		"attributes.start_time",
		"attributes.duration",
		...metrics.slice(0, Math.max(metricsAtFirst, shownMetrics.length)).map((key) => `metrics.${key}`),
		...params.map((key) => `params.${key}`),
	].map((by) => toColumn(by));
}

/** A column of a width that fits what it usually holds. */
export function toColumn(by: string): ColumnChoice {
	return { by, statistic: "last", width: widthFor(parseBy(by)) };
}

function widthFor(column: ColumnKey | undefined): number {
	if (column?.kind === "metric" || column?.kind === "param") {
		// 7 px is a wide letter at 13 px; 40 for the sort mark and the padding.
		return Math.min(180, Math.max(column.kind === "metric" ? 100 : 80, column.key.length * 7 + 40));
	}
	if (column?.kind === "tag") return 140;
	const widths: Partial<Record<string, number>> = {
		start_time: 130,
		end_time: 130,
		run_id: 160,
		notes: 220,
		status: 80,
	};
	return widths[column?.key ?? ""] ?? 100;
}

/** Everything the runs have that can be a column, with how many have it: attributes, then by kind and name. */
export function catalogueOf(runs: Iterable<Run>): readonly CatalogueColumn[] {
	const counts = {
		metric: new Map<string, number>(),
		param: new Map<string, number>(),
		tag: new Map<string, number>(),
	};
	let total = 0;
	for (const run of runs) {
		total++;
		for (const [kind, values] of [
			["metric", run.metrics],
			["param", run.params],
			["tag", run.tags],
		] as const) {
			for (const key of Object.keys(values)) counts[kind].set(key, (counts[kind].get(key) ?? 0) + 1);
		}
	}
	const attributes = (Object.keys(attributeLabels) as AttributeKey[]).map((key) => ({
		by: toBy({ kind: "attribute", key }),
		kind: "attribute" as const,
		label: attributeLabels[key],
		runs: total,
	}));
	const named = (["metric", "param", "tag"] as const).flatMap((kind) =>
		[...counts[kind]]
			.sort(([a], [b]) => compareTagsLast(kind, a, b))
			.map(([key, count]) => ({ by: toBy({ kind, key }), kind, label: key, runs: count })),
	);
	return [...attributes.filter(({ by }) => by !== nameColumn), ...named];
}

/** A person's own tags before MLflow's. */
function compareTagsLast(kind: "metric" | "param" | "tag", a: string, b: string): number {
	const isSystem = (key: string) => kind === "tag" && key.startsWith("mlflow.");
	if (isSystem(a) !== isSystem(b)) return isSystem(a) ? 1 : -1;
	return compareByCodePoint(a, b);
}
