import { Worker } from "node:worker_threads";
import { Owner } from "../../core/disposable";
import { Emitter } from "../../core/emitter";
import type { Logger } from "../../core/logger";
import type { Discovery, FindOptions, LibraryChange, RunLibrary } from "../../core/stores/runLibrary";
import type { ArtifactBytes, ByteRange, StoreLocation } from "../../core/stores/trackingStore";
import { CallPeer, type ParamsOf, type ResultOf } from "../../shared/call";
import type { ChartAnswer, ChartQuery } from "../../shared/chart";
import { GammaError } from "../../shared/errors";
import type {
	ArtifactEntry,
	Experiment,
	MediaContent,
	MediaSeries,
	RunKey,
	Series,
	StoreSummary,
} from "../../shared/run";
import { type libraryCalls, libraryEvents } from "./libraryContract";
import { ToldRuns } from "./toldRuns";

/** A reader that stops more often than this within a minute would stop again. */
const mostRestarts = 3;
const withinMs = 60_000;
/** Reading on a slow network disk or from a busy server takes its time; cancelling is the caller's. */
const readTimeoutMs = 5 * 60_000;

type Calls = typeof libraryCalls;
interface Reader {
	readonly worker: Worker;
	readonly peer: CallPeer<typeof libraryEvents, Calls>;
}

/**
 * The run library in a thread of its own, so that reading never holds up the caller's. Starts with the first call. A
 * thread that stops is started again with the same stores, three times a minute at most.
 */
export class WorkerLibrary extends Owner implements RunLibrary {
	readonly #changed = this.own(new Emitter<LibraryChange>());
	readonly onDidChange = this.#changed.event;
	readonly #told = new ToldRuns();
	#reader: Reader | null = null;
	#locations: readonly StoreLocation[] = [];
	#stores: readonly StoreSummary[] = [];
	#stoppedAtMs: number[] = [];
	/** A new reader does not know yet what the old one knew: nothing is taken out until it has opened the stores. */
	#reopening = 0;

	constructor(private readonly parts: { readonly workerPath: string; readonly logger: Logger }) {
		super();
		this.own({ dispose: () => this.#end() });
	}

	find(folder: string, { variables, stores = [] }: FindOptions, signal?: AbortSignal): Promise<Discovery> {
		return this.#call("find", { folder, variables: mlflowOnly(variables), stores: [...stores] }, signal);
	}

	open(locations: readonly StoreLocation[]): Promise<readonly StoreSummary[]> {
		this.#locations = locations;
		return this.#call("open", { locations: [...locations] });
	}

	refresh(signal?: AbortSignal): Promise<void> {
		return this.#call("refresh", undefined, signal);
	}

	experiments(storeId: string, signal?: AbortSignal): Promise<readonly Experiment[]> {
		return this.#call("experiments", { storeId }, signal);
	}

	chart(query: ChartQuery, signal?: AbortSignal): Promise<ChartAnswer> {
		return this.#call("chart", query, signal);
	}

	history(key: RunKey, metric: string, signal?: AbortSignal): Promise<Series> {
		return this.#call("history", { key, metric }, signal);
	}

	artifacts(key: RunKey, path: string, signal?: AbortSignal): Promise<readonly ArtifactEntry[]> {
		return this.#call("artifacts", { key, path }, signal);
	}

	readArtifact(key: RunKey, path: string, range?: ByteRange, signal?: AbortSignal): Promise<ArtifactBytes> {
		return this.#call("readArtifact", { key, path, range }, signal);
	}

	media(key: RunKey, signal?: AbortSignal): Promise<readonly MediaSeries[]> {
		return this.#call("media", { key }, signal);
	}

	readMedia(key: RunKey, tag: string, index: number, signal?: AbortSignal): Promise<MediaContent> {
		return this.#call("readMedia", { key, tag, index }, signal);
	}

	async #call<K extends keyof Calls & string>(
		name: K,
		params: ParamsOf<Calls[K]>,
		signal?: AbortSignal,
	): Promise<ResultOf<Calls[K]>> {
		const reader = this.#started();
		try {
			return await reader.peer.call(name, params, { signal, timeoutMs: readTimeoutMs });
		} catch (error) {
			const hasStopped = this.#reader !== reader && !this.isDisposed && !signal?.aborted;
			if (hasStopped && GammaError.is(error, "call.cancelled")) throw this.#stopped(error);
			throw error;
		}
	}

	#started(): Reader {
		if (this.isDisposed) throw new GammaError("call.cancelled", "The library was closed.");
		if (!this.#reader && this.#stops() > mostRestarts) throw this.#stopped();
		this.#reader ??= this.#start();
		return this.#reader;
	}

	#start(): Reader {
		const { logger, workerPath } = this.parts;
		const worker = new Worker(workerPath, { name: "gamma library", execArgv: [] });
		const peer: Reader["peer"] = new CallPeer<typeof libraryEvents, Calls>(
			{ post: (message) => worker.postMessage(message) },
			libraryEvents,
			{
				changed: (change) => this.#announce(change),
				logged: ({ level, message, details }) => logger[level](message, details),
			},
			(reason) => logger.warn("dropped a message from the reader", { reason }),
		);
		const reader = { worker, peer };
		worker.on("message", (message: unknown) => peer.receive(message));
		worker.on("error", (error) => logger.debug("the reader failed", { reason: String(error) }));
		worker.on("exit", (code) => this.#onExit(reader, code));
		return reader;
	}

	#onExit(reader: Reader, exitCode: number): void {
		if (this.#reader !== reader || this.isDisposed) return;
		this.#reader = null;
		this.#stoppedAtMs.push(Date.now());
		reader.peer.close();
		const willRestart = this.#stops() <= mostRestarts;
		this.parts.logger.warn("the reader of the stores stopped", { exitCode, willRestart });
		if (!willRestart) {
			this.#announceFailed();
			return;
		}
		this.#told.doubt();
		void this.#reopen();
	}

	async #reopen(): Promise<void> {
		this.#reopening++;
		try {
			await this.#call("open", { locations: [...this.#locations] });
		} catch (error) {
			this.parts.logger.debug("the stores were not opened again", { reason: String(error) });
		}
		this.#reopening--;
	}

