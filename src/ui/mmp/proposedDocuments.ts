import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import type { ProposedFile } from "../../core/mmp/setupProposal";

const scheme = "gamma-setup";

/** The files of one proposal, read-only, for the right side of its review. */
export class ProposedDocuments extends Owner implements vscode.TextDocumentContentProvider {
	#texts = new Map<string, string>();
	readonly #changed = this.own(new vscode.EventEmitter<vscode.Uri>());
	readonly onDidChange = this.#changed.event;

	constructor() {
		super();
		this.own(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
	}

	/** From now on these are what is proposed. */
	show(files: readonly ProposedFile[]): void {
		this.#texts = new Map(files.map(({ path, text }) => [path, text]));
		for (const { path } of files) this.#changed.fire(this.uri(path));
	}

	uri(path: string): vscode.Uri {
		return vscode.Uri.from({ scheme, path: `/${path}` });
	}

	provideTextDocumentContent(uri: vscode.Uri): string {
		return this.#texts.get(uri.path.slice(1)) ?? "";
	}
}
