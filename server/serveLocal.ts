import { RelayFiles } from "../src/adapters/localRelay/relayFiles";
import { relayFolder } from "../src/adapters/localRelay/relayFolder";
import { toFailure } from "../src/shared/errors";
import { serve } from "./serve";

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings with which a relay is somebody else's or of its own: it is not the one that editors look for. */
const ownSettings = ["GAMMA_DATA_DIR", "DATABASE_URL", "SUPABASE_URL", "SUPABASE_JWT_SECRET"];

/** Is a relay with these settings the one local relay of this machine's user? */
export function isUsersOwn(environment: Environment): boolean {
	return ownSettings.every((name) => !environment[name]);
}

/**
 * Serves as the one local relay of this machine's user, found by what it leaves in the folder. Resolves with the exit code:
 * 1 with one sentence on standard error when another one runs.
 */
export async function serveLocal(environment: Environment, folder = relayFolder(environment)): Promise<number> {
	const files = new RelayFiles(folder);
	try {
		await files.claim();
	} catch (error) {
		process.stderr.write(`gamma relay: ${toFailure(error).message}\n`);
		return 1;
	}
	try {
		return await serve({ ...environment, GAMMA_DATA_DIR: files.dataDir }, async ({ url, token }) => {
			if (token !== null) await files.publish(url, token);
			process.stderr.write(`${new Date().toISOString()} the local relay answers at ${url} (process ${process.pid})\n`);
		});
	} finally {
		await files.release();
	}
}
