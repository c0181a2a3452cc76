import { parseDecimal, parseInteger } from "./decimal";

const space = 32;
const newline = 10;
const carriageReturn = 13;

/** A longer line is no metric: five fields with a dataset's name and digest stay far below. */
export const maxLineBytes = 4096;

/**
 * Walks over the lines of an MLflow metric file: `timestamp_ms value step`, `timestamp_ms value`, or five fields, of which
 * the last two are a dataset's name and digest. As in MLflow's own reader (file_store.py), the step of a line with two or
 * with five fields is 0. A line without its newline is still being written and is left alone.
 *
 * Makes nothing per line: `next()` moves on, the fields are read from the reader.
 */
export class MetricLineReader {
	timestampMs = 0;
	value = 0;
	step = 0;
	/** Up to here lines are complete; where the next part of the file has to start. */
	offset: number;
	/** Lines passed so far, malformed ones included. */
	lines = 0;
	/** Number of the first malformed line, from 1; null when all were sound. */
	malformedLine: number | null = null;

	constructor(
		private readonly bytes: Uint8Array,
		start: number,
		private readonly end: number,
	) {
		this.offset = start;
	}

	/** Goes to the next sound line; false at the end of the last complete one. */
	next(): boolean {
		for (;;) {
			const start = this.offset;
			let lineEnd = start;
			while (lineEnd < this.end && this.bytes[lineEnd] !== newline) lineEnd++;
			if (lineEnd === this.end) return false;
			this.offset = lineEnd + 1;
			this.lines++;
			if (this.#read(start, lineEnd)) return true;
			this.malformedLine ??= this.lines;
		}
	}

	#read(lineStart: number, lineEnd: number): boolean {
		const { bytes } = this;
		let start = lineStart;
		let end = lineEnd;
		while (end > start && isBlank(bytes[end - 1])) end--;
		while (start < end && isBlank(bytes[start])) start++;
		const first = this.#fieldEnd(start, end);
		const second = this.#fieldEnd(first + 1, end);
		if (first >= end || end - start > maxLineBytes) return false;
		const timestamp = parseInteger(bytes, start, first);
		const value = parseDecimal(bytes, first + 1, second);
		const step = second >= end ? 0 : this.#stepFrom(second + 1, end);
		if (timestamp === undefined || value === undefined || step === undefined) return false;
		this.timestampMs = timestamp;
		this.value = value;
		this.step = step;
		return true;
	}

	#stepFrom(start: number, end: number): number | undefined {
		const third = this.#fieldEnd(start, end);
		if (third >= end) return parseInteger(this.bytes, start, end);
		const fourth = this.#fieldEnd(third + 1, end);
		return fourth < end && this.#fieldEnd(fourth + 1, end) >= end ? 0 : undefined;
	}

	#fieldEnd(start: number, end: number): number {
		let at = start;
		while (at < end && this.bytes[at] !== space) at++;
		return at;
	}
}

function isBlank(byte: number | undefined): boolean {
	return byte === space || byte === carriageReturn || byte === 9;
}

export interface MetricPoint {
	readonly step: number;
	readonly timestampMs: number;
	readonly value: number;
}

/**
 * Does the second point replace the first as the metric's latest? Greatest (step, timestamp, value) wins; where NaN makes
 * the values incomparable, the earlier line stays, as in Python's `max`.
 */
export function isLater(point: MetricPoint, than: MetricPoint): boolean {
	if (point.step !== than.step) return point.step > than.step;
	if (point.timestampMs !== than.timestampMs) return point.timestampMs > than.timestampMs;
	return point.value > than.value;
}
