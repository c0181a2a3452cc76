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

/** Something about a run that a person would want to be told, found by arithmetic alone. */
export interface Insight {
	readonly kind: InsightKind;
	/** `bad`: the training is lost or losing; `warning`: worth a look. */
	readonly severity: "bad" | "warning";
	readonly run: RunKey;
	/** Null where it is about no metric. */
	readonly metric: string | null;
	/** Where it shows, the training's own step; null where it is about a time. */
	readonly step: number | null;
	/** One sentence with its numbers. */
	readonly sentence: string;
}
