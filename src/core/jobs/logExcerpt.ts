import type { ExcerptLine, LogExcerpt } from "../../shared/panels/jobPanel";
import { findFailureLine } from "./failureLine";
import { findTraceback } from "./findTraceback";
import { readFrame } from "./logFrame";
import { pathAtCommit } from "./pathAtCommit";

/** A deep recursion prints thousands: its beginning and its end tell enough. */
const firstLines = 30;
const lastLines = 90;
const linesAroundWords = 6;
const linesOfEnd = 12;
const longestLine = 2_000;

/** What of a log says why the training failed; null for a log without a word. `paths` are the commit's files. */
export function logExcerpt(lines: readonly string[], paths: ReadonlySet<string>): LogExcerpt | null {
	const traceback = findTraceback(lines);
	if (traceback) {
		const shown = lines.slice(traceback.fromLine, traceback.toLine + 1);
		return { kind: "traceback", error: traceback.error, ...cut(shown, paths) };
	}
	const end = lastWritten(lines);
	if (end < 0) return null;
	const at = findFailureLine(lines.slice(0, end + 1));
	if (at !== null && end - at < 10 * linesAroundWords) {
		const shown = lines.slice(Math.max(0, at - linesAroundWords), at + linesAroundWords + 1);
		return { kind: "line", error: (lines[at] ?? "").slice(0, longestLine).trim(), ...cut(shown, paths) };
	}
	return { kind: "end", error: "", ...cut(lines.slice(Math.max(0, end + 1 - linesOfEnd), end + 1), paths) };
}

function cut(
	lines: readonly string[],
	paths: ReadonlySet<string>,
): { readonly lines: readonly ExcerptLine[]; readonly omitted: number } {
	const toLines = (some: readonly string[]) => some.map((text) => toExcerptLine(text, paths));
	const omitted = lines.length - firstLines - lastLines;
	if (omitted <= 0) return { lines: toLines(lines), omitted: 0 };
	return { lines: [...toLines(lines.slice(0, firstLines)), null, ...toLines(lines.slice(-lastLines))], omitted };
}

function toExcerptLine(line: string, paths: ReadonlySet<string>): ExcerptLine {
	const text = line.slice(0, longestLine);
	const frame = readFrame(text);
	const path = frame && pathAtCommit(frame.path, paths);
	return { text, frame: frame && path ? { path, line: frame.line, start: frame.start, end: frame.end } : null };
}

function lastWritten(lines: readonly string[]): number {
	for (let at = lines.length - 1; at >= 0; at--) if ((lines[at] ?? "").trim() !== "") return at;
	return -1;
}
