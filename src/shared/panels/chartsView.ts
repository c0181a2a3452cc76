import * as z from "zod/mini";
import { xAxes } from "../chart";

export const chartsTabs = ["lines", "parallel", "scatter"] as const;
export type ChartsTab = (typeof chartsTabs)[number];

const names = () => z.catch(z.array(z.string()), []);
const off = () => z.catch(z.boolean(), false);
const range = z.tuple([z.number(), z.number()]);

/** A column of the parallel coordinates or an axis of the scatter: `param:lr`, `metric:val/acc`. */
const quantity = () => z.catch(z.nullable(z.string()), null);

/**
 * How the person looks at the charts: kept over a reload and carried by links. Each part that an older version
 * or a stranger wrote wrongly falls back to its default; the rest is kept.
 */
export const chartsView = z.object({
	tab: z.catch(z.enum(chartsTabs), "lines"),
	xAxis: z.catch(z.enum(xAxes), "step"),
	/** 0 to 0.99, as in `ChartQuery.smoothing`. */
	smoothing: z.catch(z.number().check(z.gte(0), z.lte(0.99)), 0.6),
	logX: off(),
	logY: off(),
	/** Metrics whose y axis is the other way than `logY` says. */
	logYFlipped: names(),
	/** Leave the outermost 2.5 % of the values out of the y axis. */
	ignoreOutliers: off(),
	/** Runs with equal params but for the seed become one line: mean ± standard deviation. */
	groupSeeds: off(),
	search: z.catch(z.string(), ""),
	/** 0: as many as the width allows. */
	columns: z.catch(z.int().check(z.gte(0), z.lte(4)), 0),
	/** Leave out metrics that no visible run has. */
	hideEmpty: z.catch(z.boolean(), true),
	/** Metrics on top, in the order they were pinned. */
	pins: names(),
	/** Sections that are closed. */
	collapsed: names(),
	/** Keys of the runs whose lines are hidden. */
	hidden: names(),
	/** The part of the x axis that is shown, in the axis's unit; null: everything, and following what is new. */
	zoom: z.catch(z.nullable(range), null),
	/** Pixels from the top. */
	scroll: z.catch(z.number(), 0),
	/** Columns of the parallel coordinates; empty: those that differ and one metric. */
	columnsShown: names(),
	/** Brushed range per column, as fractions from its bottom (0) to its top (1). */
	brushes: z.catch(z.record(z.string(), range), {}),
	colourBy: quantity(),
	scatterX: quantity(),
	scatterY: quantity(),
	scatterLogX: off(),
	scatterLogY: off(),
});

export type ChartsView = z.infer<typeof chartsView>;

export const initialChartsView: ChartsView = chartsView.parse({});

/** Reads what was kept or linked, whoever wrote it. */
export function parseChartsView(raw: unknown): ChartsView {
	const parsed = chartsView.safeParse(raw);
	return parsed.success ? parsed.data : initialChartsView;
}

/** A change of the view: what it does not name stays as it is. */
export const chartsViewChange = z.pipe(
	z.record(z.string(), z.unknown()),
	z.transform((given): Partial<ChartsView> => {
		const whole = parseChartsView(given);
		return Object.fromEntries(Object.entries(whole).filter(([name]) => name in given));
	}),
);

/** What the search field holds when it shows this metric and no other. */
export function searchOf(metric: string): string {
	return `^${metric.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`;
}
