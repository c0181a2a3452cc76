import { Owner } from "../../core/disposable";
import type { Logger } from "../../core/logger";
import type { LibraryChange } from "../../core/stores/runLibrary";
import type { RunDelta, StoreLocation, TrackingStore } from "../../core/stores/trackingStore";
import { GammaError, toFailure } from "../../shared/errors";
import { type Run, type RunKey, type StoreKind, type StoreState, type StoreSummary, toRunKey } from "../../shared/run";
import { storeIdOf } from "./storeId";

/** Hints closer together than this make one refresh: a training may write hundreds of times a second. */
const refreshEveryMs = 40;
/** After a failure: 1 s, 2 s, 4 s … 30 s. */
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;
/** A refresh that found nothing is told to the listeners this often, for the age of what they show. */
const tellReadEveryMs = 10_000;

export type StoreChange = Omit<LibraryChange, "stores">;
export type OpenStore = (location: StoreLocation) => Promise<TrackingStore>;

const noChange: StoreChange = { upserted: [], removed: [], grown: [] };

/**
 * One open store of the library: reads it, reads on when it hints at changes, one refresh at a time, and keeps what was
 * read when it fails. A store that is missing is opened anew when it comes back, and runs it no longer has are taken out.
 */
export class LibraryStore extends Owner {
	readonly #runs = new Map<string, Run>();
	readonly #ending = new AbortController();
	#store: TrackingStore | null = null;
	#state: StoreState = { kind: "reading" };
	#lastReadMs: number | null = null;
	#lastToldMs = 0;
	#failures = 0;
	#endedAtMs = 0;
	/** Runs not seen yet since the store was opened anew; null once it was read whole. */
	#unseen: Set<string> | null = null;
	#running: Promise<void> | null = null;
	#following: Promise<void> | null = null;
	#timer: NodeJS.Timeout | undefined;

