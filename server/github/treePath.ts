const mostBytes = { path: 4_096, part: 255 };

/**
 * Whether a file of this path may be committed: relative, with `/` between its parts, and such that no file system takes it
 * for something else, least of all for git's own folder (git's `verify_path`, with what macOS and Windows read alike).
 */
export function isTreePath(path: string): boolean {
	if (path === "" || Buffer.byteLength(path) > mostBytes.path || !path.isWellFormed()) return false;
	// Drives, streams and backslashes of Windows, and what no name has.
	if (/[\\:*?"<>|\p{Cc}]/u.test(path)) return false;
	return path.split("/").every(isPart);
}

function isPart(part: string): boolean {
	if (part === "" || part === "." || part === ".." || Buffer.byteLength(part) > mostBytes.part) return false;
	// Windows drops dots and spaces at the end, macOS passes by what it does not draw.
	const read = part
		.replace(/[\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "")
		.replace(/[. ]+$/, "")
		.toLowerCase();
	return read !== "" && read !== ".git" && !/^git~\d+$/.test(read);
}

/** Paths that cannot be in one tree: the same one twice, or a file that is another's folder. */
export function isOneTree(paths: readonly string[]): boolean {
	const files = new Set(paths);
	if (files.size < paths.length) return false;
	return paths.every((path) => {
		for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
			if (files.has(path.slice(0, slash))) return false;
		}
		return true;
	});
}
