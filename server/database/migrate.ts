import { createHash } from "node:crypto";
import { GammaError } from "../../src/shared/errors";
import type { Database, Queryable } from "./database";

export interface Migration {
	/** `0001_ground`: the number orders, the rest is for people. */
	readonly name: string;
	readonly sql: string;
}

/** Any number, the same for every relay: two that start at once take turns. */
const lockKey = 7_426_001;

/**
 * Brings the database up to date: each migration once, in a transaction of its own, in order.
 * Rejects with `settings.invalid` when one that ran before reads otherwise now, or when the database is newer than this relay.
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<void> {
	for (const migration of migrations) {
		await database.asOwner(async (transaction) => {
			await transaction.query(`select pg_advisory_xact_lock(${lockKey})`);
			await transaction.query(`create table if not exists public.gamma_migrations (
				name text primary key, checksum text not null, ran_at timestamptz not null default now())`);
			if (await isDone(transaction, migration)) return;
			await transaction.query(migration.sql);
			await transaction.query("insert into public.gamma_migrations (name, checksum) values ($1, $2)", [
				migration.name,
				checksum(migration),
			]);
		});
	}
	const known = new Set(migrations.map(({ name }) => name));
	const ran = await database.asOwner((transaction) =>
		transaction.query<{ name: string }>("select name from public.gamma_migrations order by name"),
	);
	const newer = ran.find(({ name }) => !known.has(name));
	if (newer) {
		throw new GammaError(
			"settings.invalid",
			`The database has run the migration ${newer.name}, which this relay does not know: start the newer relay.`,
		);
	}
}

async function isDone(transaction: Queryable, migration: Migration): Promise<boolean> {
	const [row] = await transaction.query<{ checksum: string }>(
		"select checksum from public.gamma_migrations where name = $1",
		[migration.name],
	);
	if (row && row.checksum !== checksum(migration)) {
		throw new GammaError(
			"settings.invalid",
			`The migration ${migration.name} reads otherwise than when this database ran it: start the relay that ran it, or add a new migration.`,
		);
	}
	return row !== undefined;
}

function checksum({ sql }: Migration): string {
	return createHash("sha256").update(sql).digest("hex");
}
