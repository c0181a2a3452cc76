import { type Dirent, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type Glob, parseGlob } from "../../core/sidecar/glob";

export interface FoundFile {
	/** Absolute. */
	readonly path: string;
	/** Below the pattern's fixed part. */
	readonly name: string;
}

/** Deeper trees and longer listings are no checkpoints. */
const deepest = 12;
const mostFiles = 10_000;

/** The files that a pattern names, seen from a folder; of a folder that it names, all files. Links to folders are not followed. */
export function globFiles(pattern: string, from: string): FoundFile[] {
	const parsed = parseGlob(pattern);
	const glob = { ...parsed, base: resolve(from, parsed.base) };
	const found = new Map<string, FoundFile>();
	walk(glob, glob.base, glob.parts, 0, found);
	return [...found.values()];
}

function walk(glob: Glob, folder: string, parts: Glob["parts"], depth: number, found: Map<string, FoundFile>): void {
	const [part, ...rest] = parts;
	if (part === undefined || depth > deepest) return;
	if (part === "**" && rest.length > 0) walk(glob, folder, rest, depth, found);
	for (const entry of entriesOf(folder)) {
		const path = join(folder, entry.name);
		const matches = part === "**" ? !entry.name.startsWith(".") : part.test(entry.name);
		if (!matches || found.size >= mostFiles) continue;
		if (entry.isDirectory())
			walk(glob, path, part === "**" ? parts : rest.length > 0 ? rest : ["**"], depth + 1, found);
		else if (entry.isFile() && (rest.length === 0 || (part === "**" && rest.length === 0)))
			found.set(path, { path, name: relative(glob.base, path) });
	}
}

function entriesOf(folder: string): Dirent[] {
	try {
		return readdirSync(folder, { withFileTypes: true });
	} catch {
		return [];
	}
}
