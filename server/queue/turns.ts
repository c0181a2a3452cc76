import type { Logger } from "../../src/core/logger";
import { Batches } from "../database/batches";
import type { Database, Queryable } from "../database/database";
import { Announcements } from "../jobs/announcements";
import type { JobRow } from "../jobs/jobRows";
import type { Problem } from "../problem";
import { type Claimed, type Claimer, claimAll } from "./claim";
import { type Completion, completeAll } from "./complete";

type Asked =
	| { readonly kind: "claim"; readonly claimer: Claimer }
	| { readonly kind: "complete"; readonly end: Completion };

/** Runners of one transaction: events are handed out in the order of commits, so each commit waits for the one before it. */
const mostAtOnce = 50;
const deadlineMs = 8_000;
/** Claimers that were overtaken between look and lock look again this often, then wait for a hint. */
const looks = 3;

/** Jobs taken and ended: who asks at the same time shares a transaction, and the wait for the disk. */
export class Turns {
	readonly #batches: Batches<Asked, Claimed | "overtaken" | null | JobRow | Problem>;

	constructor(database: Database, logger: Logger) {
		this.#batches = new Batches({
			commit: (asked) => database.asRelay((transaction) => takeTurns(transaction, asked)),
			// The same end told twice at once: the second hears what the first has made of the job.
			keyOf: (asked) => (asked.kind === "complete" ? asked.end.jobId.toLowerCase() : null),
			...{ mostAtOnce, deadlineMs, logger },
		});
	}

	/** The oldest job that this runner may train, leased to it; null where there is none. */
	async claim(claimer: Claimer): Promise<Claimed | null> {
		for (let look = 0; look < looks; look++) {
			const claimed = (await this.#batches.take({ kind: "claim", claimer })) as Claimed | "overtaken" | null;
			if (claimed !== "overtaken") return claimed;
		}
		return null;
	}

	/** The job's end, once: who says it again with the same lease hears what it is. 409 when the lease is lost. */
	async complete(end: Completion): Promise<JobRow> {
		const row = (await this.#batches.take({ kind: "complete", end })) as JobRow | Problem;
		if (row instanceof Error) throw row;
		return row;
	}

	close(): Promise<void> {
		return this.#batches.close();
	}
}

/** Ends first: their jobs are locked in their order, while a claim passes by what is locked. */
async function takeTurns(transaction: Queryable, asked: readonly Asked[]) {
	const announcements = new Announcements();
	const ends = asked.flatMap((one) => (one.kind === "complete" ? [one.end] : []));
	const claimers = asked.flatMap((one) => (one.kind === "claim" ? [one.claimer] : []));
	const ended = await completeAll(transaction, ends, announcements);
	const claimed = await claimAll(transaction, claimers, announcements);
	await announcements.append(transaction);
	const [nextEnded, nextClaimed] = [ended.values(), claimed.values()];
	return asked.map(({ kind }) => (kind === "complete" ? nextEnded : nextClaimed).next().value ?? null);
}
