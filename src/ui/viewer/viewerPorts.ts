import type * as vscode from "vscode";
import type { ArtifactPlace } from "../../core/artifacts/artifactPlace";
import type { Logger } from "../../core/logger";
import type { CollectedModel, ModelFolder } from "../../core/mujoco/collectModelFiles";
import type { RolloutSizes } from "../../core/rollouts/rolloutArrays";
import type { RunModel } from "../../core/runs/runModel";
import type { RunLibrary } from "../../core/stores/runLibrary";
import type { Rollout } from "../../shared/policy/rollout";
import type { WorkspaceMemory } from "../memory";

/** What the viewer is given. */
export interface ViewerPorts {
	readonly extensionUri: vscode.Uri;
	readonly library: RunLibrary;
	/** A place of artifacts by its id (`run:…`, `s3://…`, `folder:…`); rejects as its opening does. */
	readonly placeOf: (id: string) => Promise<ArtifactPlace>;
	readonly model: RunModel;
	readonly memory: WorkspaceMemory;
	readonly readers: () => Promise<ViewerReaders>;
	readonly logger: Logger;
}

/** What reads files for it. */
export interface ViewerReaders {
	/** Rejects with `model.missing` or `model.damaged`; `root` is the folder that the model may reach into. */
	readModel(path: string, root?: string): Promise<CollectedModel>;
	collectModelFiles(main: string, folder: ModelFolder): Promise<CollectedModel>;
	/** Rejects with `rollout.unreadable`. */
	readRollout(name: string, bytes: Uint8Array, sizes: RolloutSizes): Promise<Rollout>;
}
