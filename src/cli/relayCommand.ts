import { join } from "node:path";
import type { Command } from "commander";
import type * as Relay from "../../server/main";
import { wholeNumber } from "./storeOption";

interface RelayOptions {
	readonly port?: number;
	readonly host?: string;
	readonly data?: string;
}

/** The relay is a file of its own beside the command, `dist/server/main.js`. */
function loadRelay(): typeof Relay {
	return require(join(__dirname, "server", "main.js"));
}

export function addRelay(gamma: Command): void {
	gamma
		.command("relay")
		.description("Serves the relay until SIGTERM; its first line says where, and with which token.")
		.option("--port <n>", "port to listen on; a free one when not given", wholeNumber)
		.option("--host <host>", "address to listen on; 127.0.0.1 when not given")
		.option("--data <folder>", "folder of a database of its own; without it, this user's one local relay")
		.action(async ({ port, host, data }: RelayOptions) => {
			const environment = {
				...process.env,
				...(port !== undefined && { PORT: String(port) }),
				...(host !== undefined && { HOST: host }),
				...(data !== undefined && { GAMMA_DATA_DIR: data }),
			};
			const { isUsersOwn, serve, serveLocal } = loadRelay();
			process.exitCode = await (isUsersOwn(environment) ? serveLocal(environment) : serve(environment));
		});
}
