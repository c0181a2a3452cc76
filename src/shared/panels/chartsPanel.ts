import * as z from "zod/mini";
import { type Contract, method, nothing } from "../call";
import { type ChartAnswer, chartQuery } from "../chart";
import { type RunKey, runStatuses } from "../run";
import { chartsView, chartsViewChange } from "./chartsView";

const chartsRun = z.object({
	key: z.string(),
	name: z.string(),
	experimentName: z.string(),
	status: z.enum(runStatuses),
	/** Slot 0 to 23 of the palette. */
	colour: z.number(),
	isBaseline: z.boolean(),
	startTimeMs: z.nullable(z.number()),
	/** When the run was last written to, as far as its store tells. */
	lastSignMs: z.nullable(z.number()),
	/** Runs of one group have equal params but for the seed. */
	group: z.string(),
	problem: z.nullable(z.string()),
});
export type ChartsRun = z.infer<typeof chartsRun>;

const chartsMetric = z.object({
	name: z.string(),
	/** Index into `ChartsState.runSets`: the charted runs that have the metric. Metrics are many, distinct sets few. */
	runSet: z.number(),
	/** Grows whenever a charted run's history of the metric may have changed. */
	revision: z.number(),
});
export type ChartsMetric = z.infer<typeof chartsMetric>;

/** Everything the charts panel shows except the points themselves, which it asks for chart by chart. */
export const chartsState = z.object({
	/** The checked runs, in the order they were put on the charts. */
	runs: z.array(chartsRun),
	/** The baseline and the runs of its seed group, checked or not; null while none is named. */
	baseline: z.nullable(z.object({ run: chartsRun, members: z.array(z.string()) })),
	/** Indices into `runs`. */
	runSets: z.array(z.array(z.number())),
	/** In the order of their names. */
	metrics: z.array(chartsMetric),
	/** All runs of all stores, checked or not. */
	totalRuns: z.number(),
	/** Is a store still being read for the first time? */
	isReading: z.boolean(),
	/** Stores that cannot be read just now, each as a sentence. */
	troubles: z.array(z.string()),
	/** The host's clock when this was sent: ages are counted from it, so that two clocks may differ. */
	sentAtMs: z.number(),
	/** What of the view a link or an answer of the agent's asked for; taken once per id. */
	wanted: z.nullable(z.object({ id: z.number(), view: chartsViewChange })),
});
export type ChartsState = z.infer<typeof chartsState>;

/** What the parallel coordinates and the scatter draw of one run. */
export interface RunValues {
	readonly key: RunKey;
	readonly params: Readonly<Record<string, string>>;
	/** Last values. */
	readonly metrics: Readonly<Record<string, number>>;
}

const ofRun = z.object({ key: z.string() });

export const chartsCalls = {
	chart: method(chartQuery)<ChartAnswer>(),
	/** Params and last metrics of the charted runs. */
	values: method(nothing)<readonly RunValues[]>(),
	/** Asks where and writes a picture or a table of one chart; false when the person thought better of it. */
	save: method(
		z.object({
			/** Suggested file name without its ending. */
			name: z.string(),
			format: z.enum(["png", "svg", "csv"]),
			/** Base64 for png, else text. */
			content: z.string(),
		}),
	)<boolean>(),
	/** Asks where and writes every point of the metric of every charted run. */
	exportCsv: method(z.object({ metric: z.string() }))<boolean>(),
	/** The same of these metrics, in one file. */
	exportAllCsv: method(z.object({ metrics: z.array(z.string()) }))<boolean>(),
	checkNewest: method(z.object({ count: z.number() }))<void>(),
	uncheck: method(ofRun)<void>(),
	baseline: method(z.object({ key: z.nullable(z.string()) }))<void>(),
	openRun: method(ofRun)<void>(),
	/** Steps at which the run logged a policy, ascending. */
	policySteps: method(ofRun)<readonly number[]>(),
	/** Opens the run's policy nearest to a step in the viewer of robot models. */
	openPolicy: method(z.object({ key: z.string(), step: z.number() }))<void>(),
	/** Shows the side bar's runs, to choose from. */
	showRuns: method(nothing)<void>(),
	/** Puts the metric of the shown runs into the agent's composer; steps are of the part that is zoomed to, else null. */
	askAbout: method(
		z.object({ metric: z.string(), fromStep: z.nullable(z.number()), toStep: z.nullable(z.number()) }),
	)<void>(),
	/** Copies a link that opens this view of these runs; with a metric, of this chart alone. */
	copyLink: method(z.object({ view: chartsView, metric: z.nullable(z.string()) }))<void>(),
} satisfies Contract;
