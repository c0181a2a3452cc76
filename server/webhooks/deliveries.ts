import type { Logger } from "../../src/core/logger";
import { Batches } from "../database/batches";
import type { Database } from "../database/database";
import type { Delivery, Outcome, Rules, Taken } from "./delivery";
import { takeBatch } from "./takeBatch";

/** Deliveries of one transaction: the commit, which waits for the disk, is what they share. */
const mostAtOnce = 100;
/** GitHub gives up after 10 s: by then it has been told to try again. */
const deadlineMs = 8_000;

/** Takes deliveries, each settled once it is stored for good. */
export class Deliveries {
	readonly #batches: Batches<Delivery, Taken>;
	readonly #counts = new Map<Outcome, number>();

	constructor(database: Database, rules: Rules, logger: Logger) {
		this.#batches = new Batches({
			commit: (batch) => database.asRelay((transaction) => takeBatch(transaction, batch, rules)),
			mostAtOnce,
			deadlineMs,
			logger,
		});
	}

	/** Rejects with the database's error, or with 503 when it takes too long; the delivery may be stored even then. */
	async take(delivery: Delivery): Promise<Taken & { readonly count: number }> {
		const taken = await this.#batches.take(delivery);
		const count = (this.#counts.get(taken.outcome) ?? 0) + 1;
		this.#counts.set(taken.outcome, count);
		return { ...taken, count };
	}

	close(): Promise<void> {
		return this.#batches.close();
	}
}
