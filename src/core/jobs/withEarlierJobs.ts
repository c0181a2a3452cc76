import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { JobSource, JobsChange, JobsSnapshot, TrackedJob } from "./trackedJob";

/**
 * A relay's jobs, and those of this clone that the relay has not heard of: what was trained before there was a relay, or
 * without a push. Of a commit that the relay knows it alone tells; a branch of which nothing was ever logged is no job of it.
 */
export class WithEarlierJobs extends Owner implements JobSource {
	/** Ids of the clone's jobs that are among the relay's. */
	#earlier: ReadonlySet<string> = new Set();
	#jobs: ReadonlyMap<string, TrackedJob> = new Map();

	readonly #changed = this.own(new Emitter<JobsChange>());
	readonly onDidChange = this.#changed.event;

	constructor(
		private readonly relay: JobSource,
		private readonly clone: JobSource,
	) {
		super();
		this.#join();
		this.own(relay.onDidChange(({ jobIds }) => this.#take(jobIds, [])));
		this.own(clone.onDidChange(({ jobIds }) => this.#take([], jobIds)));
	}

	get snapshot(): JobsSnapshot {
		return { ...this.relay.snapshot, jobs: this.#jobs };
	}

	#join(): void {
		const { jobs } = this.relay.snapshot;
		const told = new Set([...jobs.values()].map(({ job }) => job.commitSha));
		const earlier = [...this.clone.snapshot.jobs].filter(
			([, { job }]) => job.status !== "pending" && !told.has(job.commitSha),
		);
		this.#earlier = new Set(earlier.map(([id]) => id));
		this.#jobs = new Map([...jobs, ...earlier]);
	}

	#take(ofRelay: readonly string[], ofClone: readonly string[]): void {
		const before = this.#earlier;
		this.#join();
		const after = this.#earlier;
		const moved = [...before, ...after].filter((id) => before.has(id) !== after.has(id));
		const changed = ofClone.filter((id) => after.has(id));
		const jobIds = [...new Set([...ofRelay, ...moved, ...changed])];
		// What the clone tells of jobs that are not shown is nobody's news.
		if (jobIds.length > 0 || ofClone.length === 0) this.#changed.fire({ jobIds });
	}
}
