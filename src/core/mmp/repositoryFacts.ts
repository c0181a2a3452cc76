import { setupPaths } from "./setupPaths";

/** The port to a work tree: paths are relative to its root, with `/`. */
export interface RepositoryFiles {
	/** Null where there is no such file. */
	read(path: string): Promise<string | null>;
	/** Names in a folder, in any order; none where there is no such folder. */
	list(folder: string): Promise<readonly string[]>;
}

/** What setting up MMP looks at before it proposes anything. */
export interface RepositoryFacts {
	/** `owner/name` at the forge; null where the repository has no remote there. */
	readonly repository: string | null;
	/** The folder's own name. */
	readonly folderName: string;
	/** The script that trains, as far as its name tells; null where there is none. */
	readonly script: string | null;
	readonly hasRequirements: boolean;
	/** Texts of the files that Gamma would write, where they are there already. */
	readonly existing: ReadonlyMap<string, string>;
	/** Another workflow that hands trainings to Gamma already; null where there is none. */
	readonly submittingWorkflow: string | null;
}

/** In the order in which they are believed. */
const scripts = ["train.py", "src/train.py", "scripts/train.py", "training/train.py", "train.sh"];
const workflowFolder = ".github/workflows";

export async function readFacts(
	files: RepositoryFiles,
	known: Pick<RepositoryFacts, "repository" | "folderName">,
): Promise<RepositoryFacts> {
	const there = new Map<string, readonly string[]>();
	const has = async (path: string): Promise<boolean> => {
		const at = path.lastIndexOf("/");
		const folder = path.slice(0, Math.max(0, at));
		const names = there.get(folder) ?? (await files.list(folder));
		there.set(folder, names);
		return names.includes(path.slice(at + 1));
	};
	const existing = new Map<string, string>();
	for (const path of Object.values(setupPaths)) {
		const text = await files.read(path);
		if (text !== null) existing.set(path, text);
	}
	return {
		...known,
		script: await firstOf(scripts, has),
		hasRequirements: await has("requirements.txt"),
		existing,
		submittingWorkflow: await firstOf(await workflows(files), async (path) =>
			/\bgamma\b[^\n]*\bsubmit\b/.test((await files.read(path)) ?? ""),
		),
	};
}

async function workflows(files: RepositoryFiles): Promise<readonly string[]> {
	const names = [...(await files.list(workflowFolder))].sort();
	const paths = names.filter((name) => /\.ya?ml$/.test(name)).map((name) => `${workflowFolder}/${name}`);
	return paths.filter((path) => path !== setupPaths.workflow);
}

async function firstOf(paths: readonly string[], holds: (path: string) => Promise<boolean>): Promise<string | null> {
	for (const path of paths) if (await holds(path)) return path;
	return null;
}
