import { createHash } from "node:crypto";
import { GammaError } from "../../src/shared/errors";
import type { Database, Queryable } from "./database";

export interface Migration {
	/** `0001_ground`: the number orders, the rest is for people. */
	readonly name: string;
	readonly sql: string;
	/**
	 * The newest migration of the oldest relay that may still serve after this one: itself where this takes something away or
	 * changes what it means, which an older relay would stumble over.
	 */
	readonly oldestRelay: string;
}

/** Any number, the same for every relay: two that start at once take turns. */
const lockKey = 7_426_001;

/**
 * Brings the database up to date: each migration once, in a transaction of its own, in order.
 * A database that newer relays have migrated is served where all of those migrations say that this relay may.
 * Rejects with `settings.invalid` when one that ran before reads otherwise now, or when the database is too new for this relay.
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<void> {
	for (const migration of migrations) {
		await database.asOwner(async (transaction) => {
			await transaction.query(`select pg_advisory_xact_lock(${lockKey})`);
			await transaction.query(`create table if not exists public.gamma_migrations (
				name text primary key, checksum text not null, ran_at timestamptz not null default now())`);
			await addOldestRelay(transaction);
			if (await isDone(transaction, migration)) return;
			await transaction.query(migration.sql);
			await transaction.query(
				"insert into public.gamma_migrations (name, checksum, oldest_relay) values ($1, $2, $3)",
				[migration.name, checksum(migration), migration.oldestRelay],
			);
		});
	}
	const known = new Set(migrations.map(({ name }) => name));
	const newest = migrations.at(-1)?.name ?? "";
	const ran = await database.asOwner((transaction) =>
		transaction.query<{ name: string; oldest_relay: string | null }>(
			"select name, oldest_relay from public.gamma_migrations order by name",
		),
	);
	// Names begin with numbers of one length, so that texts are in the order of the migrations.
	const tooNew = ran.find(({ name, oldest_relay: oldest }) => !known.has(name) && (oldest === null || oldest > newest));
	if (tooNew) {
		throw new GammaError(
			"settings.invalid",
			`The database has run the migration ${tooNew.name}, after which this relay cannot serve it: start the newer relay.`,
		);
	}
}

/** What databases lack that relays before 0006 migrated; of what those ran nothing is known, nor asked. */
async function addOldestRelay(transaction: Queryable): Promise<void> {
	const [column] = await transaction.query(
		`select from information_schema.columns
		where table_schema = 'public' and table_name = 'gamma_migrations' and column_name = 'oldest_relay'`,
	);
	// Only where it is missing: the lock that this takes is nobody's who only starts.
	if (!column) await transaction.query("alter table public.gamma_migrations add column oldest_relay text");
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
