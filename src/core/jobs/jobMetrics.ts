import type { Run, RunKey } from "../../shared/run";
import { Owner } from "../disposable";
import type { RunModel } from "../runs/runModel";
import type { TrackedJob } from "./trackedJob";

/** What was measured of a job: what its stream told, else the last values of the run that it names. */
export class JobMetrics extends Owner {
	readonly #keys = new Map<string, RunKey>();

	constructor(private readonly runs: RunModel) {
		super();
		for (const run of runs.snapshot.runs.values()) this.#keys.set(run.id, run.key);
		this.own(
			runs.onDidChange(({ upserted }) => {
				for (const run of upserted) this.#keys.set(run.id, run.key);
			}),
		);
	}

	/** The run that the job names, where it is among those that are read. */
	runOf({ job }: TrackedJob): Run | undefined {
		return job.mlflowRunId === null ? undefined : this.runWith(job.mlflowRunId);
	}

	/** By its id, where it is among those that are read. */
	runWith(id: string): Run | undefined {
		const key = this.#keys.get(id);
		return key === undefined ? undefined : this.runs.run(key);
	}

	metricsOf(tracked: TrackedJob): Readonly<Record<string, number>> {
		const ofStream = tracked.metrics;
		return Object.keys(ofStream).length > 0 ? ofStream : (this.runOf(tracked)?.metrics ?? {});
	}
}
