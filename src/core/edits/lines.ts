/** Lines with their own ends, as an editor counts them: LF, CRLF and a lone CR each end one. Joined they are the text again. */
export function splitLines(text: string): readonly string[] {
	return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}

/** Lines that came from several texts: one that ended its text without a line end gets one where others follow. */
export function joinLines(lines: readonly string[], lineEnd: string): string {
	const last = lines.length - 1;
	return lines.map((line, index) => (index < last && !/[\r\n]$/.test(line) ? line + lineEnd : line)).join("");
}

/** The line end that most lines have; LF where there is none. */
export function lineEndOf(text: string): "\r\n" | "\n" {
	const all = text.split("\n").length - 1;
	const windows = text.split("\r\n").length - 1;
	return windows * 2 > all ? "\r\n" : "\n";
}

export function hasMixedLineEnds(text: string): boolean {
	const kinds = new Set(text.match(/\r\n|\n|\r/g));
	return kinds.size > 1;
}

/** Every line of the text ends as given; a last line without an end stays so. */
export function withLineEnd(text: string, lineEnd: string): string {
	return text.replace(/\r\n|\n|\r/g, lineEnd);
}

/** Tells texts apart, 53 bits (cyrb53, public domain, by bryc); no protection against who wants two to be the same. */
export function textHash(text: string): string {
	let [high, low] = [0xdeadbeef, 0x41c6ce57];
	for (let index = 0; index < text.length; index++) {
		const unit = text.charCodeAt(index);
		high = Math.imul(high ^ unit, 2654435761);
		low = Math.imul(low ^ unit, 1597334677);
	}
	high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
	low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
	return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}
