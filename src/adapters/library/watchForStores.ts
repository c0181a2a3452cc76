import { stat } from "node:fs/promises";
import type { Disposable } from "../../core/disposable";
import { PathWatcher } from "../files/pathWatcher";

/** New stores are rare: changes gather this long before anyone looks again. */
const debounceMs = 500;
const pollMs = 10_000;

/**
 * Says when a folder's stores should be looked for again: an entry appeared in or left one of the watched folders
 * (`Discovery.watched`), or the settings file was written. A hint only, at most two a second.
 */
export function watchForStores(watched: readonly string[], onHint: () => void): Disposable {
	let isDisposed = false;
	let last: Promise<string> = fingerprint(watched);
	const watcher = new PathWatcher(
		() => {
			last = last.then(async (before) => {
				const now = await fingerprint(watched);
				if (now !== before && !isDisposed) onHint();
				return now;
			});
		},
		{ debounceMs, pollMs },
	);
	watcher.setPaths(watched);
	return {
		dispose: () => {
			isDisposed = true;
			watcher.dispose();
		},
	};
}

/** A folder's modification time changes when an entry is made in it or taken out, not when a file in it grows. */
async function fingerprint(folders: readonly string[]): Promise<string> {
	const times = await Promise.all(
		folders.map((folder) =>
			stat(folder).then(
				(found) => `${found.ino}:${found.mtimeMs}`,
				() => "",
			),
		),
	);
	return times.join(" ");
}
