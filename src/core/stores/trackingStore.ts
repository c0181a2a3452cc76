import type { ArtifactEntry, Experiment, MediaContent, MediaSeries, Run, Series, StoreKind } from "../../shared/run";
import type { Disposable } from "../disposable";

/** How to reach a store, before it is known what it is. */
export interface StoreLocation {
	/** A folder, a file, `sqlite:///path`, `file:///path` or `http(s)://host`. */
	readonly uri: string;
	/** Short name for people; made from the URI when absent. */
	readonly label?: string;
	readonly auth?: StoreAuth;
	/** Further headers of every request to a server. */
	readonly headers?: Readonly<Record<string, string>>;
	/**
	 * Who named it. `workspace`: a file of the opened folder, which anyone may have written: ask before contacting a
	 * server it names (`isRemoteUri`). `folder`: it lies in the opened folder.
	 */
	readonly source?: StoreSource;
}

export type StoreSource = "settings" | "workspace" | "environment" | "folder";

export type StoreAuth =
	| { readonly kind: "none" }
	| { readonly kind: "basic"; readonly username: string; readonly password: string }
	| { readonly kind: "bearer"; readonly token: string };

/** What changed in a store since it was last asked. */
export interface RunDelta {
	/** New or changed runs, whole. */
	readonly upserted: readonly Run[];
	/** Ids of runs that are no longer there at all. */
	readonly removed: readonly string[];
	/** Runs whose metric histories grew (or were rewritten): a chart of them is stale. `metrics` null: any of them. */
	readonly grown: readonly { readonly runId: string; readonly metrics: readonly string[] | null }[];
}

/** MLflow's search, over any store. */
export interface RunSearch {
	readonly filter?: string;
	readonly orderBy?: readonly string[];
	readonly experimentName?: string;
	/** `active`: active runs of active experiments. `deleted`: deleted runs only. */
	readonly view: "active" | "deleted" | "all";
	readonly limit?: number;
}

export interface ByteRange {
	readonly offset: number;
	readonly length: number;
}

export interface ArtifactBytes {
	readonly bytes: Uint8Array;
	/** Size of the whole artifact; null where the store does not say. */
	readonly totalBytes: number | null;
}

/**
 * One place runs are read from. Read-only: an implementation never writes, locks or creates anything in or beside the store.
 * Every method rejects with a `GammaError`; damage in one run never fails a call about others.
 */
export interface TrackingStore extends Disposable {
	readonly id: string;
	readonly kind: StoreKind;
	/** Never holds a password. */
	readonly uri: string;
	readonly label: string;

	experiments(signal?: AbortSignal): Promise<readonly Experiment[]>;

	/**
	 * What changed since the last call, deleted runs included; the first call yields everything, newest first,
	 * in batches of which the first is small (about 100) so that it can be on screen while the rest is read.
	 * Later calls read only new bytes or rows. Calls do not overlap.
	 */
	refresh(signal?: AbortSignal): AsyncIterable<RunDelta>;

	/** MLflow's own search and order. Rejects with `search.syntax` on a filter MLflow would refuse. */
	search(search: RunSearch, signal?: AbortSignal): Promise<readonly Run[]>;

	/** Rejects with `run.missing`. */
	run(runId: string, signal?: AbortSignal): Promise<Run>;

	/**
	 * Every point in (timestamp, step, value) order. A second call reads only what was appended. The arrays may be the store's own:
	 * they are not written to, nor moved to another thread. Rejects with `metric.missing`.
	 */
	history(runId: string, metric: string, signal?: AbortSignal): Promise<Series>;

	/** One folder of the run's artifacts, sorted by path; `path` empty for the root. */
	artifacts(runId: string, path: string, signal?: AbortSignal): Promise<readonly ArtifactEntry[]>;
	/** A range of one artifact, never more than asked; the whole of it when no range is given. */
	readArtifact(runId: string, path: string, range?: ByteRange, signal?: AbortSignal): Promise<ArtifactBytes>;

	media(runId: string, signal?: AbortSignal): Promise<readonly MediaSeries[]>;
	readMedia(runId: string, tag: string, index: number, signal?: AbortSignal): Promise<MediaContent>;

	/** Calls back when the store may have changed: a hint to call `refresh`, never the change itself. */
	watch(onHint: () => void): Disposable;
}
