import { assertNever } from "../../shared/errors";
import type { Comparison, WatchRule } from "./watchRule";

export interface WatchedPoint {
	readonly step: number;
	readonly timestampMs: number;
	readonly value: number;
}

/** Where a rule came true. */
export interface Firing {
	/** Null of a line in a log. */
	readonly step: number | null;
	readonly sentence: string;
}

/** One rule on one run, fed with its points in order, or with lines of its log. It speaks once, and again only after it was false. */
export class RuleState {
	#since: WatchedPoint | null = null;
	#lastStep = Number.NEGATIVE_INFINITY;
	#hasSpoken = false;

	constructor(private readonly rule: WatchRule) {}

	/** Null of a rule about the log. */
	get metric(): string | null {
		return this.rule.when.kind === "log" ? null : this.rule.when.metric;
	}

	takePoint(point: WatchedPoint): Firing | null {
		const { when, lasting } = this.rule;
		if (when.kind === "log") return null;
		const hasGoneBack = point.step < this.#lastStep;
		this.#lastStep = point.step;
		const holds =
			when.kind === "notFinite" ? !Number.isFinite(point.value) : compare(point.value, when.comparison, when.value);
		if (!holds) {
			this.#since = null;
			this.#hasSpoken = false;
			return null;
		}
		// A training that began anew from a checkpoint has gone back: what holds has to hold from there.
		if (this.#since === null || hasGoneBack) this.#since = point;
		if (this.#hasSpoken || !lastsFrom(this.#since, point, lasting)) return null;
		this.#hasSpoken = true;
		const since = lasting === null ? "" : `, since step ${this.#since.step}`;
		return { step: point.step, sentence: `${when.metric} is ${shown(point.value)} at step ${point.step}${since}.` };
	}

	/** A log is told once: what is in it stays in it. */
	takeLine(line: string): Firing | null {
		const { when } = this.rule;
		if (when.kind !== "log" || this.#hasSpoken || !line.toLowerCase().includes(when.words.toLowerCase())) return null;
		this.#hasSpoken = true;
		const text = line.trim();
		return { step: null, sentence: `The log says: ${text.length > 200 ? `${text.slice(0, 200)}…` : text}` };
	}
}

function lastsFrom(since: WatchedPoint, now: WatchedPoint, lasting: WatchRule["lasting"]): boolean {
	if (lasting === null) return true;
	return lasting.kind === "time"
		? now.timestampMs - since.timestampMs >= lasting.ms
		: now.step - since.step >= lasting.steps;
}

/** NaN is neither more nor less than anything: only `!=` is true of it. */
function compare(value: number, comparison: Comparison, other: number): boolean {
	switch (comparison) {
		case ">":
			return value > other;
		case ">=":
			return value >= other;
		case "<":
			return value < other;
		case "<=":
			return value <= other;
		case "==":
			return value === other;
		case "!=":
			return value !== other;
		default:
			return assertNever(comparison);
	}
}

function shown(value: number): string {
	return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}
