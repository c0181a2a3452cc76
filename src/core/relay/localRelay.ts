import type { Disposable } from "../disposable";

/** This machine's own relay as it runs now. */
export interface RunningRelay {
	/** `http://127.0.0.1:port`, without a trailing slash. */
	readonly url: string;
	/** Its bearer token; a new one with each start. */
	readonly token: string;
	readonly pid: number;
	readonly startedAtMs: number;
}

/**
 * The port to the one local relay of this machine's user: a process of its own that outlives the window it was started from
 * and that every window, the `gamma` command and runners find by the same files.
 */
export interface LocalRelay {
	/** Where it writes what happens to it. */
	readonly logPath: string;
	/** Null when none runs. */
	find(): Promise<RunningRelay | null>;
	/** The one that runs, or a new one. Rejects with `relay.notStarted` and the end of its log, or `call.cancelled`. */
	start(signal?: AbortSignal): Promise<RunningRelay>;
	/** False when none ran. Rejects with `relay.refused` when it does not end. */
	stop(): Promise<boolean>;
	/** Says that one may have come, changed or gone, whoever did it. */
	watch(onHint: () => void): Disposable;
}
