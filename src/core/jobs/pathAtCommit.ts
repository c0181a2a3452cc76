/** Folders of what is installed and not of the repository, whatever is in it. */
const installed =
	/(?:^|\/)(?:site-packages|dist-packages|lib\/python\d[\d.]*|node_modules|\.venv|venv|conda|miniconda3)\//;

/**
 * The file of a commit that a path printed by a training means: the training had the commit in a folder of its own,
 * on another machine. The longest end of the path that the commit has; null where it has none, and for installed code.
 */
export function pathAtCommit(printed: string, paths: ReadonlySet<string>): string | null {
	const path = printed.replaceAll("\\", "/").replace(/^\.\//, "");
	if (path.startsWith("<") || installed.test(path)) return null;
	const parts = path.split("/").filter((part) => part !== "" && part !== ".");
	for (let from = 0; from < parts.length; from++) {
		const end = parts.slice(from).join("/");
		if (paths.has(end)) return end;
	}
	return null;
}
