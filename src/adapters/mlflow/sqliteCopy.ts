import { constants, rmSync } from "node:fs";
import { copyFile, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Disposable } from "../../core/disposable";

/**
 * A database with a journal that its writer left behind, copied to a temporary folder where SQLite may recover it. Made once for
 * each state of the two files, removed on dispose.
 */
export class SqliteCopy implements Disposable {
	#made: { readonly folder: string; readonly stamp: string } | null = null;

	constructor(private readonly file: string) {}

	/** Where the copy lies. `journal` is the suffix of the file that goes with it. */
	async path(journal: "-wal" | "-journal"): Promise<string> {
		const files = [this.file, this.file + journal];
		const stats = await Promise.all(files.map((file) => stat(file, { bigint: true })));
		const stamp = stats.map(({ ino, size, mtimeNs }) => `${ino}:${size}:${mtimeNs}`).join(" ");
		if (this.#made?.stamp !== stamp) {
			const previous = this.#made;
			const folder = await mkdtemp(join(tmpdir(), "gamma-sqlite-"));
			this.#made = { folder, stamp };
			if (previous) await rm(previous.folder, { recursive: true, force: true });
			for (const [i, file] of files.entries()) {
				await copyFile(file, join(folder, i === 0 ? "copy.db" : `copy.db${journal}`), constants.COPYFILE_FICLONE);
			}
		}
		return join(this.#made.folder, "copy.db");
	}

	dispose(): void {
		if (this.#made) rmSync(this.#made.folder, { recursive: true, force: true });
		this.#made = null;
	}
}
