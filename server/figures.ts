import type { Logger } from "../src/core/logger";
import type { Database } from "./database/database";
import type { EventFeed } from "./events/eventFeed";

const everyMs = 60_000;

/**
 * One line of the log a minute, `figures`, of which a log service makes metrics (infra/modules/observability): open streams of
 * this relay, how late the latest events were handed on, how long the oldest job has waited for a runner, and whether the
 * database was away.
 */
export class Figures {
	readonly #timer: NodeJS.Timeout;
	#telling: Promise<void> | null = null;

	constructor(
		private readonly database: Database,
		private readonly feed: Pick<EventFeed, "streamCount" | "takeLagMs">,
		private readonly logger: Logger,
		ms = everyMs,
	) {
		this.#timer = setInterval(() => {
			this.#telling ??= this.#tell().finally(() => {
				this.#telling = null;
			});
		}, ms);
	}

	async close(): Promise<void> {
		clearInterval(this.#timer);
		await this.#telling;
	}

	async #tell(): Promise<void> {
		const age = await this.#queueAgeSeconds();
		this.logger.info("figures", {
			openStreams: this.feed.streamCount,
			deliveryLagMs: this.feed.takeLagMs(),
			databaseAway: age === null ? 1 : 0,
			...(age !== null && { queueAgeSeconds: age }),
		});
	}

	/** Null while the database is away. */
	async #queueAgeSeconds(): Promise<number | null> {
		try {
			const [row] = await this.database.asRelay((transaction) =>
				transaction.query<{ age: number }>(
					`select coalesce(extract(epoch from max(now() - created_at)), 0)::float8 as age from training_jobs
					where target = 'runner' and status = 'pending'`,
				),
			);
			return Math.round(row?.age ?? 0);
		} catch {
			return null;
		}
	}
}
