import type { JobSource, TrackedJob } from "../../core/jobs/trackedJob";
import type { Logger } from "../../core/logger";
import type { Relay } from "../../core/relay/relay";
import type { RunChoices } from "../../core/runs/runChoices";
import type { RunModel } from "../../core/runs/runModel";
import type { RunLibrary } from "../../core/stores/runLibrary";
import type { Prompt } from "../../shared/agent/conversation";
import type { Run } from "../../shared/run";
import type { WorkspaceMemory } from "../memory";

export interface InsightPorts {
	readonly model: RunModel;
	readonly library: RunLibrary;
	readonly jobs: JobSource;
	readonly choices: RunChoices;
	readonly memory: WorkspaceMemory;
	/** Null while none is known, or none may be asked. */
	readonly relay: () => Relay | null;
	/** The job that a run was trained by, where it is known. */
	readonly jobOf: (run: Run) => TrackedJob | undefined;
	/** The job's runs, its own first. */
	readonly runsOf: (jobId: string) => readonly Run[];
	readonly openRun: (key: string) => void;
	readonly openJob: (id: string) => void;
	/** Puts a prompt to the agent, in the chat. */
	readonly ask: (prompt: Prompt) => Promise<void>;
	readonly logger: Logger;
}
