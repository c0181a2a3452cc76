import type { Event } from "../../core/emitter";
import type { TrackedJob } from "../../core/jobs/trackedJob";
import type { Preview } from "../../shared/preview";
import type { Run, RunKey } from "../../shared/run";

/** What the page is given beside what every panel has. */
export interface RunPanelOptions {
	/** The preview of an artifact (src/adapters/previews). */
	readonly preview: (key: RunKey, path: string, sizeBytes: number | null, signal: AbortSignal) => Promise<Preview>;
	/** Asks where and writes an artifact; a path that is empty means all of them. */
	readonly download: (key: RunKey, path: string, isDir: boolean) => Promise<void>;
	/** Is there a repository that the commits of runs can be shown in? */
	readonly hasGit: () => boolean;
	/** From the commit index; null where the branch is not known. */
	readonly branchOf: (run: Run) => string | null;
	/** Fires when either of the two above may answer otherwise. */
	readonly onDidChangeGit: Event<void>;
	/** The training job that it is the run of. */
	readonly jobOf: (run: Run) => TrackedJob | undefined;
	readonly openJob: (id: string) => void;
	readonly onDidChangeJobs: Event<unknown>;
}
