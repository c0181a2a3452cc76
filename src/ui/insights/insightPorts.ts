import type { Logger } from "../../core/logger";
import type { RunModel } from "../../core/runs/runModel";
import type { RunLibrary } from "../../core/stores/runLibrary";
import type { Prompt } from "../../shared/agent/conversation";
import type { Run } from "../../shared/run";

export interface InsightPorts {
	readonly model: RunModel;
	readonly library: RunLibrary;
	readonly openRun: (key: string) => void;
	/** Puts a prompt to the agent, in the chat. */
	readonly ask: (prompt: Prompt) => Promise<void>;
	/** Stops the job that the run is of; false where nobody manages it. */
	readonly stopRun: (run: Run) => Promise<boolean>;
	readonly logger: Logger;
}
