import * as vscode from "vscode";
import type { Disposable } from "../../core/disposable";

const name = "gamma.agent.key";

/** The person's own key for Claude, in the editor's secret storage and nowhere else. */
export class AgentKey {
	constructor(private readonly storage: vscode.SecretStorage) {}

	async get(): Promise<string | null> {
		return (await this.storage.get(name)) || null;
	}

	onDidChange(listener: () => void): Disposable {
		return this.storage.onDidChange(({ key }) => {
			if (key === name) listener();
		});
	}

	/** Asks for it; what was typed is never shown. Answers what is kept now, null where the person thought better of it. */
	async set(): Promise<string | null> {
		const typed = await vscode.window.showInputBox({
			title: vscode.l10n.t("Key for Claude"),
			prompt: vscode.l10n.t("From the Claude Console. It is kept in the editor's secret storage."),
			placeHolder: "sk-ant-…",
			password: true,
			ignoreFocusOut: true,
			validateInput: (text) =>
				/^[\x21-\x7e]{8,}$/.test(text.trim()) ? undefined : vscode.l10n.t("A key is one word of at least 8 letters."),
		});
		if (typed === undefined) return null;
		await this.storage.store(name, typed.trim());
		return typed.trim();
	}

	async forget(): Promise<void> {
		await this.storage.delete(name);
	}
}
