import type { Command } from "commander";
import { lazy } from "../adapters/lazy/lazy";
import { GammaError } from "../shared/errors";
import { locationsOf, type StoreOptions } from "./openStores";
import { withStoreOptions } from "./storeOption";

export function addMcp(gamma: Command): void {
	withStoreOptions(gamma.command("mcp"))
		.description(
			"Serves Gamma's reading tools over MCP on standard input and output: code, git, runs and metrics of this folder.",
		)
		.action(async (options: StoreOptions) => {
			const { serveMcp } = await lazy<typeof import("../adapters/lazy/mcp")>("mcp");
			const locations = await locationsOf(options, process.cwd(), process.env).catch((error: unknown) => {
				// Code can be read where nothing was logged yet.
				if (options.store === undefined && GammaError.is(error, "store.missing")) return [];
				throw error;
			});
			await serveMcp(process.cwd(), locations);
		});
}
