import * as z from "zod/mini";
import { type Contract, method, nothing } from "../call";
import type { Preview } from "../preview";
import type { JobStatus } from "../relay/job";
import type { ArtifactEntry, LifecycleStage, MediaContent, MediaSeries, RunKey, RunStatus, StoreKind } from "../run";

/** What the page's buttons ask of the editor. */
export const runPageActions = [
	"openCharts",
	"compareToBaseline",
	"setBaseline",
	"clearBaseline",
	"openCommit",
	"diffToBaseline",
	"openUncommittedDiff",
	"checkOutCommit",
] as const;
export type RunPageAction = (typeof runPageActions)[number];

export const runCalls = {
	/** Extremes and a thinned curve of these metrics; one that cannot be read has its `problem`. */
	metrics: method(z.object({ names: z.array(z.string()) }))<readonly MetricSummary[]>(),
	/** A whole value that the state holds clipped. */
	value: method(z.object({ of: z.enum(["param", "tag"]), name: z.string() }))<string>(),
	artifacts: method(z.object({ path: z.string() }))<readonly ArtifactEntry[]>(),
	preview: method(z.object({ path: z.string(), sizeBytes: z.nullable(z.number()) }))<Preview>(),
	/** Answers at once; the editor asks where, shows the progress and says how it ended. */
	download: method(z.object({ path: z.string(), isDir: z.boolean(), sizeBytes: z.nullable(z.number()) }))<void>(),
	media: method(nothing)<readonly MediaSeries[]>(),
	readMedia: method(z.object({ tag: z.string(), index: z.number() }))<MediaContent>(),
	/** Answers at once; a failure is shown by the editor. */
	act: method(z.object({ action: z.enum(runPageActions) }))<void>(),
	openRun: method(z.object({ key: z.string() }))<void>(),
	openJob: method(z.object({ id: z.string() }))<void>(),
} satisfies Contract;

export interface Extreme {
	readonly value: number;
	readonly step: number;
}

export interface MetricSummary {
	readonly name: string;
	/** Over every finite point of the history; null where there is none. */
	readonly min: Extreme | null;
	readonly max: Extreme | null;
	readonly points: number;
	/** The history thinned to about 120 pixels, minima and maxima kept; NaN is a gap. */
	readonly x: Float64Array;
	readonly y: Float64Array;
	/** Indices where a restart goes back in step. */
	readonly breaks: readonly number[];
	readonly problem: string | null;
}

/** A param or tag. `value` is clipped to `clippedLength` characters, `length` is the whole's. */
export interface NamedValue {
	readonly name: string;
	readonly value: string;
	readonly length: number;
}

/** A state goes to the panel whole and often: a 10 MB param does not go with it. */
export const clippedLength = 2000;

export interface RelatedRun {
	readonly key: RunKey;
	readonly name: string;
	readonly status: RunStatus;
}

export interface RunPageState {
	readonly key: RunKey;
	/** The extension's clock, beside which times of the run are to be read: the page may be on another machine. */
	readonly hostNowMs: number;
	readonly run: RunPageRun | null;
	/** Without a run: are stores still being read, so that it may yet come? */
	readonly isReading: boolean;
}

export interface RunPageRun {
	readonly name: string;
	readonly id: string;
	readonly status: RunStatus;
	readonly lifecycleStage: LifecycleStage;
	readonly experimentName: string;
	readonly startTimeMs: number | null;
	readonly endTimeMs: number | null;
	readonly lastSignMs: number | null;
	readonly userId: string | null;
	readonly commit: string | null;
	readonly branch: string | null;
	/** The training job that it is the run of. */
	readonly job: { readonly id: string; readonly attempt: number; readonly status: JobStatus } | null;
	readonly artifactUri: string | null;
	readonly problem: string | null;
	readonly store: {
		readonly kind: StoreKind;
		readonly label: string;
		readonly uri: string;
		readonly problem: string | null;
	};
	/** Last values, by name. */
	readonly metrics: readonly (readonly [name: string, last: number])[];
	/** Rises whenever a history grew: summaries asked for before are stale. */
	readonly growth: number;
	readonly params: readonly NamedValue[];
	/** MLflow's own (`mlflow.*`) last. */
	readonly tags: readonly NamedValue[];
	/** Markdown, foreign text; clipped to 100,000 characters. */
	readonly note: string | null;
	/** Why it failed, where the run itself says so; `source` is the tag. */
	readonly failure: { readonly text: string; readonly source: string } | null;
	readonly parent: RelatedRun | null;
	/** At most 200 of `childCount`, newest first. */
	readonly children: readonly RelatedRun[];
	readonly childCount: number;
	/** Slot of its colour, as everywhere (palette.ts). */
	readonly colour: number;
	readonly isBaseline: boolean;
	readonly baseline: RelatedRun | null;
	/** Is there a repository to show its commit in? */
	readonly hasGit: boolean;
	readonly hasUncommittedDiff: boolean;
}

/** What the page keeps over a reload of the window. */
export const runPageKept = z.object({
	key: z.string(),
	scrollTop: z.catch(z.number(), 0),
	/** Sections that were opened or folded by hand. */
	sections: z.catch(z.record(z.string(), z.boolean()), {}),
	filters: z.catch(z.record(z.string(), z.string()), {}),
	openFolders: z.catch(z.array(z.string()), []),
	selected: z.catch(
		z.nullable(z.object({ path: z.string(), isDir: z.boolean(), sizeBytes: z.nullable(z.number()) })),
		null,
	),
	/** Sample shown of each media tag; absent: the newest. */
	samples: z.catch(z.record(z.string(), z.number()), {}),
});
export type RunPageKept = z.infer<typeof runPageKept>;