	constructor(
		readonly location: StoreLocation,
		private readonly openStore: OpenStore,
		private readonly announce: (change: StoreChange) => void,
		private readonly logger: Logger,
	) {
		super();
		this.own({ dispose: () => this.#store?.dispose() });
		this.own({ dispose: () => clearTimeout(this.#timer) });
		this.own({ dispose: () => this.#ending.abort() });
	}

	get id(): string {
		return this.#shown?.id ?? storeIdOf(this.location.uri);
	}

	get isOpen(): boolean {
		return this.#store !== null;
	}

	get summary(): StoreSummary {
		const { uri, label } = this.location;
		const shown = this.#shown ?? {
			id: this.id,
			kind: likelyKind(uri),
			uri: withoutPassword(uri),
			label: label ?? lastPart(uri),
		};
		return { id: shown.id, kind: shown.kind, uri: shown.uri, label: shown.label, state: this.#state };
	}
	/** What the store said of itself when it was last open. */
	#shown: Pick<StoreSummary, "id" | "kind" | "uri" | "label"> | null = null;

	run(runId: string): Run | undefined {
		return this.#runs.get(runId);
	}

	/** Keys of every run it has told of. */
	keys(): RunKey[] {
		return [...this.#runs.values()].map((run) => run.key);
	}

	/** The store, for a question about one run. Throws why it is not open. */
	opened(): TrackingStore {
		if (this.#store) return this.#store;
		const reason = this.#state.kind === "failed" ? this.#state.message : "The store is not open yet; try again.";
		throw new GammaError("store.missing", reason);
	}

	/** Opens the store; a failure becomes its state. */
	async open(): Promise<void> {
		try {
			await this.#opened();
		} catch (error) {
			if (!this.isDisposed) this.#fail(error);
		}
	}

	/** Resolves when a refresh that began after this call has ended, well or not. */
	refresh(): Promise<void> {
		if (this.isDisposed) return Promise.resolve();
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (!this.#running) {
			this.#running = this.#read().finally(() => {
				this.#running = null;
				this.#endedAtMs = Date.now();
			});
			return this.#running;
		}
		this.#following ??= this.#running.then(() => {
			this.#following = null;
			return this.refresh();
		});
		return this.#following;
	}

	#hint(): void {
		if (this.isDisposed || this.#following) return;
		// A failing store has its next try set already, and is asked no sooner however much its folder stirs.
		this.#refreshIn(Math.max(0, this.#endedAtMs + refreshEveryMs - Date.now()));
	}

	#refreshIn(delayMs: number): void {
		if (this.#timer !== undefined || this.isDisposed) return;
		this.#timer = setTimeout(() => void this.refresh(), delayMs);
	}

	async #opened(): Promise<TrackingStore> {
		if (this.#store) return this.#store;
		const store = await this.openStore(this.location);
		if (this.isDisposed) {
			store.dispose();
			throw new GammaError("call.cancelled", "The store was closed.");
		}
		this.#store = store;
		this.#shown = { id: store.id, kind: store.kind, uri: store.uri, label: store.label };
		this.#unseen = new Set(this.#runs.keys());
		this.#watching.dispose();
		this.#watching = store.watch(() => this.#hint());
		return store;
	}
	#watching = { dispose() {} };

	async #read(): Promise<void> {
		try {
			const store = await this.#opened();
			let told = false;
			for await (const delta of store.refresh(this.#ending.signal)) {
				if (this.isDisposed) return;
				if (this.#lastReadMs !== null && this.#failures === 0) this.#setReady();
				const change = this.#apply(store, delta);
				if (!change) continue;
				told = true;
				this.#tell(change);
			}
			if (this.isDisposed) return;
			const wasReady = this.#state.kind === "ready" && this.#failures === 0;
			const gone = this.#takeUnseen(store);
			this.#failures = 0;
			this.#setReady();
			const isOld = Date.now() - this.#lastToldMs > tellReadEveryMs;
			if (!wasReady || gone.length > 0 || (!told && isOld)) this.#tell({ ...noChange, removed: gone });
		} catch (error) {
			if (!this.isDisposed) this.#fail(error);
		}
	}

	#apply(store: TrackingStore, delta: RunDelta): StoreChange | null {
		if (delta.upserted.length + delta.removed.length + delta.grown.length === 0) return null;
		for (const run of delta.upserted) {
			this.#runs.set(run.id, run);
			this.#unseen?.delete(run.id);
		}
		for (const id of delta.removed) this.#runs.delete(id);
		return {
			upserted: delta.upserted,
			removed: delta.removed.map((id) => toRunKey(store.id, id)),
			grown: delta.grown.map(({ runId, metrics }) => ({ key: toRunKey(store.id, runId), metrics })),
		};
	}

	#takeUnseen(store: TrackingStore): RunKey[] {
		const gone = [...(this.#unseen ?? [])];
		this.#unseen = null;
		for (const id of gone) this.#runs.delete(id);
		return gone.map((id) => toRunKey(store.id, id));
	}

	#setReady(): void {
		this.#lastReadMs = Date.now();
		this.#state = { kind: "ready", readAtMs: this.#lastReadMs };
	}

	#fail(error: unknown): void {
		const { code, message } = toFailure(error);
		this.#failures++;
		const retryMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(10, this.#failures - 1));
		const log = this.#failures === 1 ? "warn" : "debug";
		this.logger[log]("a store could not be read", { uri: this.summary.uri, code, message, retryMs });
		// What is there when it comes back may be another store altogether.
		if (code === "store.missing" || code === "store.unrecognised") {
			this.#watching.dispose();
			this.#store?.dispose();
			this.#store = null;
		}
		this.#state = { kind: "failed", message, lastReadMs: this.#lastReadMs };
		this.#tell(noChange);
		this.#refreshIn(retryMs);
	}

	#tell(change: StoreChange): void {
		this.#lastToldMs = Date.now();
		this.announce(change);
	}

	override dispose(): void {
		this.#watching.dispose();
		super.dispose();
	}
}

/** What a store that never opened most likely is, for its icon. */
function likelyKind(uri: string): StoreKind {
	if (/^https?:/i.test(uri)) return "mlflow-server";
	return /^sqlite:|\.(db|sqlite3?)$/i.test(uri) ? "mlflow-sqlite" : "mlflow-folder";
}

function lastPart(uri: string): string {
	return (
		withoutPassword(uri)
			.replace(/^https?:\/\//i, "")
			.split(/[\\/]/)
			.filter(Boolean)
			.at(-1) ?? uri
	);
}

function withoutPassword(uri: string): string {
	return uri.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, "$1");
}
