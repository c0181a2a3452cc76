import type { GithubApp, GithubAppWish } from "../../core/mmp/githubApp";
import { createGithubApp, type GithubAppParts, saveRelayEnvironment } from "./createGithubApp";

export interface GithubApps {
	create(wish: GithubAppWish, parts: Pick<GithubAppParts, "expose" | "show" | "signal">): Promise<GithubApp>;
	/** Keeps the relay's settings in a new file that only this user reads. */
	save(app: GithubApp, path: string): Promise<void>;
}

/** At GitHub, or at the Enterprise Server that the variables of GitHub's own tools name. */
export function githubApps(environment: Readonly<Record<string, string | undefined>> = process.env): GithubApps {
	const serverUrl = environment.GITHUB_SERVER_URL || "https://github.com";
	const apiUrl = environment.GITHUB_API_URL || "https://api.github.com";
	return {
		create: (wish, parts) => createGithubApp(wish, { serverUrl, apiUrl, ...parts }),
		save: saveRelayEnvironment,
	};
}
