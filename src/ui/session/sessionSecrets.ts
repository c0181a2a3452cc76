import type * as vscode from "vscode";
import type { SessionStorage } from "../../core/session/authService";
import { parseSession, type Session } from "../../core/session/session";

/** A session in the editor's secret storage, under its service's origin, so that no other service is ever given it. */
export class SessionSecrets implements SessionStorage {
	readonly key: string;

	constructor(
		private readonly storage: vscode.SecretStorage,
		serviceUrl: string,
	) {
		this.key = `gamma.session.${new URL(serviceUrl).origin}`;
	}

	async read(): Promise<Session | null> {
		return parseSession(await this.storage.get(this.key));
	}

	async write(session: Session): Promise<void> {
		await this.storage.store(this.key, JSON.stringify(session));
	}

	async clear(): Promise<void> {
		await this.storage.delete(this.key);
	}
}
