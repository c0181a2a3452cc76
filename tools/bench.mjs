// `npm run bench [-- NAME…]`: every benchmark, or those named (reading, tensorboard, charts, live, startup).
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, root } from "./lib/cache.mjs";
import { continueUnderNode24 } from "./lib/node24.mjs";
import { build, installPackages } from "./lib/packages.mjs";
import * as parts from "./lib/parts.mjs";
import { run } from "./lib/processes.mjs";

await continueUnderNode24();
await installPackages();
await build("--production");

const env = { ...process.env, GAMMA_ROOT: root, GAMMA_DEV_CACHE: cacheFolder };
for (const [variable, part] of Object.entries({
	GAMMA_PYTHON: parts.pythonClients,
	GAMMA_CHROMIUM: parts.chromium,
	GAMMA_EDITOR: parts.editor,
})) {
	const { path, missing } = await part();
	if (missing) throw new Error(missing);
	env[variable] = path;
}

const all = ["startup", "reading", "tensorboard", "charts", "live"];
const asked = process.argv.slice(2);
const out = join(root, ".cache", "bench");
mkdirSync(out, { recursive: true });
const { build: bundle } = await import("esbuild");
for (const name of asked.length > 0 ? asked : all) {
	const file = join(out, `${name}.mjs`);
	await bundle({
		entryPoints: [join(root, "bench", `${name}.ts`)],
		outfile: file,
		bundle: true,
		platform: "node",
		target: "node24",
		format: "esm",
		packages: "external",
		logLevel: "warning",
	});
	await run(process.execPath, ["--expose-gc", file], { cwd: root, env });
}
