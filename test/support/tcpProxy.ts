import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A door with one address before a server that comes and goes; what passes through it can be cut, and held up. */
export class TcpProxy {
	readonly #open = new Set<Socket>();
	#port: number | null = null;
	#isHeld = false;
	readonly #dead = new WeakSet<Socket>();
	/** Before each answer of the server's, in milliseconds: a server that is slow, or far away. */
	delayMs = 0;
	/** What of these bytes goes on; called with each piece as it comes. */
	tap: (from: "client" | "server", bytes: Buffer) => Buffer = (_, bytes) => bytes;
	#bytesLeft = Number.POSITIVE_INFINITY;
	/** Connections so far, and at most at once. */
	connected = 0;
	mostAtOnce = 0;

	private constructor(private readonly server: Server) {
		server.on("connection", (socket) => this.#join(socket));
	}

	static async start(): Promise<TcpProxy> {
		const server = createServer();
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		return new TcpProxy(server);
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** Where new connections lead; null refuses them. */
	leadTo(url: string | null): void {
		this.#port = url === null ? null : Number(new URL(url).port);
	}

	/** Breaks every connection where it stands, or after so many more bytes of the server's. */
	cut(afterBytes = 0): void {
		this.#bytesLeft = afterBytes;
		if (afterBytes === 0) this.#cutNow();
	}

	/** Connections stay open, and nothing comes through any more: a network that has gone without a word. */
	hold(isHeld: boolean): void {
		this.#isHeld = isHeld;
	}

	/** Of the connections that are open now nothing comes through any more, either way; new ones work: a half-open line each. */
	deaden(): void {
		for (const socket of this.#open) this.#dead.add(socket);
	}

	async close(): Promise<void> {
		this.#cutNow();
		await new Promise((done) => this.server.close(done));
	}

	#cutNow(): void {
		this.#bytesLeft = Number.POSITIVE_INFINITY;
		for (const socket of this.#open) socket.destroy();
	}

	#join(client: Socket): void {
		this.connected++;
		if (this.#port === null) {
			client.destroy();
			return;
		}
		const server = connect(this.#port, "127.0.0.1");
		this.#open.add(client);
		this.mostAtOnce = Math.max(this.mostAtOnce, this.#open.size);
		const end = () => {
			this.#open.delete(client);
			client.destroy();
			server.destroy();
		};
		for (const socket of [client, server]) socket.on("error", () => {}).on("close", end);
		client.on("data", (bytes) => {
			if (!this.#dead.has(client)) server.write(this.tap("client", bytes));
		});
		const answer = (given: Buffer) => {
			const bytes = this.tap("server", given);
			if (this.#isHeld || this.#dead.has(client)) return;
			client.write(bytes.subarray(0, Math.min(bytes.length, this.#bytesLeft)), () => {
				if (this.#bytesLeft <= 0) this.#cutNow();
			});
			this.#bytesLeft -= bytes.length;
		};
		server.on("data", (bytes) => {
			if (this.delayMs > 0) setTimeout(answer, this.delayMs, bytes);
			else answer(bytes);
		});
	}
}
