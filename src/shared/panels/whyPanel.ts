import * as z from "zod/mini";
import { type Contract, method, nothing } from "../call";
import type { RunKey } from "../run";

/** “Why did it change?” of two runs: what the panel may ask its host, and what it is told. */

const id = z.string();

export const whyCalls = {
	/** The base and the run that is asked about. */
	setRuns: method(z.object({ base: z.string(), other: z.string() }))<void>(),
	chooseMetric: method(z.object({ metric: z.string() }))<void>(),
	openRun: method(z.object({ key: z.string() }))<void>(),
	/** Every file that differs between the two commits. */
	openCodeDiff: method(nothing)<void>(),
	/** The file of a hunk on both sides, at the hunk. */
	openHunk: method(z.object({ id }))<void>(),
	/** A branch without this hunk, after a look at it. */
	testHunk: method(z.object({ id }))<void>(),
	/** Puts the hunks to Claude. */
	rank: method(nothing)<void>(),
	stopRanking: method(nothing)<void>(),
	setAgentKey: method(nothing)<void>(),
} satisfies Contract;

export interface WhyRun {
	readonly key: RunKey;
	readonly name: string;
	readonly colour: number;
	/** Short; null where the run has none. */
	readonly commit: string | null;
}

export interface WhyDifference {
	readonly name: string;
	/** Null where the run has none. */
	readonly base: string | null;
	readonly other: string | null;
}

export interface WhyPageHunk {
	readonly id: string;
	readonly path: string;
	readonly previousPath: string | null;
	readonly kind: "added" | "modified" | "deleted" | "renamed";
	readonly from: "committed" | "base" | "other";
	/** In the other's file, from 1. */
	readonly line: number;
	readonly lines: readonly { readonly mark: " " | "-" | "+"; readonly text: string }[];
	readonly omitted: number;
	readonly isOpaque: boolean;
	/** 0 to 100, with its word and one sentence. */
	readonly score: number;
	readonly level: "likely" | "possible" | "unlikely";
	readonly sentence: string;
	/** Claude said so; else rules by words. */
	readonly isRanked: boolean;
	readonly canTest: boolean;
}

export interface WhyState {
	/** The extension's clock. */
	readonly hostNowMs: number;
	/** Null while a run is not read, or is in no open store any more. */
	readonly runs: { readonly base: WhyRun; readonly other: WhyRun } | null;
	readonly isReading: boolean;
	readonly metric: string | null;
	/** Those that both runs have logged, the most telling first. */
	readonly metrics: readonly string[];
	readonly verdict: {
		readonly kind: "outside" | "within" | "tooFew" | "same" | "notFinite" | "none";
		readonly verdict: "better" | "worse" | null;
		readonly sentence: string;
	} | null;
	readonly params: readonly WhyDifference[];
	readonly data: readonly WhyDifference[];
	readonly environment: readonly WhyDifference[];
	/** `absent`: the sentence says why no code can be compared. */
	readonly code: { readonly kind: "reading" | "ready" | "absent"; readonly sentence: string };
	/** The most suspicious first. */
	readonly hunks: readonly WhyPageHunk[];
	/** Hunks beyond those that are sent. */
	readonly moreHunks: number;
	readonly ranking: {
		readonly kind: "none" | "writing" | "ready" | "failed";
		/** Of `failed` one sentence, of `ready` the model. */
		readonly text: string;
		readonly needsKey: boolean;
	};
}

/** What the page keeps over a reload of the window. */
export const whyKept = z.object({
	base: z.catch(z.string(), ""),
	other: z.catch(z.string(), ""),
	metric: z.catch(z.nullable(z.string()), null),
	scrollTop: z.catch(z.number(), 0),
	sections: z.catch(z.record(z.string(), z.boolean()), {}),
	filters: z.catch(z.record(z.string(), z.string()), {}),
});
export type WhyKept = z.infer<typeof whyKept>;
