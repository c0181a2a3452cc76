import { toFailure } from "../../shared/errors";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { Logger } from "../logger";
import { once } from "../once";
import { nothingYet } from "./jobModel";
import type { HistoryState, LocalJobs } from "./localJobs";
import type { makeLocalJobs } from "./makeLocalJobs";
import type { JobSource, JobsChange, JobsSnapshot } from "./trackedJob";

/** The jobs of a window without a relay, before and after what reads them is loaded, which begins at once. */
export class LocalJobsDoor extends Owner implements JobSource {
	#jobs: LocalJobs | null = null;
	readonly #loaded: () => Promise<LocalJobs>;
	readonly #changed = this.own(new Emitter<JobsChange>());
	readonly onDidChange = this.#changed.event;

	constructor(make: () => Promise<ReturnType<typeof makeLocalJobs>>, logger: Logger) {
		super();
		this.#loaded = once(async () => {
			const { workflows, jobs } = await make();
			this.own(workflows);
			this.#jobs = this.own(jobs);
			this.own(jobs.onDidChange((change) => this.#changed.fire(change)));
			this.#changed.fire({ jobIds: [...jobs.snapshot.jobs.keys()] });
			return jobs;
		});
		this.#loaded().catch((error: unknown) =>
			logger.error("jobs without a relay cannot be read", { reason: toFailure(error).message }),
		);
	}

	get snapshot(): JobsSnapshot {
		return this.#jobs?.snapshot ?? nothingYet;
	}

	get historyState(): HistoryState {
		return this.#jobs?.historyState ?? "reading";
	}

	/** Where the clone's pushes go; null where there is no forge, or none is known yet. */
	get forge(): LocalJobs["forge"] {
		return this.#jobs?.forge ?? null;
	}

	/** Reads git anew, and asks GitHub where it may be asked. */
	async refresh(): Promise<void> {
		await (await this.#loaded()).refresh();
	}
}
