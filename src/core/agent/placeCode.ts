/**
 * A file with a code block of an answer in it. A block is seldom the whole file: it takes the place of what it is a new
 * version of, found by its first and last line, or by the one definition that it is of. Null where that is not certain:
 * nothing is guessed into a file.
 */
export function placeCode(text: string, code: string): string | null {
	const end = text.includes("\r\n") ? "\r\n" : "\n";
	const lines = text.split(/\r?\n/);
	const block = code.replace(/\s+$/, "").split(/\r?\n/);
	if (text.trim() === "") return `${block.join(end)}${end}`;
	const found = betweenEnds(lines, block) ?? ofDefinition(lines, block);
	if (!found) return null;
	const indent = indentOf(lines[found.from] ?? "").slice(indentOf(block[0] ?? "").length);
	const placed = block.map((line) => (line === "" ? line : indent + line));
	return [...lines.slice(0, found.from), ...placed, ...lines.slice(found.to)].join(end);
}

interface Lines {
	readonly from: number;
	/** After the last. */
	readonly to: number;
}

/** Its first and its last line are each in the file once, in this order. */
function betweenEnds(lines: readonly string[], block: readonly string[]): Lines | null {
	const [first, last] = [block[0]?.trim(), block.at(-1)?.trim()];
	if (!first || !last || block.length < 2) return null;
	const from = onlyPlace(lines, first);
	const to = onlyPlace(lines, last);
	return from !== null && to !== null && from < to ? { from, to: to + 1 } : null;
}

const definition = /^\s*(?:(?:async|export|public|static)\s+)*(?:def|class|function)\s+([\p{L}_][\p{L}\p{N}_]*)/u;

/** It is one definition, and the file has one of that kind and name: all that is indented below it goes. */
function ofDefinition(lines: readonly string[], block: readonly string[]): Lines | null {
	const head = block.find((line) => line.trim() !== "" && !/^\s*[@#/]/.test(line)) ?? "";
	const name = definition.exec(head)?.[1];
	const isOne =
		block.filter((line) => definition.test(line) && indentOf(line).length <= indentOf(head).length).length === 1;
	if (name === undefined || !isOne) return null;
	const places = lines.flatMap((line, at) => (definition.exec(line)?.[1] === name ? [at] : []));
	const [at] = places;
	if (at === undefined || places.length !== 1) return null;
	const depth = indentOf(lines[at] ?? "").length;
	let to = at + 1;
	for (let i = at + 1; i < lines.length; i++) {
		const line = lines[i] ?? "";
		if (line.trim() === "") continue;
		const closes = /^\s*[)}\]]/.test(line) && indentOf(line).length === depth;
		if (indentOf(line).length <= depth && !closes) break;
		to = i + 1;
	}
	let from = at;
	// Its decorators come with it where the block has some of its own.
	if (/^\s*@/.test(block[0] ?? "")) while (/^\s*@/.test(lines[from - 1] ?? "")) from--;
	return { from, to };
}

function onlyPlace(lines: readonly string[], wanted: string): number | null {
	const places = lines.flatMap((line, at) => (line.trim() === wanted ? [at] : []));
	return places.length === 1 ? (places[0] ?? null) : null;
}

function indentOf(line: string): string {
	return /^[ \t]*/.exec(line)?.[0] ?? "";
}
