export type YamlScalar = string | number | boolean | null;
export type FlatYaml = ReadonlyMap<string, YamlScalar>;

/**
 * MLflow's own `meta.yaml`, as PyYAML writes it: one level of `key: scalar`, plain, single or double quoted, folded over
 * several lines where long. Null for anything else, which is for a whole YAML parser. `[]` and `{}` read as null.
 */
export function parseFlatYaml(text: string): FlatYaml | null {
	// MLflow writes no such thing, and patterns would take their time over it.
	if (/[ \t]{200}/.test(text)) return null;
	const found = new Map<string, YamlScalar>();
	let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
	while (at < text.length) {
		const lineEnd = endOfLine(text, at);
		const first = text[at];
		if (first === "\n" || first === "\r" || first === "#") {
			at = lineEnd + 1;
			continue;
		}
		const colon = text.indexOf(":", at);
		if (colon < 0 || colon >= lineEnd || !/^[A-Za-z_]\w*$/.test(text.slice(at, colon))) return null;
		const scalar = readScalar(text, colon + 1, lineEnd);
		if (scalar === null) return null;
		found.set(text.slice(at, colon), scalar.value);
		at = scalar.next;
	}
	return found;
}

interface Read {
	readonly value: YamlScalar;
	/** Start of the line after the scalar. */
	readonly next: number;
}

function readScalar(text: string, afterColon: number, lineEnd: number): Read | null {
	let at = afterColon;
	while (text[at] === " ") at++;
	if (at >= lineEnd || text[at] === "\r")
		return nextLineOfScalar(text, lineEnd) >= 0 ? null : { value: null, next: lineEnd + 1 };
	if (at === afterColon) return null;
	const first = text[at];
	if (first === "'" || first === '"') return readQuoted(text, at, first);
	return readPlain(text, at, lineEnd);
}

function readPlain(text: string, start: number, firstEnd: number): Read | null {
	let end = firstEnd;
	for (let next = nextLineOfScalar(text, end); next >= 0; next = nextLineOfScalar(text, end))
		end = endOfLine(text, next);
	const written = withoutTrailingBlanks(text.slice(start, end));
	if (written === "[]" || written === "{}") return { value: null, next: end + 1 };
	if (/^[[\]{},&*!|>%@`?-](?![\w./])/.test(written) || /^[[\]{},&*!|>%@`]/.test(written)) return null;
	if (/(^|[ \t\n])#/.test(written) || /:([ \t\r\n]|$)/.test(written)) return null;
	return { value: end === firstEnd ? resolvePlain(written) : fold(written), next: end + 1 };
}

/** A plain scalar by YAML 1.1's rules; PyYAML quotes a text that could be taken for something else. */
function resolvePlain(text: string): YamlScalar {
	if (/^(~|null|Null|NULL)$/.test(text)) return null;
	if (/^[-+]?(0|[1-9][0-9]*)$/.test(text)) return Number(text);
	if (/^(true|True|TRUE|yes|Yes|YES|on|On|ON)$/.test(text)) return true;
	if (/^(false|False|FALSE|no|No|NO|off|Off|OFF)$/.test(text)) return false;
	if (/^[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+][0-9]+)?$/.test(text)) return Number(text);
	return text;
}

function readQuoted(text: string, start: number, quote: "'" | '"'): Read | null {
	const end = endOfQuoted(text, start + 1, quote);
	if (end < 0) return null;
	const lineEnd = endOfLine(text, end);
	if (withoutTrailingBlanks(text.slice(end + 1, lineEnd)) !== "" || nextLineOfScalar(text, lineEnd) >= 0) return null;
	const inner = text.slice(start + 1, end);
	const value = quote === "'" ? fold(inner).replaceAll("''", "'") : readEscapes(inner);
	return value === null ? null : { value, next: lineEnd + 1 };
}

function endOfQuoted(text: string, start: number, quote: "'" | '"'): number {
	for (let at = start; at < text.length; at++) {
		if (text[at] === "\\" && quote === '"') at++;
		else if (text[at] === quote) {
			if (quote === '"' || text[at + 1] !== "'") return at;
			at++;
		}
	}
	return -1;
}

/** Line breaks inside a scalar: one is a space, n + 1 of them are n newlines. */
function fold(text: string): string {
	return text.replace(/[ \t]*(\r?\n)((?:[ \t]*\r?\n)*)[ \t]*/g, (_, _first: string, rest: string) => {
		const blankLines = rest.split("\n").length - 1;
		return blankLines === 0 ? " " : "\n".repeat(blankLines);
	});
}

const escapes: Readonly<Record<string, string>> = {
	"0": "\0",
	a: "\x07",
	b: "\b",
	t: "\t",
	"\t": "\t",
	n: "\n",
	v: "\v",
	f: "\f",
	r: "\r",
	e: "\x1b",
	" ": " ",
	'"': '"',
	"/": "/",
	"\\": "\\",
	N: "\x85",
	_: "\xa0",
	L: "\u2028",
	P: "\u2029",
};

/** The text of a double-quoted scalar; null where an escape is none. Folding comes first: an escaped newline stays. */
function readEscapes(inner: string): string | null {
	let isSound = true;
	const pattern =
		/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|\r?\n[ \t]*|([\s\S]))|[ \t]*\r?\n(?:[ \t]*\r?\n)*[ \t]*/g;
	const text = inner.replace(pattern, (all, x?: string, u?: string, long?: string, single?: string) => {
		if (!all.startsWith("\\")) return fold(all);
		const hex = x ?? u ?? long;
		if (hex !== undefined) {
			const code = Number.parseInt(hex, 16);
			if (code <= 0x10ffff) return String.fromCodePoint(code);
		} else if (single === undefined) return "";
		const known = single === undefined ? undefined : escapes[single];
		if (known === undefined) isSound = false;
		return known ?? "";
	});
	return isSound ? text : null;
}

/** YAML's blanks are fewer than JavaScript's. */
function withoutTrailingBlanks(text: string): string {
	let end = text.length;
	while (end > 0 && isBlank(text[end - 1])) end--;
	return text.slice(0, end);
}

function isBlank(char: string | undefined): boolean {
	return char === " " || char === "\t" || char === "\r" || char === "\n";
}

function endOfLine(text: string, at: number): number {
	const found = text.indexOf("\n", at);
	return found < 0 ? text.length : found;
}

/** Where the next line of the same scalar begins (it is indented; blank ones may come before it); -1 where there is none. */
function nextLineOfScalar(text: string, lineEnd: number): number {
	let at = lineEnd + 1;
	while (text[at] === "\n" || text[at] === "\r") at++;
	return at < text.length && (text[at] === " " || text[at] === "\t") ? at : -1;
}
