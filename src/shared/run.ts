/** The words for runs, as every layer uses them (architecture.md, section 2). Plain data: it crosses to panels and workers. */

export const runStatuses = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"] as const;
/** MLflow's own words for a run's status. */
export type RunStatus = (typeof runStatuses)[number];

export type LifecycleStage = "active" | "deleted";

export const storeKinds = ["mlflow-folder", "mlflow-sqlite", "mlflow-server", "tensorboard"] as const;
export type StoreKind = (typeof storeKinds)[number];

/** Unique over all open stores: `<storeId>/<runId>`. A run's id alone is unique only within its store. */
export type RunKey = string;

export function toRunKey(storeId: string, runId: string): RunKey {
	return `${storeId}/${runId}`;
}

/** Splits a key; store ids hold no slash, run ids may (a TensorBoard run's id is a path). */
export function splitRunKey(key: RunKey): { storeId: string; runId: string } {
	const slash = key.indexOf("/");
	return { storeId: key.slice(0, slash), runId: key.slice(slash + 1) };
}

export interface Experiment {
	readonly id: string;
	readonly name: string;
	readonly lifecycleStage: LifecycleStage;
	readonly tags: Readonly<Record<string, string>>;
}

/** A data set the run logged as an input (`mlflow.log_input`). */
export interface RunDataset {
	readonly name: string;
	readonly digest: string;
	/** What it was used for, e.g. `training`; null when not said. */
	readonly context: string | null;
}

export interface Run {
	readonly key: RunKey;
	readonly storeId: string;
	readonly id: string;
	readonly name: string;
	readonly experimentId: string;
	readonly experimentName: string;
	readonly experimentStage: LifecycleStage;
	readonly status: RunStatus;
	readonly lifecycleStage: LifecycleStage;
	/** Milliseconds since the epoch. */
	readonly startTimeMs: number | null;
	readonly endTimeMs: number | null;
	readonly params: Readonly<Record<string, string>>;
	/** The last value of each metric, as MLflow counts it: greatest (step, timestamp, value). NaN and ±Infinity stay numbers. */
	readonly metrics: Readonly<Record<string, number>>;
	readonly tags: Readonly<Record<string, string>>;
	readonly artifactUri: string | null;
	readonly parentRunId: string | null;
	/** The commit the run was started from (tag `mlflow.source.git.commit`). */
	readonly commit: string | null;
	readonly userId: string | null;
	/** For `datasets.` in a search; absent where the store keeps none. */
	readonly datasets?: readonly RunDataset[];
	/** When anything of the run was last written, as far as the store tells; null where it does not. */
	readonly lastSignMs: number | null;
	/** Why part of this run could not be read, as one sentence with the path; null for a sound run. */
	readonly problem: string | null;
}

/** One metric's whole history; the three arrays have equal length, ordered by (timestamp, step, value) as MLflow orders it. */
export interface Series {
	readonly steps: Float64Array;
	readonly values: Float64Array;
	/** Milliseconds since the epoch, with a fraction where the store has one (TensorBoard). */
	readonly timestampsMs: Float64Array;
}

export interface ArtifactEntry {
	/** Relative to the run's artifact root, `/` between parts. */
	readonly path: string;
	readonly isDir: boolean;
	readonly sizeBytes: number | null;
}

/** Images and texts logged at steps: TensorBoard summaries, MLflow's `log_image(key=, step=)`. */
export interface MediaSeries {
	readonly tag: string;
	readonly kind: "image" | "text";
	/** One entry per logged sample, in step order. */
	readonly samples: readonly { readonly step: number; readonly timestampMs: number }[];
}

export type MediaContent =
	| { readonly kind: "image"; readonly mimeType: string; readonly bytes: Uint8Array }
	| { readonly kind: "text"; readonly text: string };

/** One store as the side bar and the panels name it. */
export interface StoreSummary {
	readonly id: string;
	readonly kind: StoreKind;
	/** Where it is: a folder, a file or a URL; never holds a password. */
	readonly uri: string;
	/** Short name for people, e.g. `mlruns`. */
	readonly label: string;
	readonly state: StoreState;
}

export type StoreState =
	| { readonly kind: "reading" }
	| { readonly kind: "ready"; readonly readAtMs: number }
	/** Could not be read just now; what was read before stays on screen with its age. */
	| { readonly kind: "failed"; readonly message: string; readonly lastReadMs: number | null };
