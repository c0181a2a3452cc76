import { diffLines, type LineChange } from "./lineDiff";
import { splitLines } from "./lines";

/** Lines kept around a change, as diff has them. */
const contextLines = 3;

/** A change to one file as a unified diff; null where the file is not there. Empty where nothing changes. */
export function toPatch(path: string, before: string | null, after: string | null, from = path): string {
	const [olds, news] = [splitLines(before ?? ""), splitLines(after ?? "")];
	const changes = diffLines(olds, news);
	if (changes.length === 0 && from === path && (before === null) === (after === null)) return "";
	const header = [
		`--- ${before === null ? "/dev/null" : `a/${from}`}\n`,
		`+++ ${after === null ? "/dev/null" : `b/${path}`}\n`,
	];
	return [...header, ...near(changes).map((group) => hunkText(group, olds, news))].join("");
}

/** Lines of the change itself, without what stands around it: for a hover. */
export function changedLines(
	before: readonly string[],
	after: readonly string[],
	changes: readonly LineChange[],
): string {
	return changes
		.flatMap(({ oldStart, oldEnd, newStart, newEnd }, index) => {
			const kept =
				index === 0 ? [] : before.slice(changes[index - 1]?.oldEnd, oldStart).map((line) => marked(" ", line));
			return [
				...kept,
				...before.slice(oldStart, oldEnd).map((line) => marked("-", line)),
				...after.slice(newStart, newEnd).map((line) => marked("+", line)),
			];
		})
		.join("");
}

function near(changes: readonly LineChange[]): readonly (readonly LineChange[])[] {
	const groups: LineChange[][] = [];
	for (const change of changes) {
		const last = groups.at(-1);
		if (last && change.oldStart - (last.at(-1)?.oldEnd ?? 0) <= 2 * contextLines) last.push(change);
		else groups.push([change]);
	}
	return groups;
}

function hunkText(group: readonly LineChange[], olds: readonly string[], news: readonly string[]): string {
	const [first, last] = [group[0], group.at(-1)];
	if (!first || !last) return "";
	const lead = Math.min(contextLines, first.oldStart);
	const trail = Math.min(contextLines, olds.length - last.oldEnd);
	const oldStart = first.oldStart - lead;
	const [oldCount, newCount] = [last.oldEnd + trail - oldStart, last.newEnd + trail - (first.newStart - lead)];
	const range = (start: number, count: number) => `${count === 0 ? start : start + 1},${count}`;
	const context = (start: number, end: number) =>
		olds
			.slice(start, end)
			.map((line) => marked(" ", line))
			.join("");
	return [
		`@@ -${range(oldStart, oldCount)} +${range(first.newStart - lead, newCount)} @@\n`,
		context(oldStart, first.oldStart),
		changedLines(olds, news, group),
		context(last.oldEnd, last.oldEnd + trail),
	].join("");
}

function marked(mark: string, line: string): string {
	const text = line.replace(/[\r\n]+$/, "");
	return text === line ? `${mark}${line}\n\\ No newline at end of file\n` : `${mark}${text}\n`;
}
