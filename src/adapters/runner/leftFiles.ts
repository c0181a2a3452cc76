import { lstatSync } from "node:fs";
import { join } from "node:path";
import { GitCommand } from "../git/gitCommand";
import { globFiles } from "../sidecar/globFiles";

const mostNamed = 5;
/** What programs write for themselves. */
const ofNoInterest = /(^|\/)(__pycache__|\.[^/]+_cache|\.ipynb_checkpoints|node_modules)\//;

/** Files that a training wrote into its checkout and that go with it, as one sentence; null where there are none. */
export async function sayLeftFiles(tree: string, kept: readonly string[], gitPath: string): Promise<string | null> {
	const names = new Set(kept.flatMap((pattern) => globFiles(pattern, tree)).map(({ path }) => path));
	const listed = await new GitCommand(gitPath, tree).text(["ls-files", "--others", "-z"]);
	const left = listed
		.split("\0")
		.filter(
			(name) => name !== "" && !ofNoInterest.test(name) && !names.has(join(tree, name)) && isFile(join(tree, name)),
		);
	if (left.length === 0) return null;
	const more = left.length > mostNamed ? ` and ${left.length - mostNamed} more` : "";
	return `Not kept: ${left.slice(0, mostNamed).join(", ")}${more}. Name what is to be kept as "checkpoints" in .gamma/train.json.`;
}

function isFile(path: string): boolean {
	return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
