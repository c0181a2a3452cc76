import type { SagemakerNews } from "../../src/core/jobs/readSagemaker";
import type { Logger } from "../../src/core/logger";
import type { Database } from "../database/database";
import { Announcements } from "../jobs/announcements";
import { Rounds } from "../rounds";
import { takeSagemaker } from "../webhooks/sagemakerJobs";

/** A state that nobody told of is known within five minutes: one look after `quietMs`. */
const everyMs = 60_000;
/** A training that has told something, or was asked about, is left alone for so long. */
const quietMs = 180_000;
/** Of one look: SageMaker lets an account ask a few times a second. */
const atOnce = 50;

export interface TrainingCheckParts {
	readonly database: Database;
	/** Null where SageMaker knows none of this name. */
	readonly read: (name: string, signal: AbortSignal) => Promise<SagemakerNews | null>;
	readonly logger: Logger;
}

/**
 * Asks SageMaker about trainings that have not ended and have been silent: EventBridge delivers as a rule, not always, and not
 * while no relay was there. What it says is taken as if EventBridge had told it. The first look, as the relay starts, asks
 * about all that have not ended.
 */
export class TrainingCheck {
	readonly #rounds: Rounds;
	#isFirst = true;
	#isRefused = false;
	/** When each was asked about, by its name. */
	readonly #askedMs = new Map<string, number>();

	constructor(
		private readonly parts: TrainingCheckParts,
		private readonly times = { everyMs, quietMs },
	) {
		this.#rounds = new Rounds({
			everyMs: times.everyMs,
			work: (signal) => this.#askAbout(signal),
			onFailure: (error) => this.#tellRefused(error),
		});
	}

	close(): Promise<void> {
		return this.#rounds.close();
	}

	/** Said once: it may go on for as long as a right is missing. */
	#tellRefused(error: unknown): void {
		const level = this.#isRefused ? "debug" : "warn";
		this.#isRefused = true;
		this.parts.logger[level]("SageMaker cannot be asked about trainings now", { reason: String(error) });
	}

	async #askAbout(signal: AbortSignal): Promise<void> {
		const names = await this.#silent();
		for (const name of names) {
			this.#askedMs.set(name, Date.now());
			const news = await this.parts.read(name, signal);
			if (news) await this.#take(news);
		}
		this.#isFirst = false;
		this.#isRefused = false;
	}

	/** Those of the longest silence first. */
	async #silent(): Promise<readonly string[]> {
		const rows = await this.parts.database.asRelay((transaction) =>
			transaction.query<{ name: string }>(
				`select sagemaker_job_name as name from training_jobs
				where sagemaker_job_name is not null and status in ('pending', 'running')
					and updated_at <= now() - make_interval(secs => $1)
				order by updated_at`,
				[this.#isFirst ? 0 : this.times.quietMs / 1_000],
			),
		);
		const names = new Set(rows.map(({ name }) => name));
		for (const name of this.#askedMs.keys()) if (!names.has(name)) this.#askedMs.delete(name);
		const isDue = (name: string) => Date.now() - (this.#askedMs.get(name) ?? 0) >= this.times.quietMs;
		return [...names].filter(isDue).slice(0, atOnce);
	}

	async #take(news: SagemakerNews): Promise<void> {
		const { outcome, jobId } = await this.parts.database.asRelay(async (transaction) => {
			const announcements = new Announcements();
			const taken = await takeSagemaker(transaction, news, announcements);
			await announcements.append(transaction);
			return taken;
		});
		if (outcome === "changed")
			this.parts.logger.info("SageMaker told what no event had", { jobId, name: news.jobName });
	}
}
