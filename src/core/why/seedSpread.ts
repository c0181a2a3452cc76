import type { Run } from "../../shared/run";
import { sameCommit } from "../git/commitIndex";
import { isActive } from "../runs/runState";
import { seedGroup } from "../runs/seedGroups";
import { formatChange, formatNumber } from "../table/formatValue";
import { metricDirection, summarise, verdictOf } from "../table/metricDirection";

export interface SpreadVerdict {
	/** `tooFew`: no run differs from either by the seed alone. `none`: one of them has not logged the metric. */
	readonly kind: "outside" | "within" | "tooFew" | "same" | "notFinite" | "none";
	/** Whether it got better, where the metric's name tells. */
	readonly verdict: "better" | "worse" | null;
	/** With its numbers. */
	readonly sentence: string;
}

/** Two-sided 95 % of Student's t by degrees of freedom, from 1. */
const student = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23];
const studentBeyond = 2.1;

/** Runs that differ from this one by nothing but the seed, itself first: the same params and the same commit, and ended well. */
export function seedSiblings(run: Run, all: Iterable<Run>): readonly Run[] {
	if (Object.keys(run.params).length === 0) return [run];
	const group = seedGroup(run);
	const isSame = (other: Run) =>
		other.key !== run.key &&
		isActive(other) &&
		other.status === "FINISHED" &&
		seedGroup(other) === group &&
		(run.commit === null || other.commit === null ? run.commit === other.commit : sameCommit(run.commit, other.commit));
	return [run, ...[...all].filter(isSame)];
}

/**
 * Whether a metric's last values differ by more than another seed would make of it: the means of both runs with their seeds,
 * by Student's t with the spread of both pooled (as in any textbook), two-sided at 95 %.
 */
export function spreadVerdict(metric: string, base: Run, other: Run, all: Iterable<Run>): SpreadVerdict {
	const [from, to] = [base.metrics[metric], other.metrics[metric]];
	if (from === undefined || to === undefined) {
		const who = from === undefined ? base.name : other.name;
		return { kind: "none", verdict: null, sentence: `${who} has not logged ${metric}.` };
	}
	const numbers = `${metric}: ${formatNumber(from)} → ${formatNumber(to)}`;
	if (!Number.isFinite(from) || !Number.isFinite(to)) {
		return {
			kind: "notFinite",
			verdict: null,
			sentence: `${numbers}. One of them is no number, which no seed explains.`,
		};
	}
	if (from === to) return { kind: "same", verdict: null, sentence: `${numbers}: it has not changed.` };
	const change = to - from;
	const told = verdictOf(change, metricDirection(metric), null);
	const verdict = told === "better" || told === "worse" ? told : null;
	const runs = [...all];
	const [ours, theirs] = [base, other].map((run) =>
		seedSiblings(run, runs).flatMap(({ metrics }) => {
			const value = metrics[metric];
			return value !== undefined && Number.isFinite(value) ? [value] : [];
		}),
	);
	const [a, b] = [summarise(ours ?? []), summarise(theirs ?? [])];
	const whole = `${numbers} (${[formatChange(change), verdict ?? []].flat().join(", ")})`;
	if (!a || !b) return { kind: "none", verdict, sentence: `${whole}.` };
	const freedom = a.count + b.count - 2;
	if (freedom < 1) {
		const advice =
			"No other run differs by the seed alone, so chance may have done it: run either again with two other seeds.";
		return { kind: "tooFew", verdict, sentence: `${whole}. ${advice}` };
	}
	const squares = (a.deviation ?? 0) ** 2 * (a.count - 1) + (b.deviation ?? 0) ** 2 * (b.count - 1);
	const spread = Math.sqrt(squares / freedom);
	const reach = (student[freedom - 1] ?? studentBeyond) * spread * Math.sqrt(1 / a.count + 1 / b.count);
	const difference = b.mean - a.mean;
	const isOutside = Math.abs(difference) > reach;
	const means = a.count + b.count > 2 ? ` The means of their seeds differ by ${formatChange(difference)};` : "";
	const count = `(n = ${a.count} and ${b.count})`;
	const seeds = ` seeds alone make up to ±${formatNumber(reach, 2)} of it ${count}`;
	const end = isOutside ? "so something else did it." : "so it may be chance.";
	return { kind: isOutside ? "outside" : "within", verdict, sentence: `${whole}.${means}${seeds}, ${end}` };
}
