import type { Logger } from "../../src/core/logger";
import { type Database, DatabaseAway } from "../database/database";
import { Problem } from "../problem";
import type { Delivery, Outcome, Rules, Taken } from "./delivery";
import { takeBatch } from "./takeBatch";

/** Deliveries of one transaction: the commit, which waits for the disk, is what they share. */
const mostAtOnce = 100;
/** GitHub gives up after 10 s: by then it has been told to try again. */
const deadlineMs = 8_000;

interface Waiting {
	readonly delivery: Delivery;
	readonly resolve: (taken: Taken) => void;
	readonly reject: (error: unknown) => void;
}

/**
 * Takes deliveries, each settled once it is stored for good. While one batch is under way the next one gathers, so that a
 * single delivery waits for nothing and many share their round trips. A batch that fails is taken one by one: one bad
 * delivery fails alone.
 */
export class Deliveries {
	readonly #waiting: Waiting[] = [];
	readonly #counts = new Map<Outcome, number>();
	#working: Promise<void> | null = null;

	constructor(
		private readonly database: Database,
		private readonly rules: Rules,
		private readonly logger: Logger,
	) {}

	/** Rejects with the database's error, or with 503 when it takes too long; the delivery may be stored even then. */
	async take(delivery: Delivery): Promise<Taken & { readonly count: number }> {
		const taken = await this.#within(
			deadlineMs,
			new Promise<Taken>((resolve, reject) => {
				this.#waiting.push({ delivery, resolve, reject });
				this.#working ??= this.#work();
			}),
		);
		const count = (this.#counts.get(taken.outcome) ?? 0) + 1;
		this.#counts.set(taken.outcome, count);
		return { ...taken, count };
	}

	async close(): Promise<void> {
		await this.#working;
	}

	async #work(): Promise<void> {
		while (this.#waiting.length > 0) {
			const batch = this.#waiting.splice(0, mostAtOnce);
			try {
				await this.#commit(batch);
			} catch (error) {
				const isShared = batch.length > 1 && isOfOne(error);
				if (isShared)
					this.logger.warn("a batch of deliveries failed and is taken one by one", { reason: String(error) });
				for (const one of batch) {
					if (isShared) await this.#commit([one]).catch(one.reject);
					else one.reject(error);
				}
			}
		}
		this.#working = null;
	}

	async #commit(batch: readonly Waiting[]): Promise<void> {
		const taken = await this.database.asRelay((transaction) =>
			takeBatch(
				transaction,
				batch.map(({ delivery }) => delivery),
				this.rules,
			),
		);
		for (const [at, { resolve }] of batch.entries()) resolve(taken[at] ?? { outcome: "unchanged" });
	}

	async #within<T>(ms: number, work: Promise<T>): Promise<T> {
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Problem(503, "The database is slow; try again in a moment.")), ms);
		});
		return Promise.race([work, late]).finally(() => clearTimeout(timer));
	}
}

/** What Postgres says of a statement (SQLSTATE), unlike a database that is away or has no more room. */
function isOfOne(error: unknown): boolean {
	const code = error instanceof Error && "code" in error ? String(error.code) : "";
	return !(error instanceof DatabaseAway) && /^[0-9A-Z]{5}$/.test(code) && !/^(53|58)/.test(code);
}