	/** How often the reader stopped within the last minute. */
	#stops(): number {
		this.#stoppedAtMs = this.#stoppedAtMs.filter((atMs) => Date.now() - atMs < withinMs);
		return this.#stoppedAtMs.length;
	}

	#stopped(cause?: unknown): GammaError {
		const isGivenUp = !this.#reader && this.#stops() > mostRestarts;
		return new GammaError(
			"unexpected",
			isGivenUp
				? "The reader of the stores stopped again and again; close very large stores, or reload the window to try once more."
				: "The reader of the stores stopped and was started again; try again.",
			{ cause },
		);
	}

	#announce(change: LibraryChange): void {
		if (this.isDisposed) return;
		const stores = this.#reopening > 0 ? this.#amongKnown(change.stores) : change.stores;
		this.#stores = stores;
		this.#changed.fire(this.#told.settle({ ...change, stores }));
	}

	/** The stores known before, each as the new reader tells of it, or failed for the moment. */
	#amongKnown(stores: readonly StoreSummary[]): readonly StoreSummary[] {
		const told = new Map(stores.map((store) => [store.id, store]));
		return this.#stores.map((store) => told.get(store.id) ?? asFailed(store, "The reader of the stores starts again."));
	}

	#announceFailed(): void {
		const { message } = this.#stopped();
		this.#stores = this.#stores.map((store) => asFailed(store, message));
		this.#changed.fire({ stores: this.#stores, upserted: [], removed: [], grown: [] });
	}

	#end(): void {
		const reader = this.#reader;
		this.#reader = null;
		reader?.peer.close();
		void reader?.worker.terminate();
	}
}

function asFailed(store: StoreSummary, message: string): StoreSummary {
	const { state } = store;
	const lastReadMs = state.kind === "ready" ? state.readAtMs : state.kind === "failed" ? state.lastReadMs : null;
	return { ...store, state: { kind: "failed", message, lastReadMs } };
}

/** The rest of the environment is nobody's business in another thread's messages. */
function mlflowOnly(variables: FindOptions["variables"]): Record<string, string> {
	const kept: Record<string, string> = {};
	for (const [name, value] of Object.entries(variables)) {
		if (name.startsWith("MLFLOW_TRACKING_") && value !== undefined) kept[name] = value;
	}
	return kept;
}
