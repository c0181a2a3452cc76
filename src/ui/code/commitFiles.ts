import * as vscode from "vscode";
import type { GitRepository } from "../../core/git/gitRepository";
import { toFailure } from "../../shared/errors";
import { ReadOnlyFiles } from "../readOnlyFiles";

export const commitScheme = "gamma-commit";

/** A file as it was at a commit: `gamma-commit:/src/train.py?<sha>`. The path gives the editor its name and language. */
export function commitFileUri(sha: string, path: string): vscode.Uri {
	return vscode.Uri.from({ scheme: commitScheme, path: `/${path}`, query: sha });
}

/** The commit and path of such an address; null for any other. */
export function parseCommitFileUri(uri: vscode.Uri): { sha: string; path: string } | null {
	if (uri.scheme !== commitScheme || !/^[0-9a-f]{7,64}$/.test(uri.query)) return null;
	return { sha: uri.query, path: uri.path.replace(/^\//, "") };
}

/** Sides of the diffs that are open; a diff asks for each several times (stat, then read). */
const keptFiles = 32;

/**
 * The files of commits, read only. A file system and no content provider, so that pictures and other binary files
 * have their own editors on both sides of a diff.
 */
export class CommitFiles extends ReadOnlyFiles {
	readonly #read = new Map<string, Promise<Uint8Array>>();

	constructor(private readonly git: () => GitRepository | null) {
		super();
		this.own(
			vscode.workspace.registerFileSystemProvider(commitScheme, this, { isReadonly: true, isCaseSensitive: true }),
		);
	}

	async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
		const { length } = await this.readFile(uri);
		return {
			type: vscode.FileType.File,
			ctime: 0,
			mtime: 0,
			size: length,
			permissions: vscode.FilePermission.Readonly,
		};
	}

	readFile(uri: vscode.Uri): Promise<Uint8Array> {
		const key = uri.toString();
		const known = this.#read.get(key);
		if (known) return known;
		const reading = this.#readNow(uri);
		this.#read.set(key, reading);
		reading.catch(() => this.#read.delete(key));
		const oldest = this.#read.keys().next().value;
		if (this.#read.size > keptFiles && oldest !== undefined) this.#read.delete(oldest);
		return reading;
	}

	async #readNow(uri: vscode.Uri): Promise<Uint8Array> {
		const at = parseCommitFileUri(uri);
		if (!at) throw vscode.FileSystemError.FileNotFound(uri);
		const git = this.git();
		if (!git)
			throw vscode.FileSystemError.Unavailable("The git repository is not open: open the folder that holds the code.");
		try {
			const bytes = await git.fileAt(at.sha, at.path);
			if (bytes) return bytes;
		} catch (error) {
			throw vscode.FileSystemError.Unavailable(toFailure(error).message);
		}
		throw vscode.FileSystemError.FileNotFound(uri);
	}
}
