import { connect, type Socket } from "node:net";

/**
 * One of thousands of readers in one process: a bare socket that keeps the ids of events and nothing else. It speaks
 * HTTP/1.0, so that the answer is the stream itself, without chunks.
 */
export class LightStream {
	readonly ids: number[] = [];
	/** Of the last frame, the opening one's too: where to go on from. */
	lastId: number | null = null;
	/** Resolves with the first bytes; rejects when there are none. */
	readonly opened: Promise<void>;
	readonly closed: Promise<void>;
	readonly #socket: Socket;
	#half = "";

	/** With `lastId` it goes on from there. */
	constructor(url: string, token: string, projectId: string, lastId: number | null = null) {
		const { hostname, port } = new URL(url);
		this.#socket = connect({ host: hostname, port: Number(port) });
		this.#socket.write(
			`GET /api/events?project=${projectId} HTTP/1.0\r\nAuthorization: Bearer ${token}\r\n${lastId === null ? "" : `Last-Event-ID: ${lastId}\r\n`}\r\n`,
		);
		this.closed = new Promise((done) => {
			this.#socket.on("error", () => {}).on("close", () => done());
		});
		this.opened = new Promise((done, fail) => {
			this.#socket.once("data", () => done());
			void this.closed.then(() => fail(new Error("the stream was closed before it began")));
		});
		this.opened.catch(() => {});
		this.#socket.on("data", (bytes) => this.#read(bytes.toString("latin1")));
	}

	/** Takes nothing more from the network. */
	pause(): void {
		this.#socket.pause();
	}

	resume(): void {
		this.#socket.resume();
	}

	leave(): void {
		this.#socket.destroy();
	}

	#read(text: string): void {
		const frames = (this.#half + text).split("\n\n");
		this.#half = frames.pop() ?? "";
		for (const frame of frames) {
			// The opening frame has an id, too, but tells of no event.
			const [, id, isEvent] = /^(?:[^\n]+\n)*?id: (\d+)(\nevent: )?/.exec(frame) ?? [];
			if (id === undefined) continue;
			this.lastId = Number(id);
			if (isEvent !== undefined) this.ids.push(Number(id));
		}
	}
}
