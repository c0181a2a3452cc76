/** What a JSON value consists of: `path: type` of every part, sorted; members of a list are alike. */
export function shapeOf(value: unknown, path = ""): readonly string[] {
	if (Array.isArray(value))
		return [...new Set([`${path}: list`, ...value.flatMap((each) => shapeOf(each, `${path}[]`))])];
	if (typeof value !== "object" || value === null) return [`${path}: ${value === null ? "null" : typeof value}`];
	const parts = Object.entries(value).flatMap(([key, part]) => shapeOf(part, `${path}.${key}`));
	return [...new Set([`${path}: object`, ...parts])].sort();
}

/** Reads JSON of which the end may be missing: what is complete of it. */
export function parseStart(text: string): { readonly value: unknown; readonly isWhole: boolean } {
	try {
		return { value: JSON.parse(text), isWhole: true };
	} catch {
		return { value: JSON.parse(closed(text)), isWhole: false };
	}
}

/** Cut after the last complete member, with what is still open closed. */
function closed(text: string): string {
	const open: string[] = [];
	let best = "";
	let inText = false;
	for (let at = 0; at < text.length; at++) {
		const letter = text[at];
		if (inText) {
			if (letter === "\\") at++;
			else if (letter === '"') inText = false;
		} else if (letter === '"') inText = true;
		else if (letter === "{" || letter === "[") open.push(letter === "{" ? "}" : "]");
		else if (letter === "}" || letter === "]") open.pop();
		else if (letter === ",") best = text.slice(0, at) + open.toReversed().join("");
	}
	return best;
}
