import { parentPort } from "node:worker_threads";
import { openStore } from "../../src/adapters/library/openStore";
import { serveLibrary } from "../../src/adapters/library/serveLibrary";

// The library's worker, with stores that end the whole thread: `crash:` at once, `crash-once-open:<path>` when asked for experiments.
if (parentPort) {
	serveLibrary(parentPort, async (location) => {
		if (location.uri === "crash:") process.exit(7);
		if (!location.uri.startsWith("crash-once-open:")) return openStore(location);
		const store = await openStore({ ...location, uri: location.uri.slice("crash-once-open:".length) });
		store.experiments = () => process.exit(7);
		return store;
	});
}
