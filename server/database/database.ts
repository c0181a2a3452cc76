export interface Connection {
	/** Rows as Postgres gives them; `bigint` and `numeric` are texts, times are `Date`s, `jsonb` is parsed. */
	query<Row = Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** A transaction, as the work in it sees it. */
export interface Queryable extends Connection {
	/**
	 * Sends what comes last: the commit follows at once, without a wait for the answer. For what takes a lock that everybody
	 * wants, such as appending events; what fails fails the transaction.
	 */
	sendLast(sql: string, values: readonly unknown[]): void;
}

/** Nothing is wrong with what was asked: the database cannot be reached now, or went away before it answered. */
export class DatabaseAway extends Error {
	constructor(cause: unknown) {
		super(cause instanceof Error ? cause.message : String(cause), { cause });
	}
}

/**
 * The one door to Postgres, be it a server or embedded. Every transaction says as whom it acts; what fails rejects with
 * `DatabaseAway`, or with the error that Postgres itself sent (`code` is its SQLSTATE).
 */
export interface Database {
	/** As the relay itself, for webhooks, runners' leases and upkeep: policies let role `service_role` do everything. */
	asRelay<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>;
	/** As the signed-in person: row level security decides what is seen and changed. */
	asUser<T>(userId: string, work: (transaction: Queryable) => Promise<T>): Promise<T>;
	/**
	 * Calls `onNotice` after a NOTIFY on the channel, and after the connection was lost and made again, when notices may
	 * have been missed. A notice is a hint to look, never the news itself.
	 */
	listen(channel: string, onNotice: () => void): Promise<() => Promise<void>>;
	/** Runs migrations: as whoever connects, outside of any role. */
	asOwner<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}

/**
 * `begin` as a role, the work, then `commit`; `rollback` when the work throws. For the relay itself the first question is on
 * its way with what comes before it, one round trip less; a person's waits until Postgres knows as whom it is asked.
 */
export async function transact<T>(
	connection: Connection,
	role: "service_role" | "authenticated" | null,
	userId: string | null,
	work: (transaction: Queryable) => Promise<T>,
): Promise<T> {
	const begun = Promise.all([
		connection.query(role !== null && userId === null ? `begin; ${asRole(role)}` : "begin"),
		userId !== null &&
			connection.query("select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)", [
				role,
				JSON.stringify({ sub: userId, role }),
			]),
	]);
	// Work that fails before it asks anything hears nothing of this.
	begun.catch(() => {});
	const last: Promise<unknown>[] = [];
	const transaction: Queryable = {
		async query<Row>(sql: string, values?: readonly unknown[]) {
			const [rows] = await Promise.all([connection.query<Row>(sql, values), begun]);
			return rows;
		},
		sendLast(sql, values) {
			const sent = connection.query(sql, values);
			sent.catch(() => {});
			last.push(sent);
		},
	};
	try {
		if (userId !== null) await begun;
		const result = await work(transaction);
		// Postgres makes a rollback of the commit of what has failed.
		await Promise.all([begun, ...last, connection.query("commit")]);
		return result;
	} catch (error) {
		await connection.query("rollback").catch(() => {});
		throw error;
	}
}

/** Of the relay's own roles only: a text, so that it goes with `begin`. */
function asRole(role: string): string {
	return `select set_config('role', '${role}', true), set_config('request.jwt.claims', '{}', true)`;
}
