/** A file of its own (dist/mcp.cjs): what `gamma mcp` serves, and the protocol. */

import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { silentLogger } from "../../core/logger";
import type { StoreLocation } from "../../core/stores/trackingStore";
import { openStore } from "../library/openStore";
import { StoreLibrary } from "../library/storeLibrary";
import { folderToolbox } from "../mcp/folderToolbox";
import { serveTools } from "../mcp/serveTools";

/** Serves until standard input ends. Nothing but the protocol is written to standard output. */
export async function serveMcp(folder: string, locations: readonly StoreLocation[]): Promise<void> {
	const library = new StoreLibrary({ open: openStore, logger: silentLogger });
	const toolbox = await folderToolbox(folder, library, locations);
	const transport = new StdioServerTransport();
	const server = await serveTools(toolbox, transport);
	await new Promise<void>((done) => {
		process.stdin.once("end", done);
		server.onclose = done;
	});
	await server.close();
	library.dispose();
}
