import type { ContextValues } from "../../core/contributions";
import type { JobModel } from "../../core/jobs/jobModel";
import type { LocalJobsDoor } from "../../core/jobs/localJobsDoor";
import type { Logger } from "../../core/logger";
import type { Relay } from "../../core/relay/relay";
import type { RelayAccess } from "../../core/relay/relayAccess";
import type { WorkspaceMemory } from "../memory";

export interface ProjectPorts {
	readonly access: RelayAccess;
	readonly relay: () => Promise<Relay>;
	readonly jobs: JobModel;
	/** Knows where the clone's pushes go. */
	readonly local: Pick<LocalJobsDoor, "forge" | "onDidChange">;
	readonly memory: WorkspaceMemory;
	/** The projects are others, or otherwise. */
	readonly refreshJobs: () => Promise<void>;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
	readonly logger: Logger;
}
