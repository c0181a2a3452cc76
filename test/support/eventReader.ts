import { request } from "node:http";

export interface ReadEvent {
	readonly id: number;
	readonly kind: string;
	readonly data: string;
}

/** Reads a stream of events as a browser would, keeping what came; `cut` breaks the connection where it stands. */
export class EventReader {
	readonly events: ReadEvent[] = [];
	/** What the next connection says it had. */
	lastId: string | null = null;
	status = 0;
	text = "";
	headers: Record<string, unknown> = {};
	retries = 0;
	#half = "";
	readonly closed: Promise<void>;
	readonly opened: Promise<void>;
	readonly #request: ReturnType<typeof request>;

	constructor(url: string, token: string, projectId: string, lastId: string | null = null) {
		this.lastId = lastId;
		this.#request = request(`${url}/api/events?project=${projectId}`, {
			agent: false,
			headers: { authorization: `Bearer ${token}`, ...(lastId !== null && { "last-event-id": lastId }) },
		});
		let opened = () => {};
		let closed = () => {};
		this.opened = new Promise((done) => {
			opened = done;
		});
		this.closed = new Promise((done) => {
			closed = done;
		});
		this.#request.on("response", (response) => {
			this.status = response.statusCode ?? 0;
			this.headers = response.headers;
			response.setEncoding("utf8");
			response.on("data", (text: string) => {
				this.#read(text);
				opened();
			});
			response
				.on("error", () => {})
				.on("close", () => {
					opened();
					closed();
				});
		});
		this.#request.on("error", () => {
			opened();
			closed();
		});
		this.#request.end();
	}

	cut(): void {
		this.#request.destroy();
	}

	#read(text: string): void {
		this.text += text;
		const frames = (this.#half + text).split("\n\n");
		this.#half = frames.pop() ?? "";
		for (const frame of frames) {
			const fields = new Map(frame.split("\n").map((line) => line.split(/: (.*)/s) as [string, string]));
			if (fields.has("retry")) this.retries++;
			const id = fields.get("id");
			if (id !== undefined) this.lastId = id;
			const data = fields.get("data");
			if (data !== undefined) this.events.push({ id: Number(id), kind: fields.get("event") ?? "message", data });
		}
	}
}
