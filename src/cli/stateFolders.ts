import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where what a server did not take yet waits. */
export function spoolFolder(environment: Environment): string {
	return environment.GAMMA_SPOOL_DIR || join(stateFolder(environment), "spool");
}

/** Where a runner keeps repositories and the jobs under way. */
export function runnerFolder(environment: Environment): string {
	return join(stateFolder(environment), "runner");
}

export function stateFolder({ XDG_STATE_HOME }: Environment): string {
	return join(XDG_STATE_HOME || join(homedir(), ".local", "state"), "gamma");
}
