import { EventReader, type ReadEvent } from "./eventReader";

const longestStayMs = 600;
const pauseMs = 50;

/** Follows a project's events as an editor does whose connection breaks again and again: it goes on after the last id it had. */
export class RestlessReader {
	readonly #past: ReadEvent[] = [];
	#reader: EventReader;
	#isOver = false;
	/** Connections that were answered. */
	connections = 0;
	readonly #following: Promise<void>;

	/** `random` answers from 0 to 1: how long it stays each time. */
	constructor(
		private readonly url: string,
		private readonly token: string,
		private readonly projectId: string,
		private readonly random: () => number,
	) {
		this.#reader = new EventReader(url, token, projectId);
		this.#following = this.#follow();
	}

	/** Everything so far, in the order in which it came. */
	get events(): readonly ReadEvent[] {
		return [...this.#past, ...this.#reader.events];
	}

	/** Resolves once it knows where it stands: from here on it misses nothing. */
	get opened(): Promise<void> {
		return this.#reader.opened;
	}

	async stop(): Promise<void> {
		this.#isOver = true;
		await this.#following;
	}

	async #follow(): Promise<void> {
		while (!this.#isOver) {
			const reader = this.#reader;
			await reader.opened;
			if (reader.status === 200) this.connections++;
			await Promise.race([pause(this.random() * longestStayMs), reader.closed]);
			reader.cut();
			if (reader.status !== 200) await pause(pauseMs);
			if (this.#isOver) return;
			this.#past.push(...reader.events);
			this.#reader = new EventReader(this.url, this.token, this.projectId, reader.lastId);
		}
	}
}

function pause(ms: number): Promise<void> {
	return new Promise((done) => setTimeout(done, ms));
}
