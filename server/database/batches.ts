import type { Logger } from "../../src/core/logger";
import { Problem } from "../problem";
import { DatabaseAway } from "./database";

export interface BatchesParts<Item, Result> {
	/** Does it all in one transaction; results in the order of the items. */
	readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>;
	/** Items of one key never share a transaction. */
	readonly keyOf?: (item: Item) => string | null;
	readonly mostAtOnce: number;
	/** After which who waits is told to try again; what they asked may be done even then. */
	readonly deadlineMs: number;
	readonly logger: Logger;
}

interface Waiting<Item, Result> {
	readonly item: Item;
	readonly resolve: (result: Result) => void;
	readonly reject: (error: unknown) => void;
}

/**
 * Does what is asked for in transactions that many share, each item settled once it is committed. While one batch is under
 * way the next one gathers, so that a single item waits for nothing and many share their round trips and their wait for the
 * disk. A batch that fails is done one by one: one bad item fails alone.
 */
export class Batches<Item, Result> {
	#waiting: Waiting<Item, Result>[] = [];
	#working: Promise<void> | null = null;

	constructor(private readonly parts: BatchesParts<Item, Result>) {}

	/** Rejects with the database's error, or with 503 when it takes too long. */
	take(item: Item): Promise<Result> {
		return within(
			this.parts.deadlineMs,
			new Promise<Result>((resolve, reject) => {
				this.#waiting.push({ item, resolve, reject });
				this.#working ??= this.#work();
			}),
		);
	}

	/** Once everything that was asked for is settled. */
	async close(): Promise<void> {
		await this.#working;
	}

	async #work(): Promise<void> {
		while (this.#waiting.length > 0) {
			// Those whom the last batch answered may ask for their next thing first.
			await new Promise(setImmediate);
			const batch = this.#next();
			try {
				await this.#commit(batch);
			} catch (error) {
				const isShared = batch.length > 1 && isOfOne(error);
				if (isShared) this.parts.logger.warn("a batch failed and is done one by one", { reason: String(error) });
				for (const one of batch) {
					if (isShared) await this.#commit([one]).catch(one.reject);
					else one.reject(error);
				}
			}
		}
		this.#working = null;
	}

	#next(): Waiting<Item, Result>[] {
		const { keyOf, mostAtOnce } = this.parts;
		if (!keyOf) return this.#waiting.splice(0, mostAtOnce);
		const keys = new Set<string>();
		const batch: Waiting<Item, Result>[] = [];
		const later: Waiting<Item, Result>[] = [];
		for (const one of this.#waiting) {
			const key = keyOf(one.item);
			const isFirst = key === null || !keys.has(key);
			if (key !== null) keys.add(key);
			if (isFirst && batch.length < mostAtOnce) batch.push(one);
			else later.push(one);
		}
		this.#waiting = later;
		return batch;
	}

	async #commit(batch: readonly Waiting<Item, Result>[]): Promise<void> {
		const results = await this.parts.commit(batch.map(({ item }) => item));
		for (const [at, { resolve }] of batch.entries()) resolve(results[at] as Result);
	}
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Problem(503, "The database is slow; try again in a moment.")), ms);
	});
	return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What Postgres says of a statement (SQLSTATE), unlike a database that is away or has no more room. */
function isOfOne(error: unknown): boolean {
	const code = error instanceof Error && "code" in error ? String(error.code) : "";
	return !(error instanceof DatabaseAway) && /^[0-9A-Z]{5}$/.test(code) && !/^(53|58)/.test(code);
}
