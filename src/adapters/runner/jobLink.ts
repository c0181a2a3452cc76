import { setTimeout as wait } from "node:timers/promises";
import { backOffMs } from "../../core/relay/backOff";
import { GammaError, toFailure } from "../../shared/errors";
import { RelayProblem } from "../relay/relayProblem";
import type { JobFolder } from "./jobFolder";
import type { JobLog } from "./jobLog";
import type { Heartbeat, Held, QueueClient } from "./queueClient";
import type { ReportSpool } from "./reportSpool";

/** Whoever stops a job waits no longer for its runner to hear of it. */
const longestBeatMs = 3_000;
const progressEveryMs = 1_000;
/** How often it looks for something to tell, and between one thing and the next. */
const lookEveryMs = 200;
const leastRestMs = 20;
/** Of lines that trickle in. */
const logEveryMs = 300;
const mostLogBytes = 1 << 20;
/** A relay that is back is found soon: a lease may be running out. */
const longestRetryMs = 5_000;

/** `told`: the relay has everything. `lost`: the job is another's, or has ended. `away`: given up while the relay was away or took our token no longer. */
export type LinkEnd = "told" | "lost" | "away";

export interface JobLinkOptions {
	readonly client: QueueClient;
	readonly folder: JobFolder;
	readonly log: Pick<JobLog, "sizeBytes" | "read">;
	readonly reports: ReportSpool;
	readonly leaseSeconds: number;
	/** A person asked for the job to stop. */
	readonly onStop: () => void;
	/** Why the lease is lost; nothing is written any more. */
	readonly onLost: (reason: string) => void;
	/** The relay went away, or came back. */
	readonly onReach: (isReached: boolean, reason: string) => void;
}

/**
 * Keeps a job's lease and tells the relay what there is of it, one request at a time: its metrics, how far it is, its log and, once
 * that is noted in its folder, its end. While the relay is away everything waits on disk.
 */
export class JobLink {
	#progress: number | null = null;
	#toldProgress: number | null = null;
	#runId: string | null = null;
	#toldRunId: string | null = null;
	/** Bytes of our log that the relay has; null until it was asked. */
	#sentLogBytes: number | null = null;
	#isLogFull = false;
	#wantedLabels: readonly string[] | null = null;
	#beatMs = performance.now();
	#logMs = 0;
	#failures = 0;

	constructor(private readonly options: JobLinkOptions) {}

	tellProgress(fraction: number): void {
		this.#progress = fraction;
	}

	tellRun(id: string): void {
		this.#runId = id;
	}

	/** The job is for a runner with these labels: nothing else of it is told. */
	handBack(labels: readonly string[]): void {
		this.#wantedLabels = labels;
	}

	/** Until everything is told, the lease is lost, or `giveUp`. */
	async run(giveUp: AbortSignal): Promise<LinkEnd> {
		while (!giveUp.aborted) {
			try {
				const isTold = await this.#step(giveUp);
				this.#reached();
				if (isTold) return "told";
				await rest(this.#hasWork ? leastRestMs : Math.min(lookEveryMs, this.#beatEveryMs), giveUp);
			} catch (error) {
				if (GammaError.is(error, "lease.lost")) {
					this.options.onLost(error.message);
					return "lost";
				}
				// A new token comes with a new start; what is left to say waits for it.
				if (GammaError.is(error, "relay.unauthorized") && this.options.folder.note.end !== null) return "away";
				await this.#waitAfter(error, giveUp);
			}
		}
		return "away";
	}

	/** One request of each kind that is due; true once the end is told. */
	async #step(signal: AbortSignal): Promise<boolean> {
		if (this.#wantedLabels !== null) {
			await this.options.client.release(this.#held, this.#wantedLabels, signal);
			return true;
		}
		await this.#beat(signal);
		await this.#sendLog(signal);
		const { folder, client, reports } = this.options;
		const { end } = folder.note;
		if (end === null || this.#hasLog || (await reports.next()) !== null) return false;
		await client.complete(this.#held, end, signal);
		return true;
	}

	async #beat(signal: AbortSignal): Promise<void> {
		const { client, reports, onStop } = this.options;
		const report = await reports.next();
		if (report === null && !this.#isBeatDue) return;
		const progress = this.#progress;
		const runId = this.#runId;
		const beat: Heartbeat = {
			...(progress !== null && progress !== this.#toldProgress && { progress }),
			...(runId !== null && runId !== this.#toldRunId && { mlflowRunId: runId }),
			...(report !== null && { metrics: report }),
		};
		const stop = await client.heartbeat(this.#held, beat, signal).catch((error: unknown) => {
			// What the relay does not take of a metric, it never will.
			if (report === null || !(error instanceof RelayProblem && (error.status === 400 || error.status === 413)))
				throw error;
			return false;
		});
		if (report !== null) reports.sent();
		this.#toldProgress = progress;
		this.#toldRunId = runId;
		this.#beatMs = performance.now();
		if (stop) onStop();
	}

	async #sendLog(signal: AbortSignal): Promise<void> {
		const { client, log, folder } = this.options;
		const base = folder.note.logBaseBytes;
		if (this.#isLogFull || (this.#sentLogBytes !== null && !this.#isLogDue)) return;
		// Empty at first: what the relay has of it already, after a restart of ours, is not sent again.
		const from = this.#sentLogBytes ?? log.sizeBytes;
		const bytes = this.#sentLogBytes === null ? new Uint8Array() : await log.read(from, mostLogBytes);
		try {
			const sizeBytes = await client.append(this.#held, base + from, bytes, signal);
			this.#sentLogBytes = Math.min(Math.max(0, sizeBytes - base), log.sizeBytes);
			this.#logMs = performance.now();
		} catch (error) {
			if (!(error instanceof RelayProblem) || error.status !== 413) throw error;
			this.#isLogFull = true;
		}
	}

	get #held(): Held {
		return this.options.folder.note;
	}

	get #hasLog(): boolean {
		return !this.#isLogFull && (this.#sentLogBytes ?? -1) < this.options.log.sizeBytes;
	}

	get #isLogDue(): boolean {
		const isUrgent = this.options.folder.note.end !== null || performance.now() - this.#logMs >= logEveryMs;
		return isUrgent && this.#hasLog;
	}

	get #isBeatDue(): boolean {
		const sinceMs = performance.now() - this.#beatMs;
		const hasNews = this.#progress !== this.#toldProgress || this.#runId !== this.#toldRunId;
		// One that failed is due at once: the lease was not renewed.
		return this.#failures > 0 || sinceMs >= this.#beatEveryMs || (hasNews && sinceMs >= progressEveryMs);
	}

	get #beatEveryMs(): number {
		return Math.min(longestBeatMs, (this.options.leaseSeconds * 1000) / 3);
	}

	get #hasWork(): boolean {
		return this.options.folder.note.end !== null || this.options.reports.hasMore || this.#isLogDue || this.#isBeatDue;
	}

	#reached(): void {
		if (this.#failures > 0) this.options.onReach(true, "");
		this.#failures = 0;
	}

	async #waitAfter(error: unknown, giveUp: AbortSignal): Promise<void> {
		if (giveUp.aborted) return;
		this.#failures++;
		if (this.#failures === 1) this.options.onReach(false, toFailure(error).message);
		const askedMs = error instanceof RelayProblem ? error.retryAfterMs : null;
		await rest(Math.min(longestRetryMs, backOffMs(this.#failures, askedMs)), giveUp);
	}
}

function rest(ms: number, giveUp: AbortSignal): Promise<void> {
	return wait(ms, undefined, { signal: giveUp }).catch(() => {});
}
