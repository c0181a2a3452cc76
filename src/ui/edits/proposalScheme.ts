import * as vscode from "vscode";
import { Owner } from "../../core/disposable";

export const proposalScheme = "gamma-edit";

/** What the editor asks of a proposal's text. */
export interface ProposalFiles {
	stat(uri: vscode.Uri): vscode.FileStat;
	readFile(uri: vscode.Uri): Uint8Array;
	writeFile(uri: vscode.Uri, content: Uint8Array): void;
}

/** Proposals as files that can be typed in: known to the editor from the start, which may restore one after a reload. */
export class ProposalScheme extends Owner implements vscode.FileSystemProvider {
	readonly #changed = this.own(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
	readonly onDidChangeFile = this.#changed.event;

	constructor(private readonly files: () => Promise<ProposalFiles>) {
		super();
		this.own(vscode.workspace.registerFileSystemProvider(proposalScheme, this, { isCaseSensitive: true }));
	}

	/** Has the editor read this proposal anew. */
	change(uri: vscode.Uri): void {
		this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
	}

	async stat(uri: vscode.Uri) {
		return (await this.files()).stat(uri);
	}

	async readFile(uri: vscode.Uri) {
		return (await this.files()).readFile(uri);
	}

	async writeFile(uri: vscode.Uri, content: Uint8Array) {
		(await this.files()).writeFile(uri, content);
	}

	watch() {
		return { dispose() {} };
	}

	readDirectory() {
		return [];
	}

	createDirectory(uri: vscode.Uri): never {
		throw vscode.FileSystemError.NoPermissions(uri);
	}

	delete = this.createDirectory;
	rename = this.createDirectory;
}
