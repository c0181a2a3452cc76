import type { Logger } from "../../src/core/logger";
import type { Database } from "../database/database";
import type { EventStream } from "./eventStream";
import { type EventRow, toBytes } from "./frames";
import { deleteOldEvents } from "./retention";

/** Rows of one read: a few hundred kB at most, as a rule. */
const batchSize = 200;
/** A hint may be lost with its connection: the table is read this often anyway. */
const pollMs = 3_000;
/** Heartbeats, and whether every reader may still read: far under the 60 s after which a load balancer cuts. */
const beatMs = 10_000;
const retentionMs = 3_600_000;

/**
 * Reads what is appended, once per relay, and hands it to every open stream of its project as the same bytes. Ids are in
 * the order of commits (`gamma_append_event`), so "greater than the last one" misses nothing; NOTIFY only says to look now.
 */
export class EventFeed {
	/** Everything up to here has been handed on. */
	#lastId = 0;
	#isWanted = false;
	#isClosed = false;
	#reading: Promise<void> | null = null;
	#isAway = false;
	#lagMs = 0;
	#unlisten: (() => Promise<void>) | undefined;
	readonly #timers: NodeJS.Timeout[] = [];
	readonly #streams = new Map<string, Set<EventStream>>();
	readonly #watchers = new Set<(rows: readonly EventRow[]) => void>();

	constructor(
		private readonly database: Database,
		private readonly logger: Logger,
	) {}

	get lastId(): number {
		return this.#lastId;
	}

	get streamCount(): number {
		return this.#all().length;
	}

	/** From the beginning of a transaction to its event's handing on, the longest since this was last asked. */
	takeLagMs(): number {
		const lagMs = this.#lagMs;
		this.#lagMs = 0;
		return Math.round(lagMs);
	}

	get isClosed(): boolean {
		return this.#isClosed;
	}

	/** Begins at what is last in the table now. */
	async start(): Promise<void> {
		this.#lastId = (await this.bounds()).last;
		this.#unlisten = await this.database.listen("gamma_events", () => this.#look());
		this.#timers.push(
			setInterval(() => this.#look(), pollMs),
			setInterval(() => void this.#beat(), beatMs),
			setInterval(() => void this.#forget(), retentionMs),
		);
	}

	/** The first and last id kept; both 0 where nothing is. */
	async bounds(): Promise<{ first: number; last: number }> {
		const [row] = await this.database.asRelay((transaction) =>
			transaction.query<{ first: string; last: string }>(
				"select coalesce(min(id), 0)::text as first, coalesce(max(id), 0)::text as last from events",
			),
		);
		return { first: Number(row?.first), last: Number(row?.last) };
	}

	/** Resolves once everything that was committed before the call has been handed on. */
	catchUp(): Promise<void> {
		this.#isWanted = true;
		this.#reading ??= this.#read();
		return this.#reading;
	}

	add(stream: EventStream): void {
		const streams = this.#streams.get(stream.projectId) ?? new Set();
		this.#streams.set(stream.projectId, streams.add(stream));
	}

	remove(stream: EventStream): void {
		const streams = this.#streams.get(stream.projectId);
		streams?.delete(stream);
		if (streams?.size === 0) this.#streams.delete(stream.projectId);
	}

	/** Calls with every batch that was read, of all projects; what it returns stops that. */
	watch(onRows: (rows: readonly EventRow[]) => void): () => void {
		this.#watchers.add(onRows);
		return () => this.#watchers.delete(onRows);
	}

	/** Ends every stream; who does not take the end is cut off. */
	async close(): Promise<void> {
		if (this.#isClosed) return;
		this.#isClosed = true;
		for (const timer of this.#timers) clearInterval(timer);
		await Promise.all(this.#all().map((stream) => stream.endForRestart()));
		await this.#unlisten?.().catch(() => {});
		await this.#reading?.catch(() => {});
	}

	#all(): EventStream[] {
		return [...this.#streams.values()].flatMap((streams) => [...streams]);
	}

	#look(): void {
		if (this.#isClosed) return;
		this.catchUp().then(
			() => {
				this.#isAway = false;
			},
			(error: unknown) => {
				if (!this.#isAway) this.logger.warn("events cannot be read now", { reason: reasonOf(error) });
				this.#isAway = true;
			},
		);
	}

	async #read(): Promise<void> {
		try {
			while (this.#isWanted) {
				this.#isWanted = false;
				let rows: readonly (EventRow & { readonly lag_ms: number })[];
				do {
					rows = await this.database.asRelay((transaction) =>
						transaction.query(
							`select id::text, project_id, kind, data, extract(epoch from clock_timestamp() - created_at)::float8 * 1000 as lag_ms
							from events where id > $1 order by events.id limit $2`,
							[this.#lastId, batchSize],
						),
					);
					this.#handOn(rows);
					this.#lagMs = Math.max(this.#lagMs, ...rows.map(({ lag_ms }) => lag_ms));
				} while (rows.length === batchSize);
			}
		} finally {
			// In the same step as the last look at `#isWanted`, or a call in between would wait for nothing.
			this.#reading = null;
		}
	}

	#handOn(rows: readonly EventRow[]): void {
		const last = rows.at(-1);
		if (!last) return;
		const ofProject = new Map<string, EventRow[]>();
		for (const row of rows) {
			if (!this.#streams.has(row.project_id)) continue;
			const theirs = ofProject.get(row.project_id);
			if (theirs) theirs.push(row);
			else ofProject.set(row.project_id, [row]);
		}
		this.#lastId = Number(last.id);
		for (const [project, theirs] of ofProject) {
			const bytes = toBytes(theirs);
			for (const stream of [...(this.#streams.get(project) ?? [])]) stream.deliver(bytes);
		}
		for (const watcher of this.#watchers) watcher(rows);
	}

	async #beat(): Promise<void> {
		const streams = this.#all();
		for (const stream of streams) stream.beat();
		if (streams.length === 0) return;
		try {
			const members = await this.database.asRelay((transaction) =>
				transaction.query<{ project_id: string; user_id: string }>(
					"select project_id, user_id from members where project_id = any($1::uuid[])",
					[[...this.#streams.keys()]],
				),
			);
			const allowed = new Set(members.map((member) => `${member.project_id} ${member.user_id}`));
			for (const stream of streams) if (!allowed.has(`${stream.projectId} ${stream.userId}`)) stream.end();
		} catch (error) {
			// While the database is away there is no event to read either.
			this.logger.debug("readers cannot be checked now", { reason: reasonOf(error) });
		}
	}

	async #forget(): Promise<void> {
		await deleteOldEvents(this.database).catch((error: unknown) =>
			this.logger.warn("old events cannot be deleted now", { reason: reasonOf(error) }),
		);
	}
}

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
