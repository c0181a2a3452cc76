import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../../../docs");

/** A fenced block of a guide: its language, the words after it, and its text. */
export interface Block {
	readonly language: string;
	readonly about: string;
	readonly text: string;
	/** From 1. */
	readonly line: number;
}

export const guideNames = readdirSync(folder).filter((name) => name.endsWith(".md"));

export function readGuide(name: string): { readonly text: string; readonly blocks: readonly Block[] } {
	const text = readFileSync(join(folder, name), "utf8");
	const blocks: Block[] = [];
	let open: { language: string; about: string; line: number; lines: string[] } | null = null;
	for (const [at, line] of text.split("\n").entries()) {
		const fence = /^```(\w*) ?(.*)$/.exec(line);
		if (open && line === "```") {
			blocks.push({ ...open, text: `${open.lines.join("\n")}\n` });
			open = null;
		} else if (open) open.lines.push(line);
		else if (fence) open = { language: fence[1] ?? "", about: fence[2] ?? "", line: at + 1, lines: [] };
	}
	return { text, blocks };
}
