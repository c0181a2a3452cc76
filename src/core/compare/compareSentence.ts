import type { Run } from "../../shared/run";
import { toLine } from "../plainText";
import { formatChange, formatNumber } from "../table/formatValue";
import { metricDirection, type Summary, verdictOf } from "../table/metricDirection";

export interface SentenceFacts {
	/** The base first. */
	readonly runs: readonly Run[];
	readonly differingParams: readonly string[];
	/** Files that differ from the base's commit by run; null where it is not known. The base's own is not looked at. */
	readonly changedFiles: readonly (number | null)[];
	/** Metrics worth naming, the most telling first. */
	readonly metrics: readonly string[];
	/** Over the base's seeds, itself included; null where the base has no other. */
	readonly seedsOf: (metric: string) => Summary | null;
}

/** What differs and what came of it, in one sentence that says only what is known. */
export function compareSentence(facts: SentenceFacts): string {
	if (facts.runs.length < 2) return "";
	const result = resultOf(facts);
	return `${differenceOf(facts)}${result === null ? "" : `; ${result}`}.`;
}

function differenceOf({ runs, differingParams, changedFiles }: SentenceFacts): string {
	const code = codeOf(runs, changedFiles);
	const subjects = [...namesOf(differingParams), ...(code === "" ? [] : [code])];
	if (subjects.length === 0) {
		const isSameCode = changedFiles.slice(1).every((count) => count === 0);
		return isSameCode ? "The params and the commit are the same" : "The params are the same";
	}
	const [first = ""] = subjects;
	if (subjects.length === 1) return `${first} ${differingParams.length === 1 ? "differs" : "differ"}`;
	return `${subjects.slice(0, -1).join(", ")} and ${subjects.at(-1)} differ`;
}

function namesOf(names: readonly string[]): string[] {
	const shown = names.slice(0, 3).map((name) => toLine(name, 40));
	const others = names.length - shown.length;
	return others > 0 ? [...shown, `${others} more ${others === 1 ? "param" : "params"}`] : shown;
}

/** Two runs: how many files. More: of how many runs the code is another. */
function codeOf(runs: readonly Run[], changedFiles: readonly (number | null)[]): string {
	const [base, ...others] = runs;
	const counts = changedFiles.slice(1);
	const differing = others.filter((run, i) => {
		const count = counts[i];
		return count === null || count === undefined
			? run.commit !== null && base?.commit !== null && run.commit !== base?.commit
			: count > 0;
	}).length;
	if (differing === 0) return "";
	const [files] = counts;
	if (others.length === 1) {
		return typeof files === "number" ? `${files} code ${files === 1 ? "file" : "files"}` : "the commits";
	}
	return `the code of ${differing} ${differing === 1 ? "run" : "runs"}`;
}

function resultOf({ runs, metrics, seedsOf }: SentenceFacts): string | null {
	const [base, ...others] = runs;
	for (const metric of metrics) {
		const from = base?.metrics[metric];
		if (from === undefined || !Number.isFinite(from)) continue;
		const direction = metricDirection(metric);
		const reached = others
			.map((run) => ({ run, value: run.metrics[metric] }))
			.filter((one): one is { run: Run; value: number } => one.value !== undefined && Number.isFinite(one.value))
			.sort((a, b) => (direction === "lower" ? a.value - b.value : b.value - a.value));
		const [best] = reached;
		if (!best || (direction === null && others.length > 1)) continue;
		const name = toLine(metric, 60);
		const change = best.value - from;
		const verdict = verdictOf(change, direction, null);
		const noise = noiseOf(change, seedsOf(metric));
		if (others.length === 1) {
			if (change === 0) return `${name} is the same, ${formatNumber(from)}`;
			const words = verdict === null ? [] : [verdict];
			return [`${name} ${formatChange(change)}`, ...words, ...noise].join(", ");
		}
		if (verdict !== "better") return `no run beats the base's ${name} of ${formatNumber(from)}`;
		const who = toLine(best.run.name, 60);
		return [`best ${name} ${formatNumber(best.value)} (${who}), ${formatChange(change)}`, ...noise].join(", ");
	}
	return null;
}

function noiseOf(change: number, seeds: Summary | null): string[] {
	if (seeds === null || seeds.deviation === null) return [];
	const where = Math.abs(change) > seeds.deviation ? "outside" : "within";
	return [`${where} the seed spread (±${formatNumber(seeds.deviation, 2)}, n = ${seeds.count})`];
}
