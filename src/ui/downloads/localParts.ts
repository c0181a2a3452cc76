import { posix, win32 } from "node:path";
import { parseArtifactPath } from "../../core/artifactPath";
import { GammaError } from "../../shared/errors";

/** Names that are devices on Windows, whatever their extension (learn.microsoft.com, "Naming Files, Paths, and Namespaces"). */
export const reservedOnWindows = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i;

/** NTFS, APFS and ext4 alike. */
const mostNameLength = 255;

/**
 * An artifact's path as names of folders and a file on this machine. Rejects with `artifact.outside` what could leave
 * the chosen folder here or on any other system, and what this system cannot name.
 */
export function localParts(path: string, platform: NodeJS.Platform): readonly string[] {
	const parts = parseArtifactPath(path);
	const leaves = [posix, win32].some(
		(rules) => rules.isAbsolute(path) || parts.some((part) => rules.basename(part) !== part),
	);
	if (leaves || parts.length === 0) throw refused(path, "leaves the chosen folder");
	if (platform === "win32" && parts.some(isNoWindowsName)) throw refused(path, "is no name that Windows allows");
	if (parts.some((part) => longestOf(part, platform) > mostNameLength))
		throw refused(path, "has a name of more than 255 bytes");
	return parts;
}

/** Windows counts characters, other systems the bytes of UTF-8. */
function longestOf(part: string, platform: NodeJS.Platform): number {
	return platform === "win32" ? part.length : Buffer.byteLength(part);
}

function isNoWindowsName(part: string): boolean {
	return reservedOnWindows.test(part) || /[<>:"|?*\p{Cc}]/u.test(part) || /[. ]$/.test(part);
}

function refused(path: string, why: string): GammaError {
	return new GammaError(
		"artifact.outside",
		`The artifact ${JSON.stringify(path.slice(0, 200))} ${why}, so it was not written.`,
	);
}
