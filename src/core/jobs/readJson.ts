/** GitHub's and AWS's own documents are about ten levels deep. */
const deepest = 200;
/** As many digits as may no longer be exact as a number. */
const manyDigits = 16;

const mark = {
	quote: 34,
	backslash: 92,
	openList: 91,
	closeList: 93,
	openObject: 123,
	closeObject: 125,
	zero: 48,
	nine: 57,
};

/**
 * JSON with whole numbers beyond 2^53 kept as texts, so that no id loses its last digits. Throws a `SyntaxError` when the
 * text is not JSON or is nested deeper than anybody means it.
 */
export function readJson(text: string): unknown {
	return hasLongNumber(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

function keepDigits(_: string, value: unknown, context?: { readonly source?: string }): unknown {
	const isLarge = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
	return isLarge && context?.source && /^-?\d+$/.test(context.source) ? context.source : value;
}

/** One look over the text, before anything recurses into it. */
function hasLongNumber(text: string): boolean {
	let depth = 0;
	let digits = 0;
	let isLong = false;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code >= mark.zero && code <= mark.nine) {
			if (++digits >= manyDigits) isLong = true;
			continue;
		}
		digits = 0;
		if (code === mark.quote) at = endOfString(text, at);
		else if (code === mark.openList || code === mark.openObject) {
			if (++depth > deepest) throw new SyntaxError(`nested deeper than ${deepest} levels`);
		} else if (code === mark.closeList || code === mark.closeObject) depth--;
	}
	return isLong;
}

/** Most of a document is inside of strings: the engine's own search is many times quicker than a look at each letter. */
function endOfString(text: string, start: number): number {
	for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
		let slashes = 0;
		while (text.charCodeAt(at - 1 - slashes) === mark.backslash) slashes++;
		if (slashes % 2 === 0) return at;
	}
	return text.length;
}
