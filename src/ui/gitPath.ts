import * as vscode from "vscode";
import * as z from "zod/mini";

const gitApi = z.object({ git: z.object({ path: z.string() }) });

/** The git that VS Code's own extension found, else the one on the path. */
export async function findGitPath(): Promise<string> {
	try {
		const exported: unknown = await vscode.extensions.getExtension("vscode.git")?.activate();
		const parsed = gitApi.safeParse(apiOf(exported));
		return parsed.success ? parsed.data.git.path : "git";
	} catch {
		// Git is switched off in the settings, or not installed: its absence shows when it is first asked.
		return "git";
	}
}

function apiOf(exported: unknown): unknown {
	if (typeof exported !== "object" || exported === null || !("getAPI" in exported)) return undefined;
	return typeof exported.getAPI === "function" ? exported.getAPI(1) : undefined;
}
