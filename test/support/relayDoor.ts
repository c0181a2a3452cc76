import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Passed {
	readonly path: string;
	readonly body: Buffer;
	/** Null where the door was shut before an answer came. */
	status: number | null;
}

/** Whether a request, or the answer to it, gets through. */
export type Verdict = "pass" | "drop";

/** Stands before a relay under one address, through restarts of the relay, and lets a test decide what gets through. */
export class RelayDoor {
	/** Null: the relay is away. */
	target: string | null;
	readonly passed: Passed[] = [];
	onRequest: (passed: Passed) => Verdict = () => "pass";
	onAnswer: (passed: Passed) => Verdict = () => "pass";
	readonly #server: Server;

	static async open(target: string): Promise<RelayDoor> {
		const door = new RelayDoor(target);
		await new Promise<void>((done) => door.#server.listen(0, "127.0.0.1", done));
		return door;
	}

	private constructor(target: string) {
		this.target = target;
		this.#server = createServer((request, response) => {
			void this.#pass(request, response).catch(() => response.destroy());
		});
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	/** Requests to a path's end, oldest first. */
	to(end: string): Passed[] {
		return this.passed.filter(({ path }) => path.split("?")[0]?.endsWith(end));
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((done) => this.#server.close(done));
	}

	async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk);
		const passed: Passed = { path: request.url ?? "", body: Buffer.concat(chunks), status: null };
		this.passed.push(passed);
		if (this.target === null || this.onRequest(passed) === "drop") return void response.destroy();
		const gone = new AbortController();
		response.on("close", () => gone.abort());
		const { authorization = "", "content-type": type = "" } = request.headers;
		const answer = await fetch(`${this.target}${passed.path}`, {
			method: request.method ?? "GET",
			headers: { authorization, ...(type !== "" && { "content-type": type }) },
			...(request.method !== "GET" && { body: new Uint8Array(passed.body) }),
			signal: gone.signal,
		});
		const bytes = Buffer.from(await answer.arrayBuffer());
		passed.status = answer.status;
		if (this.target === null || this.onAnswer(passed) === "drop") return void response.destroy();
		const contentType = answer.headers.get("content-type");
		response.writeHead(answer.status, contentType === null ? {} : { "content-type": contentType });
		response.end(bytes);
	}
}
