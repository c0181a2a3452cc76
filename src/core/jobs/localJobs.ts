import { toFailure } from "../../shared/errors";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { Logger } from "../logger";
import type { RunModel } from "../runs/runModel";
import { type HistorySource, hasModelsBranch, type LocalHistory, readLocalHistory } from "./localHistory";
import { findTrainings } from "./localTrainings";
import { toLocalJob } from "./toLocalJob";
import type { JobSource, JobsChange, JobsSnapshot, TrackedJob } from "./trackedJob";
import type { WorkflowWatch } from "./workflowWatch";

export interface LocalJobsParts {
	readonly repository: HistorySource;
	readonly runs: Pick<RunModel, "snapshot" | "onDidChange">;
	readonly workflows: WorkflowWatch;
	readonly logger: Logger;
}

/** What the clone is, where it holds no job. */
export type HistoryState = "reading" | "noRepository" | "noModels" | "ready" | "failed";

/** A training run announces itself many times a second; the jobs follow this often. */
const joinEveryMs = 1_000;

/** Jobs without a relay: from git, from what runs say of their commits, and from GitHub's workflow runs. */
export class LocalJobs extends Owner implements JobSource {
	#history: LocalHistory | null = null;
	#state: HistoryState = "reading";
	#reading = new AbortController();
	#jobs: ReadonlyMap<string, TrackedJob> = new Map();
	#texts: ReadonlyMap<string, string> = new Map();
	#timer: ReturnType<typeof setTimeout> | undefined;

	readonly #changed = this.own(new Emitter<JobsChange>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly parts: LocalJobsParts) {
		super();
		this.own(parts.repository.onDidChange(() => void this.#read()));
		this.own(parts.runs.onDidChange(() => this.#joinSoon()));
		this.own(parts.workflows.onDidChange(() => this.#join()));
		this.own({ dispose: () => this.#reading.abort() });
		this.own({ dispose: () => clearTimeout(this.#timer) });
		if (parts.repository.git) void this.#read();
	}

	get snapshot(): JobsSnapshot {
		return { state: { kind: "withoutRelay", ...this.parts.workflows.state }, projects: [], jobs: this.#jobs };
	}

	get historyState(): HistoryState {
		return this.#state;
	}

	/** Where the clone's pushes go; null where there is no forge. */
	get forge(): LocalHistory["forge"] {
		return this.#history?.forge ?? null;
	}

	/** Reads git anew, and asks GitHub where it may be asked. */
	async refresh(): Promise<void> {
		this.parts.workflows.refresh();
		await this.#read();
	}

	async #read(): Promise<void> {
		this.#reading.abort();
		const reading = new AbortController();
		this.#reading = reading;
		try {
			const { git, sources } = this.parts.repository;
			const history = git && (await readLocalHistory(git, sources, reading.signal));
			if (reading.signal.aborted || this.isDisposed) return;
			this.#history = history;
			this.#state = history === null ? "noRepository" : hasModelsBranch(history) ? "ready" : "noModels";
		} catch (error) {
			if (reading.signal.aborted || this.isDisposed) return;
			this.#state = "failed";
			this.parts.logger.warn("git could not be read for its jobs", { reason: toFailure(error).message });
		}
		this.parts.workflows.watch(this.#history?.forge ?? null);
		this.#join();
	}

	#joinSoon(): void {
		this.#timer ??= setTimeout(() => this.#join(), joinEveryMs);
	}

	#join(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.isDisposed) return;
		const history = this.#history;
		const found = history
			? findTrainings(history, this.parts.runs.snapshot.runs.values(), this.parts.workflows.runs)
					.map((training) => toLocalJob(training, history.lines.get(training.commitSha), history.forge))
					.sort((a, b) => (a.job.createdAt < b.job.createdAt ? 1 : -1))
			: [];
		const jobs = new Map(found.map((tracked) => [tracked.job.id, tracked]));
		const texts = new Map(found.map((tracked) => [tracked.job.id, JSON.stringify(tracked)]));
		const ids = new Set([...this.#texts.keys(), ...texts.keys()]);
		const jobIds = [...ids].filter((id) => texts.get(id) !== this.#texts.get(id));
		this.#jobs = jobs;
		this.#texts = texts;
		this.#changed.fire({ jobIds });
	}
}
