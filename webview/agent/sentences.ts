/**
 * What of an answer is new and whole enough to be spoken: sentences and lines that have ended, code left out. `from` is how
 * much was spoken before; `isDone` says that no more comes.
 */
export function spokenSince(
	text: string,
	from: number,
	isDone: boolean,
): { readonly words: string; readonly to: number } {
	const to = isDone ? text.length : endOfSentences(text, from);
	const said = withoutCode(text, from, to)
		.replace(/[#*_`>|]+/g, " ")
		.replace(/\s+/g, " ")
		.trim();
	return { words: said, to };
}

function endOfSentences(text: string, from: number): number {
	let to = from;
	for (const match of text.slice(from).matchAll(/[.!?:](?=\s)|\n/g)) to = from + match.index + match[0].length;
	return to;
}

function withoutCode(text: string, from: number, to: number): string {
	let isCode = (text.slice(0, from).match(/^ {0,3}```/gm)?.length ?? 0) % 2 === 1;
	const spoken: string[] = [];
	for (const line of text.slice(from, to).split("\n")) {
		if (/^ {0,3}```/.test(line)) {
			if (!isCode) spoken.push("Code.");
			isCode = !isCode;
		} else if (!isCode) spoken.push(line);
	}
	return spoken.join("\n");
}
