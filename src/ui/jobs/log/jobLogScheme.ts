import * as vscode from "vscode";
import { type Disposable, Owner } from "../../../core/disposable";
import type { JobLogFiles } from "./jobLogFiles";
import { logScheme } from "./jobLogUri";

/** Logs as files that nobody can write: known to the editor from the start, which may restore one after a reload. */
export class JobLogScheme extends Owner implements vscode.FileSystemProvider {
	readonly #changed = this.own(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
	readonly onDidChangeFile = this.#changed.event;

	constructor(private readonly files: () => Promise<JobLogFiles>) {
		super();
		const isReadonly = new vscode.MarkdownString(vscode.l10n.t("This is a training's log: it cannot be changed."));
		this.own(vscode.workspace.registerFileSystemProvider(logScheme, this, { isReadonly, isCaseSensitive: true }));
	}

	/** Has the editor read this file anew. */
	change(uri: vscode.Uri): void {
		this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
	}

	watch(): Disposable {
		return { dispose() {} };
	}

	async stat(): Promise<vscode.FileStat> {
		return (await this.files()).stat();
	}

	async readFile(uri: vscode.Uri): Promise<Uint8Array> {
		return (await this.files()).readFile(uri);
	}

	readDirectory(): [string, vscode.FileType][] {
		return [];
	}

	createDirectory(uri: vscode.Uri): never {
		throw vscode.FileSystemError.NoPermissions(uri);
	}

	writeFile(uri: vscode.Uri): never {
		throw vscode.FileSystemError.NoPermissions(uri);
	}

	delete(uri: vscode.Uri): never {
		throw vscode.FileSystemError.NoPermissions(uri);
	}

	rename(uri: vscode.Uri): never {
		throw vscode.FileSystemError.NoPermissions(uri);
	}
}
