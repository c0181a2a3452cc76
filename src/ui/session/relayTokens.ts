import type * as vscode from "vscode";

/** Tokens of relays without sign-in, in the editor's secret storage under the relay's address. */
export class RelayTokens {
	constructor(private readonly storage: vscode.SecretStorage) {}

	async get(url: string): Promise<string | null> {
		return (await this.storage.get(keyOf(url))) ?? null;
	}

	async set(url: string, token: string): Promise<void> {
		await this.storage.store(keyOf(url), token);
	}

	async delete(url: string): Promise<void> {
		await this.storage.delete(keyOf(url));
	}

	/** Is this the secret that changed? */
	isOf(url: string, key: string): boolean {
		return key === keyOf(url);
	}
}

function keyOf(url: string): string {
	return `gamma.relayToken.${url}`;
}
