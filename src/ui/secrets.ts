import type * as vscode from "vscode";
import * as z from "zod/mini";
import type { StoreAuth } from "../core/stores/trackingStore";

/** What a person gave to get into a server. */
export interface ServerSecret {
	readonly auth: StoreAuth;
	readonly headers: Readonly<Record<string, string>>;
}

const secretSchema = z.object({
	auth: z.discriminatedUnion("kind", [
		z.object({ kind: z.literal("none") }),
		z.object({ kind: z.literal("basic"), username: z.string(), password: z.string() }),
		z.object({ kind: z.literal("bearer"), token: z.string() }),
	]),
	headers: z.record(z.string(), z.string()),
});

/** Kept by the editor's secret storage under the server's origin, so that no other host is ever given them. */
export class ServerSecrets {
	constructor(private readonly storage: vscode.SecretStorage) {}

	async get(origin: string): Promise<ServerSecret | undefined> {
		const text = await this.storage.get(keyOf(origin));
		if (text === undefined) return undefined;
		try {
			const parsed = secretSchema.safeParse(JSON.parse(text));
			return parsed.success ? parsed.data : undefined;
		} catch {
			return undefined;
		}
	}

	async set(origin: string, secret: ServerSecret): Promise<void> {
		await this.storage.store(keyOf(origin), JSON.stringify(secret));
	}

	async delete(origin: string): Promise<void> {
		await this.storage.delete(keyOf(origin));
	}
}

function keyOf(origin: string): string {
	return `gamma.server.${origin}`;
}
