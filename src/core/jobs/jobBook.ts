import { isEnd, type Job } from "../../shared/relay/job";
import type { RelayEvent } from "../relay/relay";
import type { TrackedJob } from "./trackedJob";

/** What is known of a job beside what the relay keeps of it. */
export type JobSetting = Pick<TrackedJob, "repository" | "isOwn" | "url">;

/** A value, and the id of the event that told it. */
interface Told<T> {
	readonly value: T;
	readonly id: number;
}

interface Entry {
	/** Null while only its stream has spoken of it. */
	row: Told<Job> | null;
	readonly metrics: Map<string, Told<number>>;
	step: Told<number> | null;
	logSize: Told<number> | null;
	/** The id of the event that told of its latest comment. */
	commentEvent: number | null;
	lastSignMs: number;
}

/**
 * The jobs of a relay, put together from its lists and its events. Of everything the event with the greatest id counts, so
 * that events told twice or in another order come to the same. A job that has ended stays so.
 */
export class JobBook {
	readonly #entries = new Map<string, Entry>();
	readonly #jobs = new Map<string, TrackedJob>();

	constructor(private readonly settingOf: (job: Job) => JobSetting) {}

	/** Live; by id. */
	get jobs(): ReadonlyMap<string, TrackedJob> {
		return this.#jobs;
	}

	/** Ids of the jobs that look different now. */
	take(events: readonly RelayEvent[], nowMs: number): readonly string[] {
		const changed = new Set<string>();
		for (const event of events) {
			const id = this.#takeOne(event);
			if (id === null) continue;
			const entry = this.#entry(id);
			entry.lastSignMs = Math.max(entry.lastSignMs, nowMs);
			changed.add(id);
		}
		return [...changed].filter((id) => this.#write(id));
	}

	/**
	 * A project's jobs as a list told them that was asked for when the stream stood at `lastEventId`. A job that the list
	 * does not hold is let go, unless the stream has told of it since.
	 */
	replace(projectId: string, rows: readonly Job[], lastEventId: string, nowMs: number): readonly string[] {
		const asOf = Number(lastEventId);
		const listed = new Set(rows.map((row) => row.id));
		const isLost = ({ row }: Entry) => row?.value.projectId === projectId && row.id <= asOf;
		const lost = [...this.#entries].filter(([id, entry]) => !listed.has(id) && isLost(entry)).map(([id]) => id);
		this.#forget(lost);
		const changed = rows.filter((row) => {
			const entry = this.#entry(row.id);
			if (!takeRow(entry, { value: row, id: asOf })) return false;
			entry.lastSignMs = Math.max(entry.lastSignMs, isEnd(row.status) ? lastTimeOf(row) : nowMs);
			return this.#write(row.id);
		});
		return [...lost, ...changed.map(({ id }) => id)];
	}

	/** All but these projects' jobs go. */
	keepProjects(ids: ReadonlySet<string>): readonly string[] {
		const lost = [...this.#entries].flatMap(([id, { row }]) => (row && !ids.has(row.value.projectId) ? [id] : []));
		this.#forget(lost);
		return lost;
	}

	/** Asks anew what is known beside the relay's word. */
	resettle(): readonly string[] {
		return [...this.#jobs.values()].flatMap((tracked) => {
			const { repository, isOwn, url } = this.settingOf(tracked.job);
			const isSame = repository === tracked.repository && isOwn === tracked.isOwn && url === tracked.url;
			return !isSame && this.#write(tracked.job.id) ? [tracked.job.id] : [];
		});
	}

	/** The job's id where the event told something that was not known. */
	#takeOne(event: RelayEvent): string | null {
		const id = Number(event.id);
		switch (event.kind) {
			case "job.created":
			case "job.updated":
				return takeRow(this.#entry(event.data.id), { value: event.data, id }) ? event.data.id : null;
			case "job.metric": {
				const { jobId, step, metrics } = event.data;
				const entry = this.#entry(jobId);
				const isNewStep = step !== null && isLater(entry.step, id);
				if (isNewStep) entry.step = { value: step, id };
				const newer = Object.entries(metrics).filter(([key]) => isLater(entry.metrics.get(key), id));
				for (const [key, value] of newer) entry.metrics.set(key, { value: Number(value), id });
				return isNewStep || newer.length > 0 ? jobId : null;
			}
			case "job.log": {
				const { jobId, sizeBytes } = event.data;
				const entry = this.#entry(jobId);
				if (!isLater(entry.logSize, id)) return null;
				entry.logSize = { value: sizeBytes, id };
				return jobId;
			}
			case "comment.created": {
				const { jobId } = event.data;
				const entry = this.#entry(jobId);
				if (id <= (entry.commentEvent ?? 0)) return null;
				entry.commentEvent = id;
				return jobId;
			}
			default:
				return null;
		}
	}

	#entry(id: string): Entry {
		const known = this.#entries.get(id);
		if (known) return known;
		const entry: Entry = {
			row: null,
			metrics: new Map(),
			step: null,
			logSize: null,
			commentEvent: null,
			lastSignMs: 0,
		};
		this.#entries.set(id, entry);
		return entry;
	}

	#write(id: string): boolean {
		const { row, metrics, step, logSize, commentEvent, lastSignMs } = this.#entry(id);
		if (!row) return false;
		this.#jobs.set(id, {
			job: row.value,
			source: "relay",
			...this.settingOf(row.value),
			metrics: Object.fromEntries([...metrics].map(([key, { value }]) => [key, value])),
			step: step?.value ?? null,
			logSizeBytes: logSize?.value ?? null,
			...(commentEvent !== null && { lastCommentEvent: commentEvent }),
			lastSignMs,
		});
		return true;
	}

	#forget(ids: readonly string[]): void {
		for (const id of ids) {
			this.#entries.delete(id);
			this.#jobs.delete(id);
		}
	}
}

function isLater(known: Told<unknown> | null | undefined, id: number): boolean {
	return !known || id > known.id;
}

/** Whether anything is different then. A list may tell an end that the stream comes to only later. */
function takeRow(entry: Entry, told: Told<Job>): boolean {
	const known = entry.row;
	if (known && (told.id < known.id || (isEnd(known.value.status) && !isEnd(told.value.status)))) return false;
	entry.row = told;
	return !known || !isSameJob(known.value, told.value);
}

function isSameJob(one: Job, other: Job): boolean {
	return (Object.keys(other) as (keyof Job)[]).every((key) => one[key] === other[key]);
}

function lastTimeOf({ completedAt, startedAt, createdAt }: Job): number {
	return Date.parse(completedAt ?? startedAt ?? createdAt) || 0;
}
