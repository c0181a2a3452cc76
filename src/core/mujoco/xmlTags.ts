/** A start tag of an XML file. */
export interface XmlTag {
	readonly name: string;
	readonly attributes: ReadonlyMap<string, string>;
	/** From 1. */
	readonly line: number;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * The start tags of a text, in order. What is broken is passed over: MuJoCo reads the same text and says what is wrong with it.
 * Takes time in proportion to the text, whatever it holds.
 */
export function* xmlTags(text: string): Generator<XmlTag> {
	let line = 1;
	let counted = 0;
	const lineAt = (offset: number): number => {
		for (; counted < offset; counted++) if (text.charCodeAt(counted) === 10) line++;
		return line;
	};
	for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
		const skipped = endOfSkipped(text, at);
		if (skipped !== null) {
			at = skipped;
			continue;
		}
		const end = endOfTag(text, at + 1);
		const tag = parseTag(text.slice(at + 1, end));
		if (tag) yield { ...tag, line: lineAt(at) };
		at = end;
	}
}

const skips = [
	["<!--", "-->"],
	["<![CDATA[", "]]>"],
	["<?", "?>"],
	["<!", ">"],
	["</", ">"],
] as const;

/** Where a comment or the like that begins here ends; null where none begins. */
function endOfSkipped(text: string, at: number): number | null {
	for (const [open, close] of skips) {
		if (!text.startsWith(open, at)) continue;
		const end = text.indexOf(close, at + open.length);
		return end < 0 ? text.length : end + close.length;
	}
	return null;
}

/** The `>` that is in no quotes. */
function endOfTag(text: string, from: number): number {
	let quote = "";
	for (let at = from; at < text.length; at++) {
		const char = text[at] ?? "";
		if (quote !== "") {
			if (char === quote) quote = "";
		} else if (char === '"' || char === "'") quote = char;
		else if (char === ">") return at;
	}
	return text.length;
}

function parseTag(inner: string): Omit<XmlTag, "line"> | null {
	const name = /^[\w:.-]{1,100}/.exec(inner)?.[0];
	if (name === undefined) return null;
	const attributes = new Map<string, string>();
	for (const [, key = "", double, single] of inner.matchAll(/([\w:.-]{1,100})\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
		attributes.set(key, decoded(double ?? single ?? ""));
	}
	return { name, attributes };
}

function decoded(text: string): string {
	return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,6}));/gi, (whole, decimal, hex, name) => {
		if (name !== undefined) return entities[name] ?? whole;
		const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
		return point > 0x10ffff ? whole : String.fromCodePoint(point);
	});
}
