import type { ChartAnswer, ChartQuery } from "../../shared/chart";
import type { Failure } from "../../shared/errors";
import type {
	ArtifactEntry,
	Experiment,
	MediaContent,
	MediaSeries,
	Run,
	RunKey,
	Series,
	StoreSummary,
} from "../../shared/run";
import type { Disposable } from "../disposable";
import type { Event } from "../emitter";
import type { ArtifactBytes, ByteRange, StoreLocation } from "./trackingStore";

/** What changed over all open stores. Keys, not ids. */
export interface LibraryChange {
	/** Every open store, with its state. */
	readonly stores: readonly StoreSummary[];
	readonly upserted: readonly Run[];
	readonly removed: readonly RunKey[];
	readonly grown: readonly { readonly key: RunKey; readonly metrics: readonly string[] | null }[];
}

/** What a folder offers to open, by its settings, the environment and what lies in it. */
export interface Discovery {
	/** Each store once, those named by settings first. */
	readonly locations: readonly StoreLocation[];
	/** What could not be read on the way (a broken settings file, a folder too large to search whole). */
	readonly problems: readonly Failure[];
	/** Where a new store or setting would appear, nearest first; a change there is a reason to look again. */
	readonly watched: readonly string[];
}

export interface FindOptions {
	/** `MLFLOW_TRACKING_URI` and the credentials MLflow's own clients take from the environment. */
	readonly variables: Readonly<Record<string, string | undefined>>;
	/** Stores the person's own settings name. */
	readonly stores?: readonly StoreLocation[];
}

/**
 * All open stores as one list. The extension has it in a worker thread, so that reading never holds up the editor;
 * the command and the tests have it in their own process. Same port, same behaviour.
 */
export interface RunLibrary extends Disposable {
	readonly onDidChange: Event<LibraryChange>;

	/** Looks for stores in a folder; opens none. Never rejects but for `call.*`. */
	find(folder: string, options: FindOptions, signal?: AbortSignal): Promise<Discovery>;
	/** Opens these stores and no others; those already open stay as they are. Reading starts at once and is announced in batches. */
	open(locations: readonly StoreLocation[]): Promise<readonly StoreSummary[]>;
	/** Asks every store for changes now; resolves when all have answered. */
	refresh(signal?: AbortSignal): Promise<void>;

	experiments(storeId: string, signal?: AbortSignal): Promise<readonly Experiment[]>;
	chart(query: ChartQuery, signal?: AbortSignal): Promise<ChartAnswer>;
	history(key: RunKey, metric: string, signal?: AbortSignal): Promise<Series>;
	artifacts(key: RunKey, path: string, signal?: AbortSignal): Promise<readonly ArtifactEntry[]>;
	readArtifact(key: RunKey, path: string, range?: ByteRange, signal?: AbortSignal): Promise<ArtifactBytes>;
	media(key: RunKey, signal?: AbortSignal): Promise<readonly MediaSeries[]>;
	readMedia(key: RunKey, tag: string, index: number, signal?: AbortSignal): Promise<MediaContent>;
}
