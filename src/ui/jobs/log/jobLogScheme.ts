import * as vscode from "vscode";
import { ReadOnlyFiles } from "../../readOnlyFiles";
import type { JobLogFiles } from "./jobLogFiles";
import { logScheme } from "./jobLogUri";

/** Logs as files that nobody can write: known to the editor from the start, which may restore one after a reload. */
export class JobLogScheme extends ReadOnlyFiles {
	constructor(private readonly files: () => Promise<JobLogFiles>) {
		super();
		const isReadonly = new vscode.MarkdownString(vscode.l10n.t("This is a training's log: it cannot be changed."));
		this.own(vscode.workspace.registerFileSystemProvider(logScheme, this, { isReadonly, isCaseSensitive: true }));
	}

	/** Has the editor read this file anew. */
	change(uri: vscode.Uri): void {
		this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
	}

	async stat(): Promise<vscode.FileStat> {
		return (await this.files()).stat();
	}

	async readFile(uri: vscode.Uri): Promise<Uint8Array> {
		return (await this.files()).readFile(uri);
	}
}
