import type { ContextValues } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { TrackedJob } from "../../core/jobs/trackedJob";
import { once } from "../../core/once";
import type { RunChoices } from "../../core/runs/runChoices";
import type { RunModel } from "../../core/runs/runModel";
import type { Run } from "../../shared/run";
import { lazyCommands } from "../commands/lazyCommands";
import type { RunsCommands } from "../commands/runsCommands";
import type { StoreCommandsParts } from "../commands/storeCommands";
import type { WorkspaceMemory } from "../memory";
import type { Repository } from "../repository";
import type { RunActions } from "../runActions";
import { StatusBar } from "../statusBar";
import type { WorkspaceStores } from "../stores/workspaceStores";
import { FiltersTree } from "./filtersTree";
import { RunsTree } from "./runsTree";
import { RunsView } from "./runsView";

export interface RunsPartPorts extends Pick<StoreCommandsParts, "servers" | "showLog" | "openRunOfCommit"> {
	readonly loadCommands: () => Promise<typeof import("../commands/runsCommands")>;
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

	readonly #commands = once(async () => {
		const { runsCommands } = await this.ports.loadCommands();
		return runsCommands({
			...this.ports,
			tree: this.#tree,
			rows: this.#tree.rows,
			selection: () => this.view.selection,
			filters: this.#filters,
			goingRuns: () => this.#status.runs,
			focusedRow: () => this.view.focusedRow,
			reveal: (key) => this.view.reveal(key),
		});
	});

	commands() {
		return lazyCommands<RunsCommands>(
			{
				openCharts: true,
				openTable: true,
				openRun: true,
				previewRun: true,
				openActiveRuns: true,
				showOnCharts: true,
				compare: true,
				compareRuns: true,
				whyDidItChange: true,
				toggleChecked: true,
				check: true,
				uncheck: true,
				checkNewest: true,
				uncheckAll: true,
				setBaseline: true,
				clearBaseline: true,
				openCodeDiff: true,
				openCommit: true,
				openUncommittedDiff: true,
				checkOutCommit: true,
				copyName: true,
				copyId: true,
				copyCommit: true,
				copyArtifactUri: true,
				copyRunUri: true,
				copyParamsYaml: true,
				copyParamsJson: true,
				copyLink: true,
				groupBy: true,
				sortBy: true,
				removeSort: true,
				flipSort: true,
				addFilter: true,
				editFilter: true,
				removeFilter: true,
				clearFilters: true,
				showDeleted: true,
				hideDeleted: true,
				chooseMetrics: true,
				showMore: true,
				refresh: true,
				retryStore: true,
				allowServer: true,
				connectServer: true,
				disconnectServer: true,
				openStoreFolder: true,
				openStoreFile: true,
				openWithGamma: true,
				closeStore: true,
				openRunOfCommit: true,
				openWalkthrough: true,
				showLog: true,
			},
			this.#commands,
		);
	}
}
