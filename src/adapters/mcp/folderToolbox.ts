import { AgentToolbox } from "../../core/agent/agentToolbox";
import { Permissions } from "../../core/agent/permissions";
import type { Sources } from "../../core/agent/sources";
import { codeTools, trainingTools } from "../../core/agent/tools/readTools";
import type { RunLibrary } from "../../core/stores/runLibrary";
import type { StoreLocation } from "../../core/stores/trackingStore";
import type { Run, RunKey } from "../../shared/run";
import { GitWords } from "../agent/gitHistory";
import { FolderFiles } from "../agent/workspaceFiles";
import { findRepository } from "../git/gitCli";
import { GitCommand } from "../git/gitCommand";

/** The tools that read, over one folder's files, git and stores; there are no jobs without a relay. */
export async function folderToolbox(
	folder: string,
	library: RunLibrary,
	locations: readonly StoreLocation[],
): Promise<AgentToolbox> {
	const runs = new Map<RunKey, Run>();
	library.onDidChange(({ upserted, removed }) => {
		for (const run of upserted) runs.set(run.key, run);
		for (const key of removed) runs.delete(key);
	});
	await library.open(locations);
	await library.refresh();
	const files = new FolderFiles(folder);
	const repository = await findRepository(folder, "git").catch(() => null);
	const git = repository && new GitWords(new GitCommand("git", repository.root));
	const sources: Sources = {
		files: () => files,
		git: () => git,
		runs: () => [...runs.values()].filter((run) => run.lifecycleStage === "active"),
		ticked: () => [],
		history: (key, metric, signal) => library.history(key, metric, signal),
		artifacts: (key, path, signal) => library.artifacts(key, path, signal),
		jobs: () => [],
		log: async () => null,
	};
	const tools = [...codeTools(sources), ...trainingTools(sources).filter(({ name }) => !name.includes("job"))];
	const permissions = new Permissions({ get: () => undefined, set: () => {} });
	return new AgentToolbox({ tools, permissions, isTrusted: () => false });
}
