import type { Writable } from "node:stream";
import { toLine } from "../core/plainText";
import { toJsonText } from "./toJsonText";

/** Longer cells are cut: a name or a tag may hold a whole file. */
const longestCell = 60;

/** Standard output and error of the command. A reader that went away (`| head`) ends it quietly. */
export class Terminal {
	constructor(
		private readonly out: Writable,
		private readonly err: Writable,
	) {
		for (const stream of [out, err]) {
			stream.on("error", (error: NodeJS.ErrnoException) => {
				if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
				throw error;
			});
		}
	}

	write(text: string): void {
		this.out.write(text);
	}

	warn(text: string): void {
		this.err.write(text);
	}

	/** One JSON document. */
	writeJson(value: unknown): void {
		this.write(`${toJsonText(value)}\n`);
	}

	/** Columns aligned with spaces, for people. Control characters of a store's texts do not reach the terminal. */
	writeTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
		const cells = [header, ...rows.map((row) => row.map((cell) => toLine(cell, longestCell)))];
		const widths = header.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? ""))));
		for (const row of cells) {
			const padded = row.map((cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))));
			this.write(`${padded.join("  ").trimEnd()}\n`);
		}
	}
}

/** Columns a text takes: ideographs and emoji two, combining marks none. */
function widthOf(text: string): number {
	let width = 0;
	for (const character of text) {
		if (/\p{Mark}/u.test(character)) continue;
		width += /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u.test(
			character,
		)
			? 2
			: 1;
	}
	return width;
}
