import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { GammaError } from "../../shared/errors";

const mostOfOneName = 1_000;

/**
 * Makes a folder `name` in `into`, or `name (2)` where there is one: new, so that nothing that lies there already, a link
 * least of all, is written over or through. Its path.
 */
export async function newFolder(into: string, name: string): Promise<string> {
	for (let count = 1; count < mostOfOneName; count++) {
		const folder = join(into, count === 1 ? name : `${name} (${count})`);
		try {
			await mkdir(folder);
			return folder;
		} catch (error) {
			if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
		}
	}
	throw new GammaError("artifact.outside", `${into} holds too many folders named ${name}: choose another.`);
}
