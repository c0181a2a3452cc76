import { type FSWatcher, statSync, watch } from "node:fs";
import type { Disposable } from "../../core/disposable";

/** inotify allows 8,192 watches a user by default on older kernels; what is beyond this share is covered by the poll. */
const maxWatches = 512;

interface Watched {
	watcher: FSWatcher | null;
	/** The folder that was watched: a folder made anew under the same name needs a watch of its own. */
	identity: string | null;
}

export interface PathWatcherOptions {
	/** Changes within this time become one hint. */
	readonly debounceMs?: number;
	/** The hint also comes by itself at this pace: network file systems announce nothing. */
	readonly pollMs?: number;
}

/**
 * Says that something below one of a few paths may have changed. Not recursive: name the folders that matter.
 * Survives paths that vanish and come back, and the system's limit on watches (the poll goes on).
 */
export class PathWatcher implements Disposable {
	readonly #watched = new Map<string, Watched>();
	readonly #debounceMs: number;
	readonly #poll: NodeJS.Timeout;
	#pending: NodeJS.Timeout | null = null;
	#isDisposed = false;

	constructor(
		private readonly onHint: () => void,
		options: PathWatcherOptions = {},
	) {
		this.#debounceMs = options.debounceMs ?? 20;
		this.#poll = setInterval(() => this.#onPoll(), options.pollMs ?? 2000).unref();
	}

	/** Watches these paths and no others; those already watched stay as they are. */
	setPaths(paths: Iterable<string>): void {
		if (this.#isDisposed) return;
		const wanted = new Set(paths);
		for (const [path, { watcher }] of this.#watched) {
			if (wanted.has(path)) continue;
			watcher?.close();
			this.#watched.delete(path);
		}
		for (const path of wanted) if (!this.#watched.has(path)) this.#watched.set(path, this.#start(path));
	}

	dispose(): void {
		this.#isDisposed = true;
		clearInterval(this.#poll);
		if (this.#pending) clearTimeout(this.#pending);
		for (const { watcher } of this.#watched.values()) watcher?.close();
		this.#watched.clear();
	}

	#start(path: string): Watched {
		const identity = identityOf(path);
		if (identity === null || this.#watched.size >= maxWatches) return { watcher: null, identity };
		try {
			const watcher = watch(path, { persistent: false }, () => this.#hintSoon());
			const watched: Watched = { watcher, identity };
			watcher.on("error", () => {
				watcher.close();
				watched.watcher = null;
			});
			return watched;
		} catch {
			// Gone in between, or no watches left: the poll covers it.
			return { watcher: null, identity };
		}
	}

	#onPoll(): void {
		for (const [path, watched] of this.#watched) {
			const identity = identityOf(path);
			if (watched.watcher !== null && identity === watched.identity) continue;
			if (identity === null && watched.identity === null) continue;
			watched.watcher?.close();
			this.#watched.delete(path);
			this.#watched.set(path, this.#start(path));
		}
		this.#hintSoon();
	}

	/** Not put off by further changes: a file written without pause still gives a hint every `debounceMs`. */
	#hintSoon(): void {
		if (this.#isDisposed || this.#pending) return;
		this.#pending = setTimeout(() => {
			this.#pending = null;
			this.onHint();
		}, this.#debounceMs).unref();
	}
}

/** An inode's number may be given again at once: its birth tells two of them apart. */
function identityOf(path: string): string | null {
	try {
		const stats = statSync(path, { throwIfNoEntry: false });
		return stats === undefined ? null : `${stats.ino}/${stats.birthtimeMs}`;
	} catch {
		return null;
	}
}
