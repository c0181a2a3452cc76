import type { RunKey } from "../../shared/run";

export const insightKinds = [
	"notFinite",
	"divergence",
	"plateau",
	"overfitting",
	"worseThanBaseline",
	"slower",
	"oldCheckpoint",
	"silentRunner",
] as const;
export type InsightKind = (typeof insightKinds)[number];

/** What is watched: a run, or a job that has no run yet. */
export type Watched =
	| { readonly run: RunKey; readonly jobId: string | null }
	| { readonly run: null; readonly jobId: string };

/** Something about a run that a person would want to be told, found by arithmetic alone. */
export type Insight = Watched & {
	readonly kind: InsightKind;
	/** `bad`: the training is lost or losing; `warning`: worth a look. */
	readonly severity: "bad" | "warning";
	/** Null where it is about no metric. */
	readonly metric: string | null;
	/** Where it shows, the training's own step; null where it is about a time. */
	readonly step: number | null;
	/** One sentence with its numbers. */
	readonly sentence: string;
};

const bad: ReadonlySet<InsightKind> = new Set(["notFinite", "divergence", "silentRunner"]);

export function severityOf(kind: InsightKind): Insight["severity"] {
	return bad.has(kind) ? "bad" : "warning";
}
