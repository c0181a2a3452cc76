import type { ChartsView } from "../shared/panels/chartsView";
import type { RunKey } from "../shared/run";

/** What any view may ask of the others. Composed in compose/runParts.ts, so that no panel knows another. */
export interface RunActions {
	/** Shows the charts panel; with keys, puts these runs on the charts first; with a view, changes that much of it. */
	openCharts(keys?: readonly RunKey[], view?: Partial<ChartsView>): void;
	openTable(): void;
	openRun(key: RunKey): void;
	/** Shows the run's page and leaves the focus where it is, until another run is looked at. */
	previewRun(key: RunKey): void;
	/** The first run is the base, unless the chosen baseline is among them. */
	compare(keys: readonly RunKey[]): void;
	/** What may have changed the metrics between these two, and which change of code is suspected most. */
	askWhy(base: RunKey, other: RunKey): void;
	/** Every file that differs between the commits of two runs, in VS Code's own diff editor. */
	openCodeDiff(base: RunKey, other: RunKey): Promise<void>;
	/** What the run's commit changed against its parent. */
	openCommit(key: RunKey): Promise<void>;
	/** The uncommitted changes the run stored, if any. */
	openUncommittedDiff(key: RunKey): Promise<void>;
	/** Checks the run's commit out into a worktree of its own and offers to open it. */
	checkOutCommit(key: RunKey): Promise<void>;
}
