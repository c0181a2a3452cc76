import * as vscode from "vscode";
import { ReadOnlyFiles } from "../readOnlyFiles";
import type { ArtifactDocuments } from "./artifactDocuments";

export const artifactScheme = "gamma-artifact";

/** Previews as files that nobody can write: known from the start, since the editor may restore one after a reload. */
export class ArtifactScheme extends ReadOnlyFiles {
	constructor(private readonly documents: () => Promise<ArtifactDocuments>) {
		super();
		const isReadonly = new vscode.MarkdownString(vscode.l10n.t("This is a preview of an artifact."));
		this.own(vscode.workspace.registerFileSystemProvider(artifactScheme, this, { isReadonly }));
	}

	async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
		return (await this.documents()).stat(uri);
	}

	async readFile(uri: vscode.Uri): Promise<Uint8Array> {
		return (await this.documents()).readFile(uri);
	}
}
