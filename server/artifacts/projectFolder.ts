import { parseArtifactPath } from "../../src/core/artifactPath";
import { Problem } from "../problem";

/** A project's prefix as the start of its keys: it ends at a folder, so that `a/b` is not the start of `a/bc`. Empty: the whole bucket. */
export function toFolder(prefix: string | null): string {
	const trimmed = (prefix ?? "").replace(/^\/+|\/+$/g, "");
	return trimmed === "" ? "" : `${trimmed}/`;
}

/**
 * A key in a project's folder, of one that was given whole or relative to the folder. 400 for what could lead out of it when
 * somebody takes it for a path: `..`, a leading slash, a backslash, a NUL, encoded or not.
 */
export function toKey(folder: string, given: string): string {
	const key = given.startsWith(folder) || `${given}/` === folder ? given : `${folder}${given}`;
	try {
		parseArtifactPath(given);
		parseArtifactPath(key);
	} catch {
		throw new Problem(400, "The key could lead out of the project's folder.");
	}
	return key;
}
