import { findFailureLine } from "./failureLine";
import { mayBegin, readTraceback, type Traceback } from "./findTraceback";
import { readFrame } from "./logFrame";
import type { LogEdit } from "./logLines";

/** Lines kept from where a traceback may begin: a chain of deep ones has some hundreds. */
const keptLines = 1_000;
/** Lines kept to look in for other words of failure once the training has ended. */
const lastLines = 200;
/** A syntax error is known for one only some lines after its first. */
const lookBack = 6;
/** Places in files that become links: beyond that a log is no longer read, and the editor slows down. */
const mostFrames = 20_000;

/** Follows a log's text by its edits: its first traceback, and which of its lines name a place in a file. Keeps few lines. */
export class FirstTraceback {
	/** From the line before the one where the traceback may begin; the last lines before there is one. */
	#kept: string[] = [];
	#keptFrom = 0;
	#begin: number | null = null;
	#traceback: Traceback | null = null;
	readonly #frames = new Set<number>();

	/** Null while none was printed. Grows while it is being printed. */
	get traceback(): Traceback | null {
		return this.#traceback;
	}

	/** Lines that name a place in a file. */
	get frames(): Iterable<number> {
		return this.#frames;
	}

	/** Of a training that failed without a traceback: the line that says why, if one of the last does. */
	get failureLine(): number | null {
		if (this.#begin !== null) return null;
		const found = findFailureLine(this.#kept);
		return found === null ? null : this.#keptFrom + found;
	}

	apply({ fromLine, lines }: LogEdit): void {
		this.#findFrames(fromLine, lines);
		if (this.#begin !== null && fromLine <= this.#begin) {
			// It is drawn over.
			this.#begin = null;
			this.#traceback = null;
		}
		const start = this.#cutAt(fromLine);
		if (start === null) return;
		if (this.#begin === null) this.#find(start, lines);
		else this.#kept.push(...lines.slice(0, keptLines - start));
		if (this.#begin === null) return;
		const found = readTraceback(this.#kept, this.#begin - this.#keptFrom);
		this.#traceback = found && shift(found, this.#keptFrom);
	}

	/** Where among the kept lines this one goes; null where it is too far on to be one of them. */
	#cutAt(fromLine: number): number | null {
		if (fromLine < this.#keptFrom) {
			this.#kept = [];
			this.#keptFrom = fromLine;
		}
		const start = fromLine - this.#keptFrom;
		if (start > this.#kept.length || (this.#begin !== null && start >= keptLines)) return null;
		this.#kept.length = start;
		return start;
	}

	#find(start: number, lines: readonly string[]): void {
		for (const line of lines) this.#kept.push(line);
		for (let at = Math.max(0, start - lookBack); at < this.#kept.length; at++) {
			if (!mayBegin(this.#kept[at] ?? "") || readTraceback(this.#kept, at) === null) continue;
			this.#begin = this.#keptFrom + at;
			// The line before says whether Python passed over it.
			this.#drop(Math.max(0, at - 1));
			this.#kept.length = Math.min(this.#kept.length, keptLines);
			return;
		}
		this.#drop(Math.max(0, this.#kept.length - lastLines));
	}

	#drop(count: number): void {
		if (count === 0) return;
		this.#kept = this.#kept.slice(count);
		this.#keptFrom += count;
	}

	#findFrames(fromLine: number, lines: readonly string[]): void {
		// Lines that are drawn over are the last ones.
		for (const at of [...this.#frames].reverse()) {
			if (at < fromLine) break;
			this.#frames.delete(at);
		}
		for (const [i, line] of lines.entries()) {
			if (this.#frames.size < mostFrames && readFrame(line) !== null) this.#frames.add(fromLine + i);
		}
	}
}

function shift(found: Traceback, by: number): Traceback {
	return {
		...found,
		fromLine: found.fromLine + by,
		toLine: found.toLine + by,
		frames: found.frames.map((frame) => ({ ...frame, atLine: frame.atLine + by })),
	};
}
