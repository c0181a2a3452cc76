import * as vscode from "vscode";
import { Owner } from "../../core/disposable";

const scheme = "gamma-without";
const kept = 16;

/** Files as they would be without one change, read only, while somebody looks at what a test would train. */
export class TextsWithout extends Owner implements vscode.TextDocumentContentProvider {
	readonly #texts = new Map<string, string>();
	#count = 0;

	constructor() {
		super();
		this.own(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
	}

	provideTextDocumentContent(uri: vscode.Uri): string {
		return this.#texts.get(uri.query) ?? "";
	}

	add(path: string, text: string): vscode.Uri {
		const id = String(++this.#count);
		this.#texts.set(id, text);
		const oldest = this.#texts.keys().next().value;
		if (this.#texts.size > kept && oldest !== undefined) this.#texts.delete(oldest);
		return vscode.Uri.from({ scheme, path: `/${path}`, query: id });
	}
}
