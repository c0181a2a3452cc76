import pg from "pg";
import type { Logger } from "../../src/core/logger";

const reconnectMs = { first: 100, most: 5_000 };
/** A line that has died without a word is noticed within twice this time. */
const askEveryMs = 5_000;

/** A connection of its own that waits for notices, made again for as long as it is wanted. */
export class PostgresListener {
	#client: pg.Client | undefined;
	#timer: NodeJS.Timeout | undefined;
	#isClosed = false;
	#waitMs = reconnectMs.first;

	constructor(
		private readonly url: string,
		private readonly channel: string,
		private readonly onNotice: () => void,
		private readonly logger: Logger,
	) {
		void this.#connect();
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		clearTimeout(this.#timer);
		await this.#client?.end().catch(() => {});
	}

	async #connect(): Promise<void> {
		const client = new pg.Client({
			connectionString: this.url,
			application_name: "gamma-relay-listen",
			connectionTimeoutMillis: askEveryMs,
			query_timeout: askEveryMs,
			keepAlive: true,
		});
		this.#client = client;
		let isOver = false;
		const again = (reason: string) => {
			if (isOver || this.#isClosed) return;
			isOver = true;
			this.logger.warn("listening was cut off", { reason });
			client.end().catch(() => {});
			this.#timer = setTimeout(() => void this.#connect(), this.#waitMs);
			this.#waitMs = Math.min(this.#waitMs * 2, reconnectMs.most);
		};
		client.on("error", (error) => again(error.message));
		client.on("end", () => again("the connection ended"));
		client.on("notification", () => this.onNotice());
		/** Who only waits never learns that nobody is there any more. */
		const ask = () => {
			if (isOver || this.#isClosed) return;
			client.query("select 1").then(
				() => {
					this.#timer = setTimeout(ask, askEveryMs);
				},
				(error: Error) => again(error.message),
			);
		};
		try {
			await client.connect();
			await client.query(`listen ${client.escapeIdentifier(this.channel)}`);
			this.#waitMs = reconnectMs.first;
			this.onNotice();
			this.#timer = setTimeout(ask, askEveryMs);
		} catch (error) {
			again(error instanceof Error ? error.message : String(error));
		}
	}
}
