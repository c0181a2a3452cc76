import { isLater, MetricLineReader, type MetricPoint, maxLineBytes } from "../../core/mlflow/metricLines";
import { type FileReader, type FileStamp, isSameStamp } from "./fileReader";

/** Bytes before the place read to, kept to tell a file that grew from one that was written anew. */
const tailBytes = 64;

/** What a look at the file found: nothing new, more lines, or other lines than those read before. */
export type MetricFileChange = "same" | "grown" | "rewritten";

/** One metric's file, read on from where it was left. Only whole lines count. */
export class MetricFile {
	readonly #latest = { step: 0, timestampMs: 0, value: 0 };
	#hasLatest = false;
	/** In words that follow the file's name; null for a sound file. */
	problem: string | null = null;
	/** Whether the last line has no newline (yet). */
	isCutShort = false;
	lastTimestampMs: number | null = null;
	#offset = 0;
	#lines = 0;
	#tail: Buffer = Buffer.alloc(0);
	#stamp: FileStamp | null = null;

	constructor(
		private readonly reader: FileReader,
		private readonly path: string,
		/** Gets every point once, in the file's order; `onReset` says that those given before count no more. */
		private readonly onPoint: ((step: number, value: number, timestampMs: number) => void) | null = null,
		private readonly onReset: (() => void) | null = null,
	) {}

	/** Greatest (step, timestamp, value) so far; null before the first line. */
	get latest(): MetricPoint | null {
		return this.#hasLatest ? this.#latest : null;
	}

	/** When the file was last written, as far as it was looked at. */
	get modifiedMs(): number {
		return this.#stamp?.modifiedMs ?? 0;
	}

	/** Reads what was appended. `stamp` spares reading a file that is as it was. Throws `UnreadableFile`. */
	update(stamp: FileStamp | null = null): MetricFileChange {
		if (stamp !== null && isSameStamp(stamp, this.#stamp)) return "same";
		if (this.#offset === 0 && this.#lines === 0) return this.#readOn() ? "grown" : "same";
		const before = this.#tail;
		const wasOffset = this.#offset;
		let isSame = true;
		let hasTail = false;
		let isGrown = false;
		const read = this.reader.readFrom(this.path, wasOffset - before.length, (bytes, end, current) => {
			let start = 0;
			if (!hasTail) {
				if (end < before.length) return 0;
				hasTail = true;
				isSame =
					before.compare(bytes, 0, before.length) === 0 &&
					(this.#stamp === null || current.inode === this.#stamp.inode) &&
					!(current.sizeBytes === this.#stamp?.sizeBytes && current.modifiedMs !== this.#stamp.modifiedMs);
				start = before.length;
			}
			if (!isSame) return end;
			const used = this.#take(bytes, start, end);
			isGrown ||= used > start;
			return used;
		});
		if (!hasTail || !isSame) {
			this.#reset();
			this.#readOn();
			return "rewritten";
		}
		this.#stamp = read;
		return isGrown ? "grown" : "same";
	}

	#reset(): void {
		this.#offset = 0;
		this.#lines = 0;
		this.#tail = Buffer.alloc(0);
		this.#hasLatest = false;
		this.problem = null;
		this.onReset?.();
	}

	#readOn(): boolean {
		const from = this.#offset;
		this.#stamp = this.reader.readFrom(this.path, from, (bytes, end) => this.#take(bytes, 0, end));
		return this.#offset > from;
	}

	/** Takes the whole lines in `bytes[start, end)`; answers where the first incomplete one begins. */
	#take(bytes: Uint8Array, start: number, end: number): number {
		const lines = new MetricLineReader(bytes, start, end);
		while (lines.next()) {
			if (!this.#hasLatest || isLater(lines, this.#latest)) {
				this.#hasLatest = true;
				this.#latest.step = lines.step;
				this.#latest.timestampMs = lines.timestampMs;
				this.#latest.value = lines.value;
			}
			this.lastTimestampMs = lines.timestampMs;
			this.onPoint?.(lines.step, lines.value, lines.timestampMs);
		}
		if (lines.malformedLine !== null) this.problem ??= `has a malformed line ${this.#lines + lines.malformedLine}`;
		this.#lines += lines.lines;
		this.#offset += lines.offset - start;
		if (lines.offset > start) {
			this.#tail = Buffer.from(bytes.subarray(Math.max(start, lines.offset - tailBytes), lines.offset));
		}
		this.isCutShort = lines.offset < end;
		if (end - lines.offset > maxLineBytes) {
			// No metric line is as long: the rest is not looked at (it may be without end).
			this.problem ??= `has a malformed line ${this.#lines + 1}`;
		}
		return lines.offset;
	}
}
