import { homedir } from "node:os";
import { join } from "node:path";

/** Where the local relay of this machine's user keeps its address, token, log and database. */
export function relayFolder(
	environment: Readonly<Record<string, string | undefined>>,
	platform: NodeJS.Platform = process.platform,
): string {
	const { XDG_STATE_HOME, LOCALAPPDATA } = environment;
	const base = XDG_STATE_HOME || (platform === "win32" && LOCALAPPDATA) || join(homedir(), ".local", "state");
	return join(base, "gamma", "relay");
}
