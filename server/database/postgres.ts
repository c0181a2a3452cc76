import pg from "pg";
import type { Logger } from "../../src/core/logger";
import { type Connection, type Database, DatabaseAway, transact } from "./database";

/** Connections of one relay: more only wait on each other in a small database. */
const poolSize = 16;
const reconnectMs = { first: 100, most: 5_000 };

/** A Postgres server, 15 or newer. Every lost connection is made anew; work under way on it rejects. */
export function connectPostgres(url: string, logger: Logger): Database {
	const pool = new pg.Pool({
		connectionString: url,
		max: poolSize,
		connectionTimeoutMillis: 5_000,
		application_name: "gamma-relay",
		// Questions that need no answer of each other share a round trip (`transact`).
		pipeline: true,
	});
	// Without a listener a database that goes away would end the process.
	pool.on("error", (error) => logger.warn("a database connection was lost", { reason: error.message }));

	const using = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
		const client = await pool.connect().catch(translate);
		let failure: Error | undefined;
		const onError = (error: Error) => {
			failure = error;
		};
		client.on("error", onError);
		try {
			return await work(toConnection(client));
		} catch (error) {
			if (error instanceof DatabaseAway) failure = error;
			throw error;
		} finally {
			client.removeListener("error", onError);
			client.release(failure);
		}
	};
	const listeners = new Set<PostgresListener>();
	return {
		asRelay: (work) => using((connection) => transact(connection, "service_role", null, work)),
		asUser: (userId, work) => using((connection) => transact(connection, "authenticated", userId, work)),
		asOwner: (work) => using((connection) => transact(connection, null, null, work)),
		async listen(channel, onNotice) {
			const listener = new PostgresListener(url, channel, onNotice, logger);
			listeners.add(listener);
			return async () => {
				listeners.delete(listener);
				await listener.close();
			};
		},
		async close() {
			await Promise.all([...listeners].map((listener) => listener.close()));
			await pool.end();
		},
	};
}

/** Of SQLSTATE: a connection's end, a server that ends or begins, one that has no room for more connections. */
const away = /^(08|57P|53300)/;

/** An error that Postgres itself sent is about the question, as a rule; all else but a mistake in the code is about the way there. */
function translate(error: unknown): never {
	const isAnswer = error instanceof pg.DatabaseError && !away.test(error.code ?? "");
	throw isAnswer || error instanceof TypeError || error instanceof RangeError ? error : new DatabaseAway(error);
}

/** The texts that are asked, each with its name; one that is made of many parts does not fill the server's memory. */
const names = new Map<string, string>();
const mostNames = 500;

/** With a name, Postgres reads and plans a text once per connection; whose plan depends on the role is planned for each. */
function nameOf(sql: string): string | undefined {
	const known = names.get(sql);
	if (known !== undefined || names.size >= mostNames) return known;
	const name = `gamma_${names.size}`;
	names.set(sql, name);
	return name;
}

function toConnection(client: pg.ClientBase): Connection {
	return {
		async query<Row>(sql: string, values: readonly unknown[] = []) {
			const name = values.length > 0 ? nameOf(sql) : undefined;
			const asked = { text: sql, values: [...values], ...(name !== undefined && { name }) };
			const result = await client.query(asked).catch(translate);
			return result.rows as readonly Row[];
		},
	};
}

/** A connection of its own that waits for notices, made again for as long as it is wanted. */
class PostgresListener {
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
			keepAlive: true,
		});
		this.#client = client;
		let isOver = false;
		const again = (reason: string) => {
			if (isOver || this.#isClosed) return;
			isOver = true;
			this.logger.debug("listening was cut off", { reason });
			client.end().catch(() => {});
			this.#timer = setTimeout(() => void this.#connect(), this.#waitMs);
			this.#waitMs = Math.min(this.#waitMs * 2, reconnectMs.most);
		};
		client.on("error", (error) => again(error.message));
		client.on("end", () => again("the connection ended"));
		client.on("notification", () => this.onNotice());
		try {
			await client.connect();
			await client.query(`listen ${client.escapeIdentifier(this.channel)}`);
			this.#waitMs = reconnectMs.first;
			this.onNotice();
		} catch (error) {
			again(error instanceof Error ? error.message : String(error));
		}
	}
}
