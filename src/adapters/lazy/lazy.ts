/** The program is one bundled `.cjs` file; in tests this is the source file itself. */
const isBundled = typeof __filename === "string" && __filename.endsWith(".cjs");

/**
 * Loads a part that is a file of its own (`esbuild.mjs`, lazyParts), on first use: `lazy<typeof import("./yaml")>("yaml")`.
 * The names are kept from the bundler on purpose, which would put the part into the program otherwise.
 */
export async function lazy<Part>(
	name:
		| "artifacts"
		| "artifactsView"
		| "anthropic"
		| "aws"
		| "awsDialogs"
		| "chat"
		| "code"
		| "commands"
		| "edits"
		| "engine"
		| "git"
		| "github"
		| "insights"
		| "jobs"
		| "localJobs"
		| "localRelay"
		| "logs"
		| "mcp"
		| "mmp"
		| "mujoco"
		| "otherAgents"
		| "panels"
		| "previews"
		| "projects"
		| "relay"
		| "review"
		| "servers"
		| "session"
		| "setup"
		| "summaries"
		| "supabase"
		| "trainings"
		| "viewer"
		| "viewerReaders"
		| "why"
		| "yaml",
): Promise<Part> {
	const file = isBundled ? `./${name}.cjs` : `./${name}.ts`;
	return isBundled ? require(file) : import(/* @vite-ignore */ file);
}
