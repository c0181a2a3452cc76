import * as vscode from "vscode";
import type { RepositoryFiles } from "../../core/mmp/repositoryFacts";

/** A repository's work tree as the editor reaches it. What it cannot read is as absent: nothing is written over it either way. */
export class WorkspaceFiles implements RepositoryFiles {
	constructor(private readonly root: vscode.Uri) {}

	uri(path: string): vscode.Uri {
		return vscode.Uri.joinPath(this.root, ...path.split("/"));
	}

	async read(path: string): Promise<string | null> {
		try {
			return new TextDecoder().decode(await vscode.workspace.fs.readFile(this.uri(path)));
		} catch (error) {
			if (isMissing(error)) return null;
			throw error;
		}
	}

	async list(folder: string): Promise<readonly string[]> {
		try {
			const uri = folder === "" ? this.root : this.uri(folder);
			return (await vscode.workspace.fs.readDirectory(uri)).map(([name]) => name);
		} catch (error) {
			if (isMissing(error)) return [];
			throw error;
		}
	}
}

function isMissing(error: unknown): boolean {
	return error instanceof vscode.FileSystemError && ["FileNotFound", "FileNotADirectory"].includes(error.code);
}
