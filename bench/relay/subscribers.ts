import { connect, type Socket } from "node:net";

/** One byte that each event holds once and nothing else does: counting it counts deliveries, wherever packets are cut. */
export const mark = "~";
const markByte = mark.charCodeAt(0);
/** Streams that are opened at once: a listening socket's queue holds 511. */
const atOnce = 250;
const lateMs = 60_000;

/** Thousands of readers of one stream in this process: bare sockets that only count what comes. */
export class Subscribers {
	readonly #sockets: Socket[] = [];
	#received = 0;
	#wanted = 0;
	#done = () => {};
	/** When each delivery came, on `performance.now()`'s clock, where that is asked for. */
	#times: Float64Array | null = null;

	private constructor(
		private readonly url: string,
		private readonly request: string,
	) {}

	/** `request`: the bytes that open one stream. Resolves once every one has its head. */
	static async open(url: string, request: string, count: number): Promise<Subscribers> {
		const all = new Subscribers(url, request);
		for (let opened = 0; opened < count; opened += atOnce) {
			await Promise.all(Array.from({ length: Math.min(atOnce, count - opened) }, () => all.#connect()));
		}
		return all;
	}

	get count(): number {
		return this.#sockets.length;
	}

	/** Resolves once every reader has this many more events; rejects when they do not come. */
	async receive(events: number, times: Float64Array | null = null): Promise<void> {
		this.#times = times;
		this.#received = 0;
		this.#wanted = events * this.count;
		await new Promise<void>((done, fail) => {
			const late = setTimeout(() => fail(new Error(`${this.#received} of ${this.#wanted} came`)), lateMs);
			this.#done = () => {
				clearTimeout(late);
				done();
			};
		});
	}

	close(): void {
		for (const socket of this.#sockets) socket.destroy();
	}

	async #connect(): Promise<void> {
		const { hostname, port } = new URL(this.url);
		const socket = connect({ host: hostname, port: Number(port), noDelay: true });
		this.#sockets.push(socket);
		await new Promise<void>((opened, fail) => {
			socket.once("error", fail).once("close", () => fail(new Error("a stream was closed")));
			socket.once("data", (bytes) => {
				if (!/^HTTP\/1\.[01] 200 /.test(bytes.toString("latin1"))) fail(new Error(bytes.toString("latin1")));
				socket.on("data", (more) => this.#count(more));
				opened();
			});
			socket.write(this.request);
		});
	}

	#count(bytes: Buffer): void {
		for (let at = bytes.indexOf(markByte); at >= 0; at = bytes.indexOf(markByte, at + 1)) {
			if (this.#times) this.#times[this.#received] = performance.now();
			if (++this.#received === this.#wanted) this.#done();
		}
	}
}
