/** Deeper nesting is indented no further: a line for each of a million brackets must not be a million wide. */
const maxIndent = 40;

/**
 * JSON text with its own line breaks and indents replaced. Nothing else changes: numbers keep their digits, `NaN` (which Python writes)
 * stays, and text that is cut off or no JSON comes out readable as far as it goes.
 */
export function indentJson(text: string): string {
	const parts: string[] = [];
	let depth = 0;
	const newLine = () => `\n${"  ".repeat(Math.min(depth, maxIndent))}`;
	let at = 0;
	while (at < text.length) {
		const char = text[at] ?? "";
		if (char === '"') {
			const end = endOfString(text, at);
			parts.push(text.slice(at, end));
			at = end;
			continue;
		}
		at++;
		if (char === "{" || char === "[") {
			const closing = nextSolid(text, at);
			if (text[closing] === (char === "{" ? "}" : "]")) {
				parts.push(char, text[closing] ?? "");
				at = closing + 1;
			} else {
				depth++;
				parts.push(char, newLine());
			}
		} else if (char === "}" || char === "]") {
			depth = Math.max(0, depth - 1);
			parts.push(newLine(), char);
		} else if (char === ",") parts.push(char, newLine());
		else if (char === ":") parts.push(": ");
		else if (!isSpace(char)) {
			let end = at;
			while (end < text.length && !isSpace(text[end] ?? "") && !'{}[],:"'.includes(text[end] ?? "")) end++;
			parts.push(text.slice(at - 1, end));
			at = end;
		}
	}
	return parts.join("");
}

function endOfString(text: string, from: number): number {
	for (let at = from + 1; at < text.length; at++) {
		if (text[at] === "\\") at++;
		else if (text[at] === '"') return at + 1;
	}
	return text.length;
}

function nextSolid(text: string, from: number): number {
	let at = from;
	while (at < text.length && isSpace(text[at] ?? "")) at++;
	return at;
}

function isSpace(char: string): boolean {
	return char === " " || char === "\n" || char === "\r" || char === "\t";
}
