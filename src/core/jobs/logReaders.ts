import { GammaError } from "../../shared/errors";
import { isEnd } from "../../shared/relay/job";
import { once } from "../once";
import type { LogPart, Relay } from "../relay/relay";
import { keyOfOrigin, type LogOrigin, logOriginOf } from "./logOrigin";
import { type LogPuller, PulledLog } from "./pulledLog";
import type { JobSource, TrackedJob } from "./trackedJob";

export interface LogReadersParts {
	readonly jobs: JobSource;
	/** Null while none is known, or none may be asked. */
	readonly relay: () => Relay | null;
	/** From the beginning of the log of this training, or of this workflow run. */
	readonly puller: (origin: Exclude<LogOrigin, { kind: "relay" }>) => Promise<LogPuller>;
}

/** A relay tells that a log grew; others are asked while somebody looks. Of GitHub's steps the quota is dearer. */
const askEveryMs = { cloudwatch: 3_000, actions: 15_000 };
/** CloudWatch and GitHub have the last lines some time after the training ended. */
const lateMs = 60_000;
/** Logs that are held at a time, the oldest are read anew where they are still looked at. */
const mostKept = 8;

interface Kept {
	readonly key: string;
	readonly log: PulledLog;
}

/** The logs of all jobs, each read from where it is kept. Reads as `Relay.readLog` does, by job. */
export class LogReaders implements Pick<Relay, "readLog"> {
	readonly #kept = new Map<string, Kept>();

	constructor(private readonly parts: LogReadersParts) {}

	/** Alike while a job's log is the same; empty where nobody keeps one. */
	keyOf(jobId: string): string {
		const tracked = this.#job(jobId);
		return tracked ? keyOfOrigin(logOriginOf(tracked)) : "";
	}

	/** Whether it can be asked: a relay's log waits until the relay is connected. */
	canRead(jobId: string): boolean {
		const key = this.keyOf(jobId);
		return key !== "" && (key !== "relay" || this.parts.relay() !== null);
	}

	/** In how many milliseconds there may be more that nobody will tell of; null where it need not be asked for. */
	askAgainMs(jobId: string, nowMs = Date.now()): number | null {
		const tracked = this.#job(jobId);
		const kind = tracked && logOriginOf(tracked)?.kind;
		if (!tracked || !kind || kind === "relay") return null;
		const { status, completedAt } = tracked.job;
		const isOver = isEnd(status) && nowMs - (Date.parse(completedAt ?? "") || 0) > lateMs;
		return isOver ? null : askEveryMs[kind];
	}

	async readLog(jobId: string, offset: number, signal?: AbortSignal): Promise<LogPart> {
		const origin = this.#origin(jobId);
		if (origin.kind === "relay") return this.#relay().readLog(jobId, offset, signal);
		const key = keyOfOrigin(origin);
		const kept = this.#kept.get(jobId);
		if (kept?.key === key) return kept.log.readLog(jobId, offset, signal);
		const puller = once(() => this.parts.puller(origin));
		const log = new PulledLog({ pull: async (asked) => (await puller()).pull(asked) });
		this.#kept.delete(jobId);
		this.#kept.set(jobId, { key, log });
		for (const oldest of [...this.#kept.keys()].slice(0, -mostKept)) this.#kept.delete(oldest);
		return log.readLog(jobId, offset, signal);
	}

	/** All of it as it is now, from its first byte on, in pieces. */
	async *whole(jobId: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
		const origin = this.#origin(jobId);
		if (origin.kind === "relay") {
			const relay = this.#relay();
			for (let offset = 0, sizeBytes = 1; offset < sizeBytes; ) {
				const part = await relay.readLog(jobId, offset, signal);
				if (part.bytes.length === 0) return;
				yield part.bytes;
				offset += part.bytes.length;
				sizeBytes = part.sizeBytes;
			}
			return;
		}
		const puller = await this.parts.puller(origin);
		for (let hasMore = true; hasMore; ) {
			const pulled = await puller.pull(signal);
			hasMore = pulled.hasMore;
			if (pulled.text !== "") yield new TextEncoder().encode(pulled.text);
		}
	}

	/** Nobody looks at it any more. */
	forget(jobId: string): void {
		this.#kept.delete(jobId);
	}

	#job(id: string): TrackedJob | undefined {
		return this.parts.jobs.snapshot.jobs.get(id);
	}

	#origin(jobId: string): LogOrigin {
		const tracked = this.#job(jobId);
		if (!tracked) {
			throw new GammaError("job.missing", "This job is no longer known: it was deleted, or its project is not shown.");
		}
		const origin = logOriginOf(tracked);
		if (origin) return origin;
		throw new GammaError("job.unmanaged", "Nobody keeps the log of this job: look where it trains.");
	}

	#relay(): Relay {
		const relay = this.parts.relay();
		if (relay) return relay;
		throw new GammaError("relay.unreachable", "No relay is connected just now.");
	}
}
