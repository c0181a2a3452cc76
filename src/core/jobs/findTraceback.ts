import { type LogFrame, readFrame } from "./logFrame";

/** Why a training failed, as its log tells it. */
export interface Traceback {
	/** The first and the last of its lines. */
	readonly fromLine: number;
	readonly toLine: number;
	/** The line that names the error: of several that follow from each other, the last. */
	readonly error: string;
	/** In the order of the log, so that in Python the innermost of each part comes last; each with the line it stands in. */
	readonly frames: readonly (LogFrame & { readonly atLine: number })[];
}

const header = /^(.*?)Traceback \(most recent call last\):\s*$/;
const chained =
	/^(During handling of the above exception, another exception occurred|The above exception was the direct cause of the following exception):$/;
const ofWorker = /^Original Traceback \(most recent call last\):$/;
const group = /^\s*\+ Exception Group Traceback \(most recent call last\):\s*$/;
const richHeader = /^(.*?)╭[─ ]*Traceback \(most recent call last\)/;
const fatal = /^(.*?)(Fatal Python error: .*)$/;
const bareSyntaxError = /^(SyntaxError|IndentationError|TabError): /;
/** How a message goes on: indented, or as CUDA's. Any other line may be of whatever is printed next. */
const isMore = /^(?:\s+\S|CUDA kernel errors|For debugging consider|Compile with `TORCH_USE)/;
/** Python says this of what it passes over. */
const ignored = /^Exception ignored in/;
/** `loguru`, `logging` and most others begin a record with a time or a level. */
const record = /^\s*(\[?\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|\[?(?:DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL)\b)/;
/** A message with a list of what is wrong with each field, or each key of a state dict. */
const messageLines = 100;
/** Lines of other processes between two of one traceback. */
const strangeLines = 200;

/**
 * The first error that Python printed: a traceback with all that follows from it, an exception group, rich's frame,
 * a crash as faulthandler tells it, or a syntax error of the script itself. Null where there is none.
 */
export function findTraceback(lines: readonly string[]): Traceback | null {
	for (let at = 0; at < lines.length; at++) {
		const found = readTraceback(lines, at);
		if (found) return found;
	}
	return null;
}

/** The traceback that begins with this line. */
export function readTraceback(lines: readonly string[], at: number): Traceback | null {
	const line = lines[at] ?? "";
	if (!mayBegin(line)) return null;
	if (group.test(line)) return readGroup(lines, at);
	const prefix = header.exec(line)?.[1];
	if (prefix !== undefined) return ignored.test(lines[at - 1] ?? "") ? null : readChain(lines, at, prefix);
	const rich = richHeader.exec(line);
	if (rich) return readRich(lines, at);
	const crash = fatal.exec(line);
	if (crash) return readCrash(lines, at, crash[2] ?? line);
	return readSyntaxError(lines, at);
}

/** Before anything dearer is tried: may an error begin with this line? */
export function mayBegin(line: string): boolean {
	return line.includes("Traceback (most recent call last)") || line.includes("Fatal Python") || isFrame(line);
}

const isFrame = (line: string) => /^ {2}File "[^"]+", line \d+$/.test(line);

/** Lines as one process printed them: without what its launcher puts before each, and without other processes' lines. */
class Reader {
	readonly #same: RegExp;

	constructor(
		private readonly lines: readonly string[],
		private readonly prefix: string,
	) {
		// A prefix that holds a time is another on each line.
		const escaped = prefix.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
		const hasTime = (prefix.match(/\d/g) ?? []).length >= 6;
		this.#same = new RegExp(`^${hasTime ? escaped.replace(/\d+/g, "\\d+") : escaped}`);
	}

	/** Null for a line of another process. */
	at(at: number): string | null {
		const line = this.lines[at];
		if (line === undefined) return null;
		if (this.prefix === "") return line;
		const [own] = this.#same.exec(line) ?? [];
		if (own !== undefined) return line.slice(own.length);
		// Launchers trim an empty line's prefix.
		return line.trim() !== "" && this.prefix.trim().startsWith(line.trim()) ? "" : null;
	}

	/** The next own line from there on; its index, or null at the end. A launcher's lines are mixed with its others' ones. */
	next(from: number): number | null {
		const last = Math.min(this.lines.length, this.prefix === "" ? from + 1 : from + strangeLines);
		for (let at = from; at < last; at++) if (this.at(at) !== null) return at;
		return null;
	}
}

type Frames = (LogFrame & { readonly atLine: number })[];

function readChain(lines: readonly string[], fromLine: number, prefix: string): Traceback {
	const reader = new Reader(lines, prefix);
	const frames: Frames = [];
	let error = "";
	let toLine = fromLine;
	for (let begin: number | null = fromLine; begin !== null; ) {
		const part = readPart(reader, lines, begin, frames);
		error = part.error || error;
		toLine = part.toLine;
		begin = nextOfChain(reader, toLine);
	}
	return { fromLine, toLine, error, frames };
}

/** One traceback: its frames, which are indented, and then the error with its message. */
function readPart(
	reader: Reader,
	lines: readonly string[],
	begin: number,
	frames: Frames,
): { readonly error: string; readonly toLine: number } {
	let toLine = begin;
	for (let at = reader.next(begin + 1); at !== null; at = reader.next(at + 1)) {
		const text = reader.at(at) ?? "";
		const frame = readFrame(lines[at] ?? "");
		if (frame && /^\s/.test(text)) frames.push({ ...frame, atLine: at });
		if (/^\s|^$/.test(text)) {
			toLine = at;
			continue;
		}
		return readMessage(reader, lines, at, text, frames);
	}
	return { error: "", toLine };
}

/** A message may have several lines; one of a data loader's worker holds the worker's own traceback. */
function readMessage(
	reader: Reader,
	lines: readonly string[],
	from: number,
	error: string,
	frames: Frames,
): { readonly error: string; readonly toLine: number } {
	let toLine = from;
	for (let at = reader.next(from + 1); at !== null && at <= from + messageLines; at = reader.next(at + 1)) {
		const text = reader.at(at) ?? "";
		if (ofWorker.test(text)) {
			const inner = readPart(reader, lines, at, frames);
			return { error: inner.error || error, toLine: inner.toLine };
		}
		if (!isMore.test(text)) break;
		toLine = at;
	}
	return { error, toLine };
}

/** Where the next traceback of a chain begins: after a blank line, the words that join the two, and another blank line. */
function nextOfChain(reader: Reader, after: number): number | null {
	const word = nextWritten(reader, after + 1);
	if (word === null || !chained.test((reader.at(word) ?? "").trim())) return null;
	const begin = nextWritten(reader, word + 1);
	return begin !== null && header.test(reader.at(begin) ?? "") ? begin : null;
}

function nextWritten(reader: Reader, from: number): number | null {
	let at = reader.next(from);
	for (let blank = 0; at !== null && blank < 3 && (reader.at(at) ?? "").trim() === ""; blank++) {
		at = reader.next(at + 1);
	}
	return at;
}

function framesBetween(lines: readonly string[], from: number, to: number): Frames {
	const frames: Frames = [];
	for (let at = from; at <= to; at++) {
		const frame = readFrame((lines[at] ?? "").replace(/^[\s|+]+(?=File ")/, (drawn) => " ".repeat(drawn.length)));
		if (frame) frames.push({ ...frame, atLine: at });
	}
	return frames;
}

function readGroup(lines: readonly string[], fromLine: number): Traceback {
	let toLine = fromLine;
	let error = "";
	while (/^\s*[|+]/.test(lines[toLine + 1] ?? "")) {
		toLine++;
		error ||= /^\s*\| ([A-Za-z_][\w.]*: .*)$/.exec(lines[toLine] ?? "")?.[1] ?? "";
	}
	return { fromLine, toLine, error, frames: framesBetween(lines, fromLine, toLine) };
}

function readRich(lines: readonly string[], fromLine: number): Traceback {
	let toLine = fromLine;
	while (/[│╰]/.test(lines[toLine + 1] ?? "") && !/╰/.test(lines[toLine] ?? "")) toLine++;
	const error = lines[toLine + 1] ?? "";
	const hasError = error.trim() !== "" && !record.test(error);
	const frames = framesBetween(lines, fromLine, toLine);
	return { fromLine, toLine: hasError ? toLine + 1 : toLine, error: hasError ? error.trim() : "", frames };
}

/** faulthandler tells the current thread first, with the innermost frame first, then the others. */
function readCrash(lines: readonly string[], fromLine: number, error: string): Traceback {
	let toLine = fromLine;
	let hasFrames = false;
	for (let at = fromLine + 1; at < lines.length; at++) {
		const line = lines[at] ?? "";
		const isPart =
			line.trim() === "" ? !hasFrames : /^\s+File "|^(Current )?[Tt]hread |^Python runtime state/.test(line);
		if (!isPart) break;
		hasFrames ||= readFrame(line) !== null;
		if (line.trim() !== "") toLine = at;
	}
	return { fromLine, toLine, error, frames: framesBetween(lines, fromLine, toLine).reverse() };
}

function readSyntaxError(lines: readonly string[], fromLine: number): Traceback | null {
	if (!isFrame(lines[fromLine] ?? "")) return null;
	for (let at = fromLine + 1; at <= fromLine + 4; at++) {
		const line = lines[at] ?? "";
		if (bareSyntaxError.test(line)) {
			return { fromLine, toLine: at, error: line, frames: framesBetween(lines, fromLine, at) };
		}
	}
	return null;
}
