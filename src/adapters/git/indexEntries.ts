import type { GitCommand } from "./gitCommand";

export interface IndexEntry {
	readonly mode: string;
	readonly object: string;
}

/** What a tree has at this path; null where it has nothing. */
export async function treeEntry(command: GitCommand, tree: string, path: string): Promise<IndexEntry | null> {
	const listed = await command.text(["ls-tree", "-z", "--full-tree", tree, "--", path]);
	// `<mode> <type> <object>TAB<path>`
	const entry = listed.split("\0").find((line) => line.slice(line.indexOf("\t") + 1) === path);
	const [mode, , object] = entry?.slice(0, entry.indexOf("\t")).split(" ") ?? [];
	return mode && object ? { mode, object } : null;
}

/** What is staged at this path; null where nothing is. */
export async function stagedEntry(command: GitCommand, path: string): Promise<IndexEntry | null> {
	const listed = await command.text(["ls-files", "-s", "-z", "--full-name", "--", path]);
	// `<mode> <object> <stage>TAB<path>`
	const entry = listed.split("\0").find((line) => line.slice(line.indexOf("\t") + 1) === path);
	const [mode, object, stage] = entry?.slice(0, entry.indexOf("\t")).split(" ") ?? [];
	return mode && object && stage === "0" ? { mode, object } : null;
}

/** Lines for `git update-index -z --index-info`; `objectLength` is that of the repository's object names. */
export function toIndexInfo(
	entries: readonly { readonly path: string; readonly entry: IndexEntry | null }[],
	objectLength: number,
): string {
	const none = { mode: "0", object: "0".repeat(objectLength) };
	return entries
		.map(({ path, entry }) => {
			const { mode, object } = entry ?? none;
			return `${mode} ${object}\t${path}\0`;
		})
		.join("");
}
