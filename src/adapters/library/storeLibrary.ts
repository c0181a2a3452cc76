import { Owner } from "../../core/disposable";
import { Emitter } from "../../core/emitter";
import type { Logger } from "../../core/logger";
import type { Discovery, FindOptions, LibraryChange, RunLibrary } from "../../core/stores/runLibrary";
import type { ArtifactBytes, ByteRange, StoreLocation, TrackingStore } from "../../core/stores/trackingStore";
import type { ChartAnswer, ChartQuery } from "../../shared/chart";
import { GammaError } from "../../shared/errors";
import {
	type ArtifactEntry,
	type Experiment,
	type MediaContent,
	type MediaSeries,
	type RunKey,
	type Series,
	type StoreSummary,
	splitRunKey,
} from "../../shared/run";
import { ChartReader } from "./chartReader";
import { discoverStores } from "./findStores";
import { LibraryStore, type OpenStore, type StoreChange } from "./libraryStore";

/** How long `open` waits for stores that do not answer; they come in when they do. */
const patienceMs = 3_000;

/** The run library in this process: every open store, read as it changes. */
export class StoreLibrary extends Owner implements RunLibrary {
	readonly #changed = this.own(new Emitter<LibraryChange>());
	readonly onDidChange = this.#changed.event;
	readonly #charts = new ChartReader((storeId) => this.#entry(storeId));
	#entries: readonly LibraryStore[] = [];
	#opening: Promise<unknown> = Promise.resolve();

	constructor(private readonly parts: { readonly open: OpenStore; readonly logger: Logger }) {
		super();
		this.own({ dispose: () => this.#keep([]) });
	}

	find(folder: string, options: FindOptions, signal?: AbortSignal): Promise<Discovery> {
		return discoverStores(folder, options, signal);
	}

	open(locations: readonly StoreLocation[]): Promise<readonly StoreSummary[]> {
		const opened = this.#opening.then(() => this.#open(locations));
		this.#opening = opened.catch(() => {});
		return opened;
	}

	async refresh(signal?: AbortSignal): Promise<void> {
		await Promise.race([Promise.all(this.#entries.map((entry) => entry.refresh())), rejectOnAbort(signal)]);
	}

	experiments(storeId: string, signal?: AbortSignal): Promise<readonly Experiment[]> {
		return orCancelled(signal, async () => this.#entry(storeId).opened().experiments(signal));
	}

	chart(query: ChartQuery, signal?: AbortSignal): Promise<ChartAnswer> {
		return this.#charts.chart(query, signal);
	}

	history(key: RunKey, metric: string, signal?: AbortSignal): Promise<Series> {
		return this.#ask(key, signal, (store, runId) => store.history(runId, metric, signal));
	}

	artifacts(key: RunKey, path: string, signal?: AbortSignal): Promise<readonly ArtifactEntry[]> {
		return this.#ask(key, signal, (store, runId) => store.artifacts(runId, path, signal));
	}

	readArtifact(key: RunKey, path: string, range?: ByteRange, signal?: AbortSignal): Promise<ArtifactBytes> {
		return this.#ask(key, signal, (store, runId) => store.readArtifact(runId, path, range, signal));
	}

	media(key: RunKey, signal?: AbortSignal): Promise<readonly MediaSeries[]> {
		return this.#ask(key, signal, (store, runId) => store.media(runId, signal));
	}

	readMedia(key: RunKey, tag: string, index: number, signal?: AbortSignal): Promise<MediaContent> {
		return this.#ask(key, signal, (store, runId) => store.readMedia(runId, tag, index, signal));
	}

	async #open(locations: readonly StoreLocation[]): Promise<readonly StoreSummary[]> {
		if (this.isDisposed) throw new GammaError("call.cancelled", "The library was closed.");
		const wanted = new Map(locations.map((location) => [identity(location), location]));
		const kept = this.#entries.filter((entry) => wanted.has(identity(entry.location)));
		const keptPlaces = new Set(kept.map((entry) => identity(entry.location)));
		const closedKeys = this.#entries.filter((entry) => !kept.includes(entry)).flatMap((entry) => entry.keys());
		const { open, logger } = this.parts;
		const fresh = [...wanted]
			.filter(([place]) => !keptPlaces.has(place))
			.map(([, location]) => new LibraryStore(location, open, (change) => this.#announce(change), logger));
		this.#keep(kept);
		const order = [...wanted.keys()];
		this.#entries = [...kept, ...fresh].sort(
			(a, b) => order.indexOf(identity(a.location)) - order.indexOf(identity(b.location)),
		);
		this.#announce({ upserted: [], removed: closedKeys, grown: [] });
		const admitted = Promise.all(fresh.map((entry) => entry.open().then(() => this.#admit(entry))));
		// A share that does not answer holds up its own runs, not the others'.
		await Promise.race([admitted, new Promise((resolve) => setTimeout(resolve, patienceMs).unref())]);
		return this.#summaries();
	}

	/** The store is open, or failed to be: has it read, unless it is one of the others under another address. */
	#admit(entry: LibraryStore): void {
		if (!this.#entries.includes(entry)) return;
		const [first, ...doubles] = this.#entries.filter((other) => other.isOpen && other.id === entry.id);
		if (first) this.#keep(this.#entries.filter((other) => !doubles.includes(other)));
		this.#announce({ upserted: [], removed: [], grown: [] });
		if (this.#entries.includes(entry) && entry.isOpen) void entry.refresh();
	}

	#keep(kept: readonly LibraryStore[]): void {
		const closed = this.#entries.filter((entry) => !kept.includes(entry));
		this.#entries = kept;
		for (const entry of closed) entry.dispose();
	}

	#announce(change: StoreChange): void {
		if (!this.isDisposed) this.#changed.fire({ stores: this.#summaries(), ...change });
	}

	#summaries(): readonly StoreSummary[] {
		return this.#entries.map((entry) => entry.summary);
	}

	#entry(storeId: string): LibraryStore {
		const entry = this.#entries.find((other) => other.id === storeId);
		if (!entry) throw new GammaError("store.missing", "The store of this run is not open; open it again.");
		return entry;
	}

	#ask<T>(
		key: RunKey,
		signal: AbortSignal | undefined,
		question: (store: TrackingStore, runId: string) => Promise<T>,
	): Promise<T> {
		const { storeId, runId } = splitRunKey(key);
		return orCancelled(signal, async () => question(this.#entry(storeId).opened(), runId));
	}
}

/** Whatever a store throws once it was told to stop, it stopped because it was told to. */
async function orCancelled<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
	try {
		if (!signal?.aborted) return await work();
	} catch (error) {
		if (!signal?.aborted) throw error;
	}
	throw new GammaError("call.cancelled", "The reading was cancelled.");
}

/** Two locations with the same identity are the same wish; another password is another one. */
function identity({ uri, label, auth, headers }: StoreLocation): string {
	return JSON.stringify([uri, label ?? null, auth ?? null, headers ?? null]);
}

function rejectOnAbort(signal: AbortSignal | undefined): Promise<never> {
	return new Promise((_, reject) => {
		const cancel = () => reject(new GammaError("call.cancelled", "The refresh was cancelled."));
		if (signal?.aborted) cancel();
		signal?.addEventListener("abort", cancel, { once: true });
	});
}
