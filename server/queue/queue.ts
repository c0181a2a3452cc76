import type { Logger } from "../../src/core/logger";
import type { Database } from "../database/database";
import type { EventFeed } from "../events/eventFeed";
import { type Claimed, type Claimer, unclaim } from "./claim";
import { settleLostJobs } from "./lostJobs";
import type { Turns } from "./turns";

/** Who waits looks again this often without a hint. */
const lookMs = 5_000;
const settleMs = 2_000;

/** Gives waiting jobs to runners, and settles those whose runner was lost. */
export class Queue {
	readonly #waiting = new Set<() => void>();
	readonly #unwatch: () => void;
	readonly #timer: NodeJS.Timeout;
	#isClosed = false;
	#settling: Promise<void> | null = null;

	constructor(
		private readonly database: Database,
		private readonly turns: Turns,
		feed: EventFeed,
		private readonly logger: Logger,
	) {
		// Only a hint: that a message of somebody's reads alike costs one look.
		this.#unwatch = feed.watch((rows) => {
			if (rows.some(({ kind, data }) => kind.startsWith("job.") && data.includes('"status":"pending"'))) this.#wake();
		});
		this.#timer = setInterval(() => this.#settle(), settleMs);
	}

	/** Waits for a job, holding no connection meanwhile. Null when none came in time, the runner went away, or the relay stops. */
	async claim(claimer: Claimer, waitMs: number, gone: AbortSignal): Promise<Claimed | null> {
		const until = performance.now() + waitMs;
		while (!gone.aborted && !this.#isClosed) {
			const hint = this.#hint(gone);
			try {
				const claimed = await this.turns.claim(claimer);
				if (claimed && gone.aborted) await unclaim(this.database, claimed);
				if (claimed) return gone.aborted ? null : claimed;
				const leftMs = until - performance.now();
				if (leftMs <= 0) return null;
				await hint.within(Math.min(leftMs, lookMs));
			} finally {
				hint.drop();
			}
		}
		return null;
	}

	/** Lets every waiting runner go. */
	async close(): Promise<void> {
		this.#isClosed = true;
		clearInterval(this.#timer);
		this.#unwatch();
		this.#wake();
		await this.#settling;
	}

	/** Listens from before the look, so that what comes while looking is not missed. */
	#hint(gone: AbortSignal) {
		let wake = () => {};
		const came = new Promise<void>((done) => {
			wake = done;
		});
		let timer: NodeJS.Timeout | undefined;
		this.#waiting.add(wake);
		gone.addEventListener("abort", wake);
		return {
			within: (ms: number) => {
				timer = setTimeout(wake, ms);
				return came;
			},
			drop: () => {
				clearTimeout(timer);
				this.#waiting.delete(wake);
				gone.removeEventListener("abort", wake);
			},
		};
	}

	#wake(): void {
		for (const wake of this.#waiting) wake();
	}

	#settle(): void {
		this.#settling ??= settleLostJobs(this.database)
			.catch((error: unknown) => this.logger.debug("lost jobs cannot be settled now", { reason: String(error) }))
			.finally(() => {
				this.#settling = null;
			});
	}
}
