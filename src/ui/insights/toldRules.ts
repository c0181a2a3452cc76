import * as z from "zod/mini";
import type { LogWatchParts } from "../../core/insights/logWatch";
import type { WorkspaceMemory } from "../memory";

const key = "gamma.watch.told";
const most = 500;
const schema = z.array(z.string());

/** Which rule spoke of which log, over reloads: what stands in a log stays there. */
export class ToldRules {
	readonly #told: Set<string>;

	constructor(private readonly memory: WorkspaceMemory) {
		this.#told = new Set(memory.read(key, schema, []));
	}

	readonly has: LogWatchParts["told"]["has"] = (logId, rule) => this.#told.has(`${logId} ${rule}`);

	readonly add: LogWatchParts["told"]["add"] = (logId, rule) => {
		this.#told.add(`${logId} ${rule}`);
		this.memory.set(key, [...this.#told].slice(-most));
	};
}
