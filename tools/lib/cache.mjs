// Where the development tools live that npm cannot bring with the project: Node 24, the editor, Python environments.
// One folder per tool and version, shared by all clones of one person; `GAMMA_DEV_CACHE` moves it.
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../..");

export const cacheFolder = process.env.GAMMA_DEV_CACHE
	? resolve(process.env.GAMMA_DEV_CACHE)
	: join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "gamma-dev");

/** A registry that answers badly for a moment is asked again, after so many seconds each. */
const waitsS = [20, 60];

/** Builds a tool's folder once; a build that was cut off or failed is begun anew. */
export async function bring(name, build) {
	const folder = join(cacheFolder, name);
	const mark = join(folder, ".complete");
	if (existsSync(mark)) return folder;
	say(`bringing ${name}`);
	const beganMs = Date.now();
	for (let tries = 0; ; tries++) {
		rmSync(folder, { recursive: true, force: true });
		mkdirSync(folder, { recursive: true });
		try {
			await build(folder);
			break;
		} catch (error) {
			if (tries === waitsS.length) throw error;
			say(`${name} failed (${error.message}), once more in ${waitsS[tries]} s`);
			await new Promise((resolve) => setTimeout(resolve, waitsS[tries] * 1000));
		}
	}
	writeFileSync(mark, new Date().toISOString());
	say(`${name} is here (${Math.round((Date.now() - beganMs) / 1000)} s)`);
	return folder;
}

export function say(line) {
	process.stdout.write(`gamma: ${line}\n`);
}
