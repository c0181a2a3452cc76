/** Rows as Postgres gives them; `bigint` and `numeric` are texts, times are `Date`s, `jsonb` is parsed. */
export interface Queryable {
	query<Row = Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** The one door to Postgres, be it a server or embedded. Every transaction says as whom it acts. */
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

/** `begin` as a role, the work, then `commit`; `rollback` when the work throws. */
export async function transact<T>(
	connection: Queryable,
	role: string | null,
	userId: string | null,
	work: (transaction: Queryable) => Promise<T>,
): Promise<T> {
	await connection.query("begin");
	try {
		if (role !== null) {
			const claims = userId === null ? {} : { sub: userId, role };
			await connection.query("select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)", [
				role,
				JSON.stringify(claims),
			]);
		}
		const result = await work(connection);
		await connection.query("commit");
		return result;
	} catch (error) {
		await connection.query("rollback").catch(() => {});
		throw error;
	}
}
