import type { Command } from "commander";
import { fromRunsStore, withStores } from "./openStores";
import { withStoreOptions } from "./storeOption";
import type { Terminal } from "./terminal";

interface ArtifactsOptions {
	readonly store?: string;
	readonly json?: boolean;
}

export function addArtifacts(gamma: Command, terminal: Terminal): void {
	withStoreOptions(gamma.command("artifacts"))
		.description("Lists one folder of a run's artifacts.")
		.argument("<run-id>")
		.argument("[path]", "a folder among the artifacts; all of them start at the root", "")
		.action((runId: string, path: string, options: ArtifactsOptions) =>
			withStores(options, async (stores) => {
				const entries = await fromRunsStore(stores, runId, (store) => store.artifacts(runId, path));
				if (options.json) {
					terminal.writeJson(entries.map(({ path, isDir, sizeBytes }) => ({ path, isDir, sizeBytes })));
				} else if (entries.length === 0) terminal.write("No artifacts.\n");
				else {
					terminal.writeTable(
						["PATH", "BYTES"],
						entries.map(({ path, isDir, sizeBytes }) => [isDir ? `${path}/` : path, String(sizeBytes ?? "")]),
					);
				}
			}),
		);
}
