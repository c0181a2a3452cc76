import { RunModel } from "../../src/core/runs/runModel";
import type { LibraryChange, RunLibrary } from "../../src/core/stores/runLibrary";

/** A library with its run model, and a way to wait for what it announces. */
export function followedLibrary(library: RunLibrary) {
	const model = new RunModel(library);
	const changes: LibraryChange[] = [];
	const waiting = new Set<() => void>();
	model.onDidChange((change) => {
		changes.push(change);
		for (const look of [...waiting]) look();
	});
	/** Resolves once the claim holds, looked at after every announcement. */
	const until = (claim: () => boolean, timeoutMs = 10_000): Promise<void> =>
		new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				waiting.delete(look);
				reject(new Error(`not within ${timeoutMs} ms: ${claim}`));
			}, timeoutMs);
			const look = () => {
				if (!claim()) return;
				clearTimeout(timer);
				waiting.delete(look);
				resolve();
			};
			waiting.add(look);
			look();
		});
	return {
		library,
		model,
		changes,
		until,
		keys: () => [...model.snapshot.runs.keys()].sort(),
		states: () => model.snapshot.stores.map((store) => store.state.kind),
		allReady: () =>
			until(
				() => model.snapshot.stores.length > 0 && model.snapshot.stores.every((store) => store.state.kind === "ready"),
			),
	};
}
