import { splitLines } from "../edits/lines";
import { lineHunks, type OpenHunk } from "../edits/openHunks";
import type { ChangedFile } from "../git/gitRepository";

export type HunkMark = " " | "-" | "+";

/** A stretch of code by which two runs differ. */
export interface WhyHunk {
	/** Unique among those of two runs. */
	readonly id: string;
	readonly path: string;
	/** Where the file was in the base's commit; null where it was at the same place. */
	readonly previousPath: string | null;
	readonly kind: ChangedFile["kind"];
	/** `committed`: between the two commits; else of the changes that one of the runs had not committed. */
	readonly from: "committed" | "base" | "other";
	/** By which it can be taken back alone (`TestBranch`); null where it cannot. */
	readonly hunkId: string | null;
	/** First lines, from 1, in the base's file and in the other's. */
	readonly oldStart: number;
	readonly newStart: number;
	readonly lines: readonly { readonly mark: HunkMark; readonly text: string }[];
	/** Lines beyond those that are kept. */
	readonly omitted: number;
	/** It is no text, or too large to be looked at in lines. */
	readonly isOpaque: boolean;
}

const context = 2;
const mostLines = 60;
/** More than any file of code. */
const mostBytes = 2_000_000;

/** The file's hunks between two commits; a side that is null has no such file. Ids are those of `revertHunk` on the bytes. */
export function hunksBetween(file: ChangedFile, before: Uint8Array | null, after: Uint8Array | null): WhyHunk[] {
	const { path, previousPath, kind } = file;
	const whole = (more: Partial<WhyHunk>): WhyHunk => ({
		...{ id: path, path, previousPath, kind, from: "committed", hunkId: null, oldStart: 1, newStart: 1 },
		...{ lines: [], omitted: 0, isOpaque: false },
		...more,
	});
	const hunkId = kind === "added" ? "create" : kind === "deleted" ? "delete" : null;
	if ([before, after].some((bytes) => bytes && (bytes.length > mostBytes || bytes.includes(0)))) {
		return [whole({ isOpaque: true, hunkId })];
	}
	const [olds, news] = [before, after].map((bytes) => splitLines(bytes ? toByteText(bytes) : ""));
	if (!olds || !news) return [];
	if (hunkId !== null) {
		const lines = (kind === "added" ? news : olds).map((text) => ({
			mark: kind === "added" ? ("+" as const) : ("-" as const),
			text: shown(text),
		}));
		return [whole({ hunkId, ...cut(lines) })];
	}
	const hunks = lineHunks(olds.join(""), news.join(""), []);
	if (hunks.length === 0) return [whole({})];
	return hunks.map((hunk) =>
		whole({
			id: `${path}#${hunk.id}`,
			hunkId: hunk.id,
			oldStart: hunk.oldStart + 1,
			newStart: hunk.newStart + 1,
			...cut(linesOf(hunk, olds, news)),
		}),
	);
}

function linesOf(hunk: OpenHunk, olds: readonly string[], news: readonly string[]): WhyHunk["lines"] {
	const lines: { mark: HunkMark; text: string }[] = [];
	const add = (mark: HunkMark, texts: readonly string[]) => {
		for (const text of texts) lines.push({ mark, text: shown(text) });
	};
	let at = hunk.newStart;
	add(" ", news.slice(Math.max(0, at - context), at));
	for (const { oldStart, oldEnd, newStart, newEnd } of hunk.changes) {
		add(" ", news.slice(at, newStart));
		add("-", olds.slice(oldStart, oldEnd));
		add("+", news.slice(newStart, newEnd));
		at = newEnd;
	}
	add(" ", news.slice(at, at + context));
	return lines;
}

function cut(lines: WhyHunk["lines"]): Pick<WhyHunk, "lines" | "omitted"> {
	return { lines: lines.slice(0, mostLines), omitted: Math.max(0, lines.length - mostLines) };
}

/** One character a byte: hunks are told apart without knowing the encoding, as the commit that takes one back does. */
export function toByteText(bytes: Uint8Array): string {
	const parts: string[] = [];
	for (let at = 0; at < bytes.length; at += 8_192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8_192)));
	return parts.join("");
}

export function fromByteText(text: string): Uint8Array {
	return Uint8Array.from(text, (unit) => unit.charCodeAt(0));
}

function shown(line: string): string {
	const text = new TextDecoder().decode(fromByteText(line)).replace(/\r?\n$/, "");
	return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

/** The hunks of a stored diff (`git diff`, `diff -u`). What is no hunk is passed by. */
export function hunksOfPatch(patch: string, from: "base" | "other"): WhyHunk[] {
	const hunks: WhyHunk[] = [];
	let [path, lines]: [string, { mark: HunkMark; text: string }[] | null] = ["", null];
	let head = { oldStart: 1, newStart: 1 };
	const end = () => {
		if (lines && path !== "") {
			const id = `${from}:${path}#${head.oldStart}`;
			hunks.push({
				...{ id, path, previousPath: null, kind: "modified", from, hunkId: null, ...head, isOpaque: false },
				...cut(lines),
			});
		}
		lines = null;
	};
	for (const line of patch.split(/\r?\n/)) {
		const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
		const name = lines === null ? /^(?:---|\+\+\+) (?:[abciow]\/)?(.+?)\t?$/.exec(line)?.[1] : undefined;
		if (hunk) {
			end();
			head = { oldStart: Number(hunk[1]), newStart: Number(hunk[2]) };
			lines = [];
		} else if (/^diff |^Index: /.test(line)) {
			end();
		} else if (lines && /^[ +-]/.test(line)) {
			lines.push({ mark: line[0] as HunkMark, text: line.slice(1, 401) });
		} else if (name !== undefined && name !== "/dev/null") path = name;
	}
	end();
	return hunks;
}
