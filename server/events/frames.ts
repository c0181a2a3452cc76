/** A row of the feed as Postgres gives it. */
export interface EventRow {
	/** A bigint, as text. */
	readonly id: string;
	readonly project_id: string;
	readonly kind: string;
	readonly data: string;
}

/** Nothing is sent; says to proxies and clients that the stream lives. */
export const heartbeat = Buffer.from(":\n\n");

/**
 * An event as the stream's bytes (HTML standard, "Interpreting an event stream"). `data` is JSON, where a raw line break
 * can only stand between tokens: a space in its place changes nothing, and no text of anybody's makes a second frame.
 */
export function toFrame({ id, kind, data }: Pick<EventRow, "id" | "kind" | "data">): string {
	return `id: ${id}\nevent: ${kind.replaceAll(/[\r\n]+/g, " ")}\ndata: ${data.replaceAll(/[\r\n]+/g, " ")}\n\n`;
}

export function toBytes(rows: readonly EventRow[]): Buffer {
	return Buffer.from(rows.map(toFrame).join(""));
}

/** What was missed is no longer kept: fetch anew, then go on from this id. */
export function resetFrame(lastId: number): Buffer {
	return Buffer.from(toFrame({ id: String(lastId), kind: "reset", data: "{}" }));
}

/**
 * The first bytes: how long to wait before coming back, and where the stream stands. An id without data is no event but
 * is remembered, so that who is cut off before the first event misses none.
 */
export function openingFrame(retryMs: number, position: number | null): Buffer {
	return Buffer.from(`retry: ${retryMs}\n${position === null ? "" : `id: ${position}\n`}\n`);
}

/**
 * Where a reader wants to go on: what `Last-Event-ID` says. Undefined for what is no id; above 2^53 it is only known to be
 * more than any that was given.
 */
export function parseEventId(text: string): number | undefined {
	return /^\d{1,18}$/.test(text) ? Number(text) : undefined;
}
