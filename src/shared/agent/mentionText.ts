/**
 * Mentions as they are typed and kept in a prompt's text: `@run:warm-fox-12`, `@metric:val/loss[1200..1500]`, `@job/last-error`,
 * `@diff:9f8e7d6..a1b2c3d`, `@file:train.py#10-20`. A name that is not one word stands in double quotes, as JSON writes it.
 */
export type MentionRef =
	| { readonly kind: "run"; readonly name: string }
	| {
			readonly kind: "metric";
			readonly metric: string;
			/** The run's name; null: of the runs that are ticked. */
			readonly run: string | null;
			/** Inclusive; null: from the first, to the last. */
			readonly fromStep: number | null;
			readonly toStep: number | null;
	  }
	/** `id` null: the job that the conversation is about. */
	| { readonly kind: "job" | "jobError"; readonly id: string | null }
	| { readonly kind: "diff"; readonly base: string; readonly other: string }
	/** Lines from 1, inclusive. */
	| { readonly kind: "file"; readonly path: string; readonly fromLine: number | null; readonly toLine: number | null }
	| { readonly kind: "folder"; readonly path: string }
	| { readonly kind: "selection"; readonly path: string; readonly fromLine: number; readonly toLine: number };

export interface MentionSpan {
	readonly ref: MentionRef;
	/** Of the text, in UTF-16 units; `end` is after the last. */
	readonly start: number;
	readonly end: number;
}

/** One word: it ends before what ends a sentence, and never has two dots in a row, which separate what is named. */
const word = String.raw`\.?[\p{L}\p{N}_/+=-]+(?:\.[\p{L}\p{N}_/+=-]+)*`;
const quoted = String.raw`"(?:[^"\\\n]|\\.)*"`;
const name = `(?:${quoted}|${word})`;
/** As JavaScript prints a number, so that each is read as it was written. */
const number = String.raw`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;

const patterns: readonly (readonly [RegExp, (groups: Record<string, string | undefined>) => MentionRef | null])[] = [
	[pattern(`run:(?<name>${name})`), ({ name }) => ({ kind: "run", name: read(name) })],
	[
		pattern(String.raw`metric:(?<name>${name})(?:\[(?<from>${number})?\.\.(?<to>${number})?\])?(?::(?<run>${name}))?`),
		({ name, from, to, run }) => ({
			kind: "metric",
			metric: read(name),
			run: run === undefined ? null : read(run),
			fromStep: from === undefined ? null : Number(from),
			toStep: to === undefined ? null : Number(to),
		}),
	],
	[
		pattern(String.raw`job(?::(?<id>${quoted}|[\p{L}\p{N}_+=-]+))?(?<error>\/last-error)?(?![\p{L}\p{N}_/:-])`),
		({ id, error }) => ({ kind: error ? "jobError" : "job", id: id === undefined ? null : read(id) }),
	],
	[
		pattern(String.raw`diff:(?<base>${name})\.\.(?<other>${name})`),
		({ base, other }) => ({ kind: "diff", base: read(base), other: read(other) }),
	],
	[
		pattern(String.raw`(?<kind>file|selection):(?<path>${name})(?:#(?<from>\d{1,9})(?:-(?<to>\d{1,9}))?)?`),
		({ kind, path, from, to }) => {
			const fromLine = from === undefined ? null : Number(from);
			const toLine = to === undefined ? fromLine : Number(to);
			if (kind === "file") return { kind, path: read(path), fromLine, toLine };
			if (fromLine === null || toLine === null) return null;
			return { kind: "selection", path: read(path), fromLine, toLine };
		},
	],
	[pattern(`folder:(?<path>${name})`), ({ path }) => ({ kind: "folder", path: read(path) })],
];

/** The mentions of a text, in order. What looks like none, an address of e-mail or a half-typed one, stays text. */
export function parseMentions(text: string): readonly MentionSpan[] {
	const found: MentionSpan[] = [];
	for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at)) {
		const span = isAtStart(text, at) ? mentionAt(text, at) : null;
		if (span) found.push(span);
		at = span ? span.end : at + 1;
	}
	return found;
}

/** As `parseMentions` reads it. */
export function printMention(ref: MentionRef): string {
	switch (ref.kind) {
		case "run":
			return `@run:${write(ref.name)}`;
		case "metric": {
			const window = ref.fromStep === null && ref.toStep === null ? "" : `[${ref.fromStep ?? ""}..${ref.toStep ?? ""}]`;
			return `@metric:${write(ref.metric)}${window}${ref.run === null ? "" : `:${write(ref.run)}`}`;
		}
		case "job":
		case "jobError": {
			const id = ref.id === null ? "" : `:${writeJobId(ref.id)}`;
			return `@job${id}${ref.kind === "jobError" ? "/last-error" : ""}`;
		}
		case "diff":
			return `@diff:${write(ref.base)}..${write(ref.other)}`;
		case "file":
		case "selection":
			return `@${ref.kind}:${write(ref.path)}${writeLines(ref.fromLine, ref.toLine)}`;
		case "folder":
			return `@folder:${write(ref.path)}`;
	}
}

/** The unfinished mention that ends at `caret`, with its `@`; null where none is being typed. */
export function mentionBeing(text: string, caret: number): { readonly start: number; readonly query: string } | null {
	const at = text.lastIndexOf("@", caret - 1);
	if (at === -1 || !isAtStart(text, at)) return null;
	const query = text.slice(at + 1, caret);
	const isOpenQuote = (query.match(/"/g)?.length ?? 0) % 2 === 1;
	return /\n/.test(query) || (/\s/.test(query) && !isOpenQuote) ? null : { start: at, query };
}

function pattern(source: string): RegExp {
	return new RegExp(`@${source}`, "uy");
}

function mentionAt(text: string, start: number): MentionSpan | null {
	for (const [expression, toRef] of patterns) {
		expression.lastIndex = start;
		const match = expression.exec(text);
		const ref = match && toRef(match.groups ?? {});
		if (match && ref) return { ref, start, end: start + match[0].length };
	}
	return null;
}

function isAtStart(text: string, at: number): boolean {
	return at === 0 || !/[\p{L}\p{N}_@"]/u.test(text[at - 1] ?? "");
}

function read(written: string | undefined): string {
	if (!written?.startsWith('"')) return written ?? "";
	try {
		return String(JSON.parse(written));
	} catch {
		// An escape that JSON has not: as it stands.
		return written.slice(1, -1);
	}
}

function write(text: string): string {
	return new RegExp(`^${word}$`, "u").test(text) ? text : JSON.stringify(text);
}

function writeJobId(id: string): string {
	return /^[\p{L}\p{N}_+=-]+$/u.test(id) ? id : JSON.stringify(id);
}

function writeLines(from: number | null, to: number | null): string {
	if (from === null) return "";
	return to === null || to === from ? `#${from}` : `#${from}-${to}`;
}
