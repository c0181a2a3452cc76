import type { Database } from "../database/database";

/** Who was away for longer gets a `reset`. */
const keptDays = 14;
/** Deleted in one transaction: a few seconds at most. */
const atOnce = 10_000;

/**
 * Deletes what is older than is kept. By id below an old one, since times are those of a transaction's begin and not in
 * order; that one stays, and so the first id that is kept says up to where nothing is.
 */
export async function deleteOldEvents(database: Database, days = keptDays): Promise<void> {
	for (;;) {
		const deleted = await database.asRelay((transaction) =>
			transaction.query(
				`delete from events where id in (
					select id from events
					where id < (select max(id) from events where created_at < now() - make_interval(days => $1))
					order by id limit $2)
				returning id`,
				[days, atOnce],
			),
		);
		if (deleted.length < atOnce) return;
	}
}
