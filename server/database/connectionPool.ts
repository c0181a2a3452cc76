import { Socket } from "node:net";
import pg from "pg";
import type { Logger } from "../../src/core/logger";
import { DatabaseAway } from "./database";

/** Connections of one relay: more only wait on each other in a small database. */
const poolSize = 16;
/** For a connection: the way there, or one that somebody else has done with. */
const connectMs = 5_000;
/** From the wish for a connection to the commit. GitHub gives up after 10 s: by then it has been told to come again. */
const answerMs = 8_000;

/** A connection whose line can be cut while answers are owed on it: `end` would wait for them, and a dead line owes them for ever. */
class Line extends pg.Client {
	readonly #socket: Socket;

	constructor(config?: pg.ClientConfig) {
		const socket = new Socket();
		super({ ...config, stream: () => socket });
		this.#socket = socket;
	}

	cut(): void {
		this.#socket.destroy();
	}
}

/**
 * Connections to a Postgres server, lent for one transaction each. What takes longer than `answerMs` is given up: it rejects
 * with `DatabaseAway`, and its line is cut, so that nothing of it is done later but a commit that was on its way. A line that
 * gives no answer makes the others suspect that idle meanwhile: they are made anew, since who asks next would wait as long.
 */
export class ConnectionPool {
	#pool: pg.Pool;

	constructor(
		private readonly url: string,
		private readonly logger: Logger,
	) {
		this.#pool = this.#open();
	}

	/** Rejects with `DatabaseAway`, with the error that Postgres sent, or with the work's own. */
	async use<T>(isHurried: boolean, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
		const pool = this.#pool;
		let line: Line | undefined;
		let isLate = false;
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_, reject) => {
			if (!isHurried) return;
			timer = setTimeout(() => {
				isLate = true;
				reject(new DatabaseAway(`no answer within ${answerMs} ms`));
				line?.cut();
				if (line) this.#renew(pool);
			}, answerMs);
		});
		const done = (async () => {
			const client = await pool.connect().catch(translate);
			if (client instanceof Line) line = client;
			let failure: Error | undefined;
			const onError = (error: Error) => {
				failure = error;
			};
			client.on("error", onError);
			try {
				if (isLate) throw new DatabaseAway("the connection came too late");
				return await work(client);
			} catch (error) {
				if (error instanceof DatabaseAway) failure = error;
				throw error;
			} finally {
				line = undefined;
				client.removeListener("error", onError);
				client.release(failure);
			}
		})();
		return Promise.race([done, late]).finally(() => clearTimeout(timer));
	}

	/** Once everything that was lent has come back. */
	close(): Promise<void> {
		return this.#pool.end();
	}

	#open(): pg.Pool {
		const pool = new pg.Pool({
			connectionString: this.url,
			Client: Line,
			max: poolSize,
			connectionTimeoutMillis: connectMs,
			application_name: "gamma-relay",
			// Questions that need no answer of each other share a round trip (`transact`).
			pipeline: true,
		});
		// Without a listener a database that goes away would end the process.
		pool.on("error", (error) => this.logger.warn("a database connection was lost", { reason: error.message }));
		return pool;
	}

	#renew(suspect: pg.Pool): void {
		if (suspect !== this.#pool) return;
		this.logger.warn("the database gives no answer: its connections are made anew");
		this.#pool = this.#open();
		suspect.end().catch(() => {});
	}
}

/** Of SQLSTATE: a connection's end, a server that ends or begins, one that has no room for more connections. */
const away = /^(08|57P|53300)/;

/** An error that Postgres itself sent is about the question, as a rule; all else but a mistake in the code is about the way there. */
export function translate(error: unknown): never {
	const isAnswer = error instanceof pg.DatabaseError && !away.test(error.code ?? "");
	throw isAnswer || error instanceof TypeError || error instanceof RangeError ? error : new DatabaseAway(error);
}
