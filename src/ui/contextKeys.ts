import * as vscode from "vscode";
import type { ContextValues } from "../core/contributions";

/** The one setter of context keys; what has not changed is not sent again. */
export class ContextKeys {
	readonly #set = new Map<string, unknown>();

	set<K extends keyof ContextValues>(key: K, value: ContextValues[K]): void {
		if (this.#set.get(key) === value) return;
		this.#set.set(key, value);
		void vscode.commands.executeCommand("setContext", key, value);
	}
}
