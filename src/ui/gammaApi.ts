import * as vscode from "vscode";
import { Owner } from "../core/disposable";
import type { JobModel } from "../core/jobs/jobModel";
import type { RunModel } from "../core/runs/runModel";
import type { Job } from "../shared/relay/job";
import type { Run } from "../shared/run";
import type { RunActions } from "./runActions";

/** What `activate()` returns, for other extensions: `extensions.getExtension("gamma-ml.gamma").activate()`. */
export interface GammaApi {
	readonly version: 1;
	/** Every run of every open store, as last read. */
	runs(): readonly Run[];
	/** Every training job that the side bar shows: a relay's, or without one those that git and GitHub tell of. */
	jobs(): readonly Job[];
	/** Puts these runs on the charts and shows them; ids as the stores give them, or keys. Unknown ones are passed over. */
	openCharts(runIds: readonly string[]): void;
	readonly onDidChangeRuns: vscode.Event<void>;
	readonly onDidChangeJobs: vscode.Event<void>;
}

export class PublicApi extends Owner implements GammaApi {
	readonly version = 1;
	readonly #runsChanged = this.own(new vscode.EventEmitter<void>());
	readonly #jobsChanged = this.own(new vscode.EventEmitter<void>());
	readonly onDidChangeRuns = this.#runsChanged.event;
	readonly onDidChangeJobs = this.#jobsChanged.event;

	constructor(
		private readonly model: RunModel,
		private readonly jobModel: JobModel,
		private readonly actions: RunActions,
	) {
		super();
		this.own(jobModel.onDidChange(() => this.#jobsChanged.fire()));
		this.own(model.onDidChange(() => this.#runsChanged.fire()));
	}

	runs(): readonly Run[] {
		return [...this.model.snapshot.runs.values()];
	}

	jobs(): readonly Job[] {
		return [...this.jobModel.snapshot.jobs.values()].map(({ job }) => job);
	}

	openCharts(runIds: readonly string[]): void {
		const wanted = new Set(runIds);
		const named = this.runs().filter((run) => wanted.has(run.id) || wanted.has(run.key));
		this.actions.openCharts(named.map((run) => run.key));
	}
}
