import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A load balancer as AWS's: new connections go to its servers in turn, and those of a server that is taken out stay. */
export class Balancer {
	readonly #open = new Set<Socket>();
	#ports: readonly number[] = [];
	#turn = 0;

	private constructor(private readonly server: Server) {
		server.on("connection", (socket) => this.#join(socket));
	}

	static async start(): Promise<Balancer> {
		const server = createServer();
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", 4_096, done));
		return new Balancer(server);
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** From here on these alone get new connections. */
	serve(urls: readonly string[]): void {
		this.#ports = urls.map((url) => Number(new URL(url).port));
	}

	async close(): Promise<void> {
		for (const socket of this.#open) socket.destroy();
		await new Promise((done) => this.server.close(done));
	}

	#join(client: Socket): void {
		const port = this.#ports[this.#turn++ % this.#ports.length];
		if (port === undefined) return void client.destroy();
		const server = connect(port, "127.0.0.1");
		this.#open.add(client);
		const end = () => {
			this.#open.delete(client);
			client.destroy();
			server.destroy();
		};
		for (const socket of [client, server]) socket.on("error", () => {}).on("close", end);
		client.pipe(server);
		server.pipe(client);
	}
}
