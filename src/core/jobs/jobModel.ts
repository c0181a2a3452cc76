import { type Disposable, Owner } from "../disposable";
import { Emitter, type Event } from "../emitter";
import type { Door } from "./door";
import type { JobSource, JobsChange, JobsSnapshot, TrackedJob } from "./trackedJob";

/** As it is before anybody has told anything. */
export const nothingYet: JobsSnapshot = {
	state: { kind: "withoutRelay", github: "absent", reason: null },
	projects: [],
	jobs: new Map(),
};

/** Another witness of the jobs: adds what it knows to those of the source, and jobs that only it knows. */
export interface JobJoiner {
	join(jobs: ReadonlyMap<string, TrackedJob>): ReadonlyMap<string, TrackedJob>;
	readonly doors: readonly Door[];
	readonly onDidChange: Event<void>;
}

/** The training jobs that the editor shows, from whichever source is in use; who made a source disposes it. */
export class JobModel extends Owner implements JobSource {
	#source: JobSource | null = null;
	#following: Disposable | null = null;
	#joiner: JobJoiner | null = null;
	/** Joined once per change; null until it is asked for. */
	#joined: ReadonlyMap<string, TrackedJob> | null = null;

	readonly #changed = this.own(new Emitter<JobsChange>());
	readonly onDidChange = this.#changed.event;

	constructor() {
		super();
		this.own({ dispose: () => this.#following?.dispose() });
	}

	/** As the source has it now; take what you need and do not keep it. */
	get snapshot(): JobsSnapshot {
		const told = this.#source?.snapshot ?? nothingYet;
		if (!this.#joiner) return told;
		this.#joined ??= this.#joiner.join(told.jobs);
		return { ...told, jobs: this.#joined, doors: this.#joiner.doors };
	}

	job(id: string): TrackedJob | undefined {
		return this.snapshot.jobs.get(id);
	}

	/** From here on this source's jobs, and none of the one before. */
	use(source: JobSource): void {
		if (source === this.#source || this.isDisposed) return;
		const before = this.snapshot.jobs;
		this.#following?.dispose();
		this.#source = source;
		this.#following = source.onDidChange((change) => this.#take(change.jobIds));
		this.#joined = null;
		this.#changed.fire({ jobIds: [...new Set([...before.keys(), ...this.snapshot.jobs.keys()])] });
	}

	/** From here on with what this one knows; it is called once. */
	joinWith(joiner: JobJoiner): void {
		if (this.isDisposed) return;
		this.#joiner = joiner;
		this.own(joiner.onDidChange(() => this.#take([])));
		this.#take([]);
	}

	#take(told: readonly string[]): void {
		if (!this.#joiner) {
			this.#changed.fire({ jobIds: told });
			return;
		}
		const before = this.#joined ?? new Map<string, TrackedJob>();
		this.#joined = null;
		const after = this.snapshot.jobs;
		const touched = [...new Set([...before.keys(), ...after.keys()])].filter((id) =>
			isOther(before.get(id), after.get(id)),
		);
		this.#changed.fire({ jobIds: [...new Set([...told, ...touched])] });
	}
}

/** A source's own job is the same object until it tells of it; a joined one is made anew each time. */
function isOther(before: TrackedJob | undefined, after: TrackedJob | undefined): boolean {
	if (before === after) return false;
	if (!before?.training && !after?.training) return before === undefined || after === undefined;
	return JSON.stringify(before) !== JSON.stringify(after);
}
