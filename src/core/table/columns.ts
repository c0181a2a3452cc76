import type { ColumnChoice, Statistic } from "../../shared/panels/tableLayout";
import type { TableColumn } from "../../shared/panels/tablePanel";

export interface ColumnKey {
	readonly kind: TableColumn["kind"];
	/** A metric's, param's or tag's whole name; one of `attributeLabels`. */
	readonly key: string;
}

/** Attributes that can be columns, with their headings. The first five are MLflow's own order-by keys. */
export const attributeLabels = {
	start_time: "started",
	end_time: "ended",
	status: "status",
	run_id: "run id",
	user_id: "user",
	run_name: "name",
	duration: "duration",
	experiment: "experiment",
	commit: "commit",
	store: "store",
	notes: "notes",
} as const;
export type AttributeKey = keyof typeof attributeLabels;

export const nameColumn = "attributes.run_name";

const sharedAttributes = new Set<string>(["start_time", "end_time", "status", "run_id", "user_id", "run_name"]);
const prefixes = { "attributes.": "attribute", "metrics.": "metric", "params.": "param", "tags.": "tag" } as const;

/** `metrics.val/acc` is the metric `val/acc`. Undefined for what names no column. */
export function parseBy(by: string): ColumnKey | undefined {
	for (const [prefix, kind] of Object.entries(prefixes)) {
		if (!by.startsWith(prefix)) continue;
		const key = by.slice(prefix.length);
		if (kind === "attribute" && !Object.hasOwn(attributeLabels, key)) return undefined;
		return { kind, key };
	}
	return undefined;
}

export function toBy(key: ColumnKey): string {
	const prefix = Object.entries(prefixes).find(([, kind]) => kind === key.kind)?.[0] ?? "";
	return prefix + key.key;
}

/** Can the side bar, MLflow's own search, sort by this column too? */
export function isSharedSort(by: string, statistic: Statistic): boolean {
	const parsed = parseBy(by);
	if (!parsed || statistic !== "last") return false;
	return parsed.kind !== "attribute" || sharedAttributes.has(parsed.key);
}

export function columnLabel(by: string): string {
	const parsed = parseBy(by);
	if (!parsed) return by;
	return parsed.kind === "attribute" ? (attributeLabels[parsed.key as AttributeKey] ?? parsed.key) : parsed.key;
}

const statisticWords: Record<Statistic, string> = { last: "last value", min: "minimum", max: "maximum", step: "value" };

export function columnDescription(column: Pick<ColumnChoice, "by" | "statistic" | "step">): string {
	const parsed = parseBy(column.by);
	if (parsed?.kind !== "metric") return parsed ? `${parsed.kind} ${columnLabel(column.by)}` : column.by;
	const at = column.statistic === "step" ? ` at step ${column.step ?? 0}` : "";
	return `metric ${parsed.key}, ${statisticWords[column.statistic]}${at}`;
}
