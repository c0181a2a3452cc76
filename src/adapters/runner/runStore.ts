import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import type { GitCli } from "../git/gitCli";

export interface StorePlace {
	/** What the repository's settings or the runner's environment name; null where neither does. */
	readonly uri: string | null;
	readonly local: Pick<GitCli, "root"> | null;
	readonly dataDir: string;
}

/**
 * Where a job's run is written: the store that is named, else `mlruns` of the person's own repository, where the editor finds it,
 * else of the data folder. A relative path is the repository's.
 */
export function storeOfRuns({ uri, local, dataDir }: StorePlace): string {
	const home = local?.root ?? dataDir;
	if (uri === null) return makeQuietly(join(home, "mlruns"));
	const isPath = !/^[a-z][a-z0-9+.-]*:/i.test(uri) && !isAbsolute(uri);
	return isPath ? resolve(home, uri) : uri;
}

/** A folder that git passes by, so that a repository which does not ignore it has no change to show. */
function makeQuietly(folder: string): string {
	if (existsSync(folder)) return folder;
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, ".gitignore"), "*\n");
	return folder;
}
