import type pg from "pg";
import type { Logger } from "../../src/core/logger";
import { ConnectionPool, translate } from "./connectionPool";
import { type Connection, type Database, transact } from "./database";
import { PostgresListener } from "./postgresListener";

/**
 * A Postgres server, 15 or newer. Every lost connection is made anew; work under way on it rejects, and so does what a slow
 * database has not committed in time, but for migrations.
 */
export function connectPostgres(url: string, logger: Logger): Database {
	const pool = new ConnectionPool(url, logger);
	const listeners = new Set<PostgresListener>();
	return {
		asRelay: (work) => pool.use(true, (client) => transact(toConnection(client), "service_role", null, work)),
		asUser: (userId, work) => pool.use(true, (client) => transact(toConnection(client), "authenticated", userId, work)),
		asOwner: (work) => pool.use(false, (client) => transact(toConnection(client), null, null, work)),
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
			await pool.close();
		},
	};
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
