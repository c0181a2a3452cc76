import { type Disposable, Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { JobSource, JobsChange, JobsSnapshot, TrackedJob } from "./trackedJob";

const nothingYet: JobsSnapshot = {
	state: { kind: "withoutRelay", github: "absent", reason: null },
	projects: [],
	jobs: new Map(),
};

/** The training jobs that the editor shows, from whichever source is in use; who made a source disposes it. */
export class JobModel extends Owner implements JobSource {
	#source: JobSource | null = null;
	#following: Disposable | null = null;

	readonly #changed = this.own(new Emitter<JobsChange>());
	readonly onDidChange = this.#changed.event;

	constructor() {
		super();
		this.own({ dispose: () => this.#following?.dispose() });
	}

	/** As the source has it now; take what you need and do not keep it. */
	get snapshot(): JobsSnapshot {
		return this.#source?.snapshot ?? nothingYet;
	}

	job(id: string): TrackedJob | undefined {
		return this.snapshot.jobs.get(id);
	}

	/** From here on this source's jobs, and none of the one before. */
	use(source: JobSource): void {
		if (source === this.#source || this.isDisposed) return;
		const before = [...this.snapshot.jobs.keys()];
		this.#following?.dispose();
		this.#source = source;
		this.#following = source.onDidChange((change) => this.#changed.fire(change));
		this.#changed.fire({ jobIds: [...new Set([...before, ...source.snapshot.jobs.keys()])] });
	}
}
