import type { Database } from "../database/database";
import type { EventFeed } from "./eventFeed";
import type { EventStream } from "./eventStream";
import { type EventRow, resetFrame, toBytes } from "./frames";

const pageSize = 500;

/**
 * Tells a stream what came after `position`, from the table, then lets it go live: no gap, no repeat. The stream holds back
 * what the feed hands on meanwhile; the table is read up to where the feed stood when that began. Reads as the user: a
 * member who is removed meanwhile is told no more. Ends in a `reset` where something of the past is no longer kept.
 */
export async function replay(
	database: Database,
	feed: EventFeed,
	stream: EventStream,
	position: number,
): Promise<void> {
	for (let from = position; !stream.isOver; ) {
		stream.holdBack();
		const upTo = feed.lastId;
		while (from < upTo && !stream.isOver) {
			const rows = await readPage(database, stream, from, upTo);
			if (rows === null) return stream.end();
			// After the page was read: what was kept now was kept then.
			if (!isKept(from, (await feed.bounds()).first)) {
				await feed.catchUp();
				stream.holdBack();
				void stream.writePast(resetFrame(feed.lastId));
				stream.goLive();
				return;
			}
			from = rows.length < pageSize ? upTo : Number(rows.at(-1)?.id);
			if (rows.length > 0) await stream.writePast(toBytes(rows));
		}
		if (stream.goLive()) return;
	}
}

/** Whether everything after `position` is still in the table, whose first id is `first`. */
export function isKept(position: number, first: number): boolean {
	return position >= first - 1;
}

/** Null where the user may not read the project any more. */
function readPage(
	database: Database,
	{ userId, projectId }: EventStream,
	from: number,
	upTo: number,
): Promise<readonly EventRow[] | null> {
	return database.asUser(userId, async (transaction) => {
		const rows = await transaction.query<EventRow>(
			`select id::text, project_id, kind, data from events
			where project_id = $1 and id > $2 and id <= $3 order by events.id limit $4`,
			[projectId, from, upTo, pageSize],
		);
		// After the rows: who is a member now was shown all of them.
		const [access] = await transaction.query<{ role: string | null }>("select gamma_role($1) as role", [projectId]);
		return access?.role ? rows : null;
	});
}
