import { GammaError } from "../shared/errors";

/**
 * The parts of an artifact's path, or `artifact.outside` for one that could leave the run's folder: absolute, `..`,
 * a backslash, a NUL, a Windows drive, or any of these behind percent encoding (a server may decode what it is given).
 */
export function parseArtifactPath(path: string): readonly string[] {
	for (let form = path, round = 0; round < 4; round++) {
		if (leaves(form))
			throw new GammaError(
				"artifact.outside",
				`The artifact path ${JSON.stringify(path.slice(0, 200))} leaves its folder.`,
			);
		const decoded = form.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
		if (decoded === form) break;
		form = decoded;
	}
	return path.split("/").filter((part) => part !== "" && part !== ".");
}

function leaves(path: string): boolean {
	return /[\\\0]/.test(path) || path.startsWith("/") || /^[a-z]:/i.test(path) || path.split("/").includes("..");
}
