import type { ArtifactEntry } from "../../src/shared/run";

export interface TreeRow {
	readonly kind: "entry" | "reading" | "failed" | "more" | "empty";
	readonly path: string;
	readonly level: number;
	/** Of its siblings. */
	readonly position: number;
	readonly siblings: number;
	readonly name: string;
	readonly isDir: boolean;
	readonly isOpen: boolean;
	readonly sizeBytes: number | null;
}

export type Folder =
	| { readonly kind: "reading" }
	| { readonly kind: "failed"; readonly message: string }
	| { readonly kind: "read"; readonly entries: readonly ArtifactEntry[] };

/** Entries of one folder drawn at first; a folder may hold 100,000. */
export const entriesAtFirst = 200;

/** The tree as the rows that are visible, top to bottom. Folders first, then files, as the editor's explorer has them. */
export function toRows(
	folders: ReadonlyMap<string, Folder>,
	open: ReadonlySet<string>,
	limits: ReadonlyMap<string, number>,
	parent = "",
	level = 1,
): TreeRow[] {
	const folder = folders.get(parent);
	const message = (kind: TreeRow["kind"], name: string): TreeRow[] => [
		{ ...blank, kind, name, path: `${parent}\0${kind}`, level },
	];
	if (!folder || folder.kind === "reading") return message("reading", "Reading…");
	if (folder.kind === "failed") return message("failed", folder.message);
	if (folder.entries.length === 0) return message("empty", level === 1 ? "This run left no artifact." : "Empty");
	const sorted = [...folder.entries.filter((entry) => entry.isDir), ...folder.entries.filter((entry) => !entry.isDir)];
	const limit = limits.get(parent) ?? entriesAtFirst;
	const rows = sorted.slice(0, limit).flatMap((entry, at): TreeRow[] => {
		const isOpen = entry.isDir && open.has(entry.path);
		const row: TreeRow = {
			kind: "entry",
			path: entry.path,
			level,
			position: at + 1,
			siblings: sorted.length,
			name: entry.path.slice(entry.path.lastIndexOf("/") + 1),
			isDir: entry.isDir,
			isOpen,
			sizeBytes: entry.sizeBytes,
		};
		return isOpen ? [row, ...toRows(folders, open, limits, entry.path, level + 1)] : [row];
	});
	const rest = sorted.length - limit;
	return rest > 0 ? [...rows, ...message("more", `${rest.toLocaleString("en")} more…`)] : rows;
}

const blank = { position: 1, siblings: 1, isDir: false, isOpen: false, sizeBytes: null };

/** The row a key moves to in an ARIA tree; null where the key is not one of the tree's. */
export function rowAfterKey(rows: readonly TreeRow[], at: number, key: string): number | null {
	const row = rows[at];
	switch (key) {
		case "ArrowDown":
			return Math.min(rows.length - 1, at + 1);
		case "ArrowUp":
			return Math.max(0, at - 1);
		case "Home":
			return 0;
		case "End":
			return rows.length - 1;
		case "ArrowLeft": {
			const level = row?.level ?? 1;
			const parent = rows.slice(0, at).findLastIndex((other) => other.level < level);
			return parent < 0 ? at : parent;
		}
		case "ArrowRight":
			return row?.isOpen ? Math.min(rows.length - 1, at + 1) : at;
	}
	if (key.length !== 1 || key === " ") return null;
	const starts = (other: TreeRow) => other.name.toLowerCase().startsWith(key.toLowerCase());
	const next = rows.findIndex((other, i) => i > at && starts(other));
	const found = next >= 0 ? next : rows.findIndex(starts);
	return found >= 0 ? found : at;
}

const icons: readonly (readonly [RegExp, string])[] = [
	[/\.(png|jpe?g|gif|webp|svg|bmp)$/i, "file-media"],
	[/\.(json|ya?ml|toml)$/i, "json"],
	[/\.(md|markdown)$/i, "markdown"],
	[/\.(csv|tsv|parquet)$/i, "table"],
	[/\.(py|ipynb|sh|js|ts|html?)$/i, "file-code"],
	[/\.(diff|patch)$/i, "diff"],
	[/\.(zip|gz|tar|tgz)$/i, "file-zip"],
	[/\.(pt|pth|ckpt|bin|onnx|safetensors|pkl|npy|npz|h5)$/i, "file-binary"],
];

export function iconOf(row: TreeRow): string {
	if (row.isDir) return row.isOpen ? "folder-opened" : "folder";
	return icons.find(([pattern]) => pattern.test(row.name))?.[1] ?? "file";
}
