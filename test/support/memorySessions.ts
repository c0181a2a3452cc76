import type { SessionStorage } from "../../src/core/session/authService";
import { parseSession, type Session } from "../../src/core/session/session";

/** The secret storage that windows share, as text. */
export class MemorySessions implements SessionStorage {
	#text: string | undefined;

	async read(): Promise<Session | null> {
		return parseSession(this.#text);
	}

	async write(session: Session): Promise<void> {
		this.#text = JSON.stringify(session);
	}

	async clear(): Promise<void> {
		this.#text = undefined;
	}
}
