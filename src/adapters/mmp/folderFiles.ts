import { lstat, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { RepositoryFiles } from "../../core/mmp/repositoryFacts";
import { GammaError } from "../../shared/errors";

/** A repository's work tree on disk. */
export class FolderFiles implements RepositoryFiles {
	constructor(private readonly root: string) {}

	async read(path: string): Promise<string | null> {
		try {
			return await readFile(join(this.root, path), "utf8");
		} catch (error) {
			if (isMissing(error)) return null;
			throw error;
		}
	}

	async list(folder: string): Promise<readonly string[]> {
		try {
			return await readdir(join(this.root, folder));
		} catch (error) {
			if (isMissing(error)) return [];
			throw error;
		}
	}

	/** Writes a file that is not there yet. A file that came meanwhile is `settings.invalid`, and stays as it is. */
	async add(path: string, text: string): Promise<void> {
		await this.#demandFolders(path);
		await mkdir(dirname(join(this.root, path)), { recursive: true });
		try {
			await writeFile(join(this.root, path), text, { flag: "wx" });
		} catch (error) {
			if (codeOf(error) !== "EEXIST") throw error;
			throw new GammaError("settings.invalid", `${path} is there already: look at it and run gamma init again.`);
		}
	}

	/** A link among the folders may lead out of the repository. */
	async #demandFolders(path: string): Promise<void> {
		const parts = path.split("/").slice(0, -1);
		for (let length = 1; length <= parts.length; length++) {
			const folder = parts.slice(0, length).join("/");
			const found = await lstat(join(this.root, folder)).catch(() => null);
			if (!found || found.isDirectory()) continue;
			throw new GammaError(
				"settings.invalid",
				`${folder} is no folder of this repository: nothing was written into it.`,
			);
		}
	}
}

function isMissing(error: unknown): boolean {
	return ["ENOENT", "ENOTDIR"].includes(codeOf(error));
}

function codeOf(error: unknown): string {
	return error instanceof Error && "code" in error ? String(error.code) : "";
}
