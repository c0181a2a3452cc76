import * as z from "zod/mini";

/** How the runs table is arranged; kept per workspace with the other choices about runs. */

export const statistics = ["last", "min", "max", "step"] as const;
/** step: the value at a chosen step, or the last one logged before it. */
export type Statistic = (typeof statistics)[number];

export const arrangements = ["flat", "seeds", "nested"] as const;
/** seeds: runs that differ in nothing but their seed are one row. nested: children below their parent. */
export type Arrangement = (typeof arrangements)[number];

export const columnChoice = z.object({
	/** `attributes.start_time`, `metrics.val/acc`, `params.lr`, `tags.x`: an MLflow order-by key, or one of the table's own attributes. */
	by: z.string(),
	/** `last` for everything but metrics. */
	statistic: z.enum(statistics),
	/** Which step, for `step`. */
	step: z.optional(z.number()),
	/** Pixels. */
	width: z.number(),
});
export type ColumnChoice = z.infer<typeof columnChoice>;

export const tableSort = z.object({
	/** A column's id, as `columnId` makes it. */
	column: z.string(),
	descending: z.boolean(),
});
export type TableSort = z.infer<typeof tableSort>;

export const tableLayout = z.object({
	/** Left to right, without the name, which is always first. Null: chosen from what the runs have. */
	columns: z.nullable(z.array(columnChoice)),
	nameWidth: z.number(),
	arrangement: z.enum(arrangements),
	/** Whether a baseline adds a column with the change from it to every metric. */
	showChange: z.boolean(),
	/** What the table is sorted by, most important first: the shared sorts and those that only the table has. */
	sorts: z.array(tableSort),
});
export type TableLayout = z.infer<typeof tableLayout>;

export const initialLayout: TableLayout = {
	columns: null,
	nameWidth: 220,
	arrangement: "flat",
	showChange: true,
	sorts: [],
};

/** Unique among columns: the same metric may stand in several columns. */
export function columnId(column: { by: string; statistic: Statistic; step?: number | undefined }): string {
	if (column.statistic === "last") return column.by;
	return column.statistic === "step" ? `step(${column.step ?? 0}) ${column.by}` : `${column.statistic} ${column.by}`;
}

export const columnWidths = { least: 40, most: 900 } as const;

export interface ColumnRef {
	readonly by: string;
	readonly statistic: Statistic;
	readonly step: number | null;
}

/** Reads back what `columnId` made. */
export function parseColumnId(id: string): ColumnRef {
	const found = /^(?:(min|max)|step\((-?[\d.e+]+)\)) (.*)$/s.exec(id);
	const [, extreme, step, by] = found ?? [];
	if (by === undefined) return { by: id, statistic: "last", step: null };
	if (step !== undefined) return { by, statistic: "step", step: Number(step) };
	return { by, statistic: extreme === "min" ? "min" : "max", step: null };
}
