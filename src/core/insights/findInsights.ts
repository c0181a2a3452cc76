import type { Run, Series } from "../../shared/run";
import { runStateOf } from "../runs/runState";
import {
	type Band,
	findDivergence,
	findNotFinite,
	findOldCheckpoint,
	findOverfitting,
	findPlateau,
	findSlower,
	findWorseThanBaseline,
} from "./detectors";
import { type Insight, type InsightKind, severityOf } from "./insight";

/** What is known of a run that goes on, at one moment. */
export interface RunEvidence {
	readonly run: Run;
	/** Histories by metric, in the order of their steps. */
	readonly series: ReadonlyMap<string, Series>;
	/** Of the baseline, by metric; empty without one. */
	readonly bands: ReadonlyMap<string, Band>;
	/** When its checkpoints were written, in milliseconds since 1970. */
	readonly checkpointsMs: readonly number[];
	readonly nowMs: number;
}

/** Everything that arithmetic finds in it. */
export function findInsights({ run, series, bands, checkpointsMs, nowMs }: RunEvidence): readonly Insight[] {
	const insights: Insight[] = [];
	const add = (kind: InsightKind, metric: string | null, finding: { step?: number; sentence: string } | null) => {
		if (finding === null) return;
		const { step = null, sentence } = finding;
		insights.push({ kind, severity: severityOf(kind), run: run.key, jobId: null, metric, step, sentence });
	};
	for (const [name, history] of series) {
		const broken = findNotFinite(name, history);
		add("notFinite", name, broken);
		if (broken !== null) continue;
		const diverged = findDivergence(name, history);
		add("divergence", name, diverged);
		if (diverged === null) add("plateau", name, findPlateau(name, history));
		const band = bands.get(name);
		if (band) add("worseThanBaseline", name, findWorseThanBaseline(name, history, band));
	}
	const [train, validation] = lossPair(series);
	if (train && validation) add("overfitting", null, findOverfitting(train, validation));
	const longest = [...series.values()].reduce<Series | null>(
		(a, b) => (a === null || b.steps.length > a.steps.length ? b : a),
		null,
	);
	if (longest) add("slower", null, findSlower(longest));
	add("oldCheckpoint", null, findOldCheckpoint(checkpointsMs, nowMs));
	if (runStateOf(run, nowMs) === "silent") {
		add("silentRunner", null, {
			sentence: "It says that it runs, and nothing has come of it for more than two minutes.",
		});
	}
	return insights;
}

/** The losses of training and validation, where their names tell. */
function lossPair(series: ReadonlyMap<string, Series>): readonly [Series | undefined, Series | undefined] {
	const find = (words: RegExp) => [...series].find(([name]) => /loss/i.test(name) && words.test(name))?.[1];
	return [find(/train/i), find(/val|eval|test/i)];
}
