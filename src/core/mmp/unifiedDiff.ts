/** Lines kept around a change, as diff has them. */
const contextLines = 3;
/** More lines are not compared pair by pair: the old ones go, the new ones come. */
const mostLines = 2_000;

type Mark = " " | "-" | "+";

/** A change to one file as a unified diff (`before` null: the file is new); empty where nothing changes. */
export function toUnifiedDiff(path: string, before: string | null, after: string): string {
	if (before === after) return "";
	const marked = compare(toLines(before ?? ""), toLines(after));
	const header = `--- ${before === null ? "/dev/null" : `a/${path}`}\n+++ b/${path}\n`;
	return header + toHunks(marked).join("");
}

function toLines(text: string): readonly string[] {
	if (text === "") return [];
	const lines = text.split("\n");
	if (lines.at(-1) === "") lines.pop();
	else lines.push(`${lines.pop()}\n\\ No newline at end of file`);
	return lines;
}

/** By the longest common subsequence. */
function compare(before: readonly string[], after: readonly string[]): readonly (readonly [Mark, string])[] {
	if (before.length > mostLines || after.length > mostLines) {
		return [...before.map((line) => ["-", line] as const), ...after.map((line) => ["+", line] as const)];
	}
	const width = after.length + 1;
	const common = new Uint16Array((before.length + 1) * width);
	const at = (b: number, a: number) => common[b * width + a] ?? 0;
	for (let b = before.length - 1; b >= 0; b--) {
		for (let a = after.length - 1; a >= 0; a--) {
			common[b * width + a] = before[b] === after[a] ? at(b + 1, a + 1) + 1 : Math.max(at(b + 1, a), at(b, a + 1));
		}
	}
	const marked: (readonly [Mark, string])[] = [];
	let b = 0;
	let a = 0;
	while (b < before.length || a < after.length) {
		const old = before[b];
		const fresh = after[a];
		if (old !== undefined && old === fresh) {
			marked.push([" ", old]);
			b++;
			a++;
		} else if (old !== undefined && (fresh === undefined || at(b + 1, a) >= at(b, a + 1))) {
			marked.push(["-", old]);
			b++;
		} else {
			marked.push(["+", fresh ?? ""]);
			a++;
		}
	}
	return marked;
}

function toHunks(marked: readonly (readonly [Mark, string])[]): readonly string[] {
	const isNear = marked.map((_, index) =>
		marked.slice(Math.max(0, index - contextLines), index + contextLines + 1).some(([mark]) => mark !== " "),
	);
	const hunks: string[] = [];
	let [oldLine, newLine] = [0, 0];
	for (let index = 0; index < marked.length; ) {
		const start = index;
		while (index < marked.length && isNear[index]) index++;
		const lines = marked.slice(start, index);
		if (lines.length > 0) {
			const [olds, news] = [countOf(lines, "-"), countOf(lines, "+")];
			const range = (line: number, count: number) => `${count === 0 ? line : line + 1},${count}`;
			hunks.push(`@@ -${range(oldLine, olds)} +${range(newLine, news)} @@\n`);
			hunks.push(lines.map(([mark, line]) => `${mark}${line}\n`).join(""));
			oldLine += olds;
			newLine += news;
		} else {
			oldLine++;
			newLine++;
			index++;
		}
	}
	return hunks;
}

function countOf(lines: readonly (readonly [Mark, string])[], side: "-" | "+"): number {
	return lines.filter(([mark]) => mark === " " || mark === side).length;
}
