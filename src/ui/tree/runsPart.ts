import type { ContextValues } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { TrackedJob } from "../../core/jobs/trackedJob";
import type { RunChoices } from "../../core/runs/runChoices";
import type { RunModel } from "../../core/runs/runModel";
import type { Run } from "../../shared/run";
import { GivenRuns } from "../commands/givenRuns";
import { runCommands } from "../commands/runCommands";
import { type StoreCommandsParts, storeCommands } from "../commands/storeCommands";
import { viewCommands } from "../commands/viewCommands";
import type { WorkspaceMemory } from "../memory";
import type { Repository } from "../repository";
import type { RunActions } from "../runActions";
import { StatusBar } from "../statusBar";
import type { WorkspaceStores } from "../stores/workspaceStores";
import { FiltersTree } from "./filtersTree";
import { RunsTree } from "./runsTree";
import { RunsView } from "./runsView";

export interface RunsPartPorts extends Pick<StoreCommandsParts, "servers" | "showLog" | "openRunOfCommit"> {
	readonly model: RunModel;
	readonly choices: RunChoices;
	readonly repository: Repository;
	readonly stores: WorkspaceStores;
	readonly memory: WorkspaceMemory;
	readonly actions: RunActions;
	/** The job that a run is of: the entry of the jobs in the status bar speaks of it. */
	readonly jobOf: (run: Run) => TrackedJob | undefined;
	/** Looks for stores, and reads all of them anew. */
	readonly refresh: () => Promise<void>;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
}

/** The ports are kept before the parts are made of them. */
class WithPorts extends Owner {
	constructor(protected readonly ports: RunsPartPorts) {
		super();
	}
}

/** The runs in the side bar and the status bar, and what is done with them from there. */
export class RunsPart extends WithPorts {
	readonly #tree = this.own(new RunsTree(this.ports));
	readonly view = this.own(
		new RunsView({
			...this.ports,
			tree: this.#tree,
			isCountedAsJob: (run) => this.ports.jobOf(run) !== undefined,
		}),
	);
	readonly #filters = this.own(new FiltersTree(this.ports.choices, this.#tree));
	readonly #status = this.own(
		new StatusBar(
			this.ports.model,
			() => this.#tree.shownMetrics,
			(run) => this.ports.jobOf(run)?.job.status === "running",
			(isRunning) => this.ports.setContext("gamma.hasRunning", isRunning),
		),
	);

	commands() {
		const { model } = this.ports;
		const shown = { tree: this.#tree, rows: this.#tree.rows, selection: () => this.view.selection };
		return {
			...runCommands({
				...this.ports,
				...shown,
				given: new GivenRuns({ model, ...shown }),
				goingRuns: () => this.#status.runs,
				focusedRow: () => this.view.focusedRow,
				reveal: (key) => this.view.reveal(key),
			}),
			...viewCommands({
				...this.ports,
				...shown,
				filters: this.#filters,
				runs: () => model.snapshot.runs.values(),
			}),
			...storeCommands({ ...this.ports, ...shown }),
		};
	}
}
