import { GivenRuns } from "./givenRuns";
import { type RunCommandsParts, runCommands } from "./runCommands";
import { type StoreCommandsParts, storeCommands } from "./storeCommands";
import { type ViewCommandsParts, viewCommands } from "./viewCommands";

export type RunsCommandsParts = Omit<RunCommandsParts, "given"> & StoreCommandsParts & Omit<ViewCommandsParts, "runs">;

/** A file of its own (dist/commands.cjs), loaded with the first of them: what is done with runs, their view and their stores. */
export function runsCommands(parts: RunsCommandsParts) {
	const { model } = parts;
	return {
		...runCommands({ ...parts, given: new GivenRuns(parts) }),
		...viewCommands({ ...parts, runs: () => model.snapshot.runs.values() }),
		...storeCommands(parts),
	};
}

export type RunsCommands = ReturnType<typeof runsCommands>;
