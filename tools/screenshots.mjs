// `npm run screenshots`: takes the README's pictures anew, of a demo project made for them, into media/readme.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeDemo } from "./demo.mjs";
import { root } from "./lib/cache.mjs";
import { continueUnderNode24 } from "./lib/node24.mjs";
import { build, installPackages } from "./lib/packages.mjs";
import * as parts from "./lib/parts.mjs";
import { run } from "./lib/processes.mjs";

await continueUnderNode24();
await installPackages();
await build("--production");

async function need(part) {
	const { path, missing } = await part();
	if (missing) throw new Error(missing);
	return path;
}

const out = join(root, ".cache", "screenshots");
const pictures = join(root, "media", "readme");
mkdirSync(pictures, { recursive: true });
const env = {
	...process.env,
	GAMMA_CHROMIUM: await need(parts.chromium),
	GAMMA_EDITOR: await need(parts.editor),
	GAMMA_DEMO: await makeDemo(join(out, "spirals"), await need(parts.python)),
	GAMMA_SCREENSHOTS: pictures,
};
const { build: bundle } = await import("esbuild");
const file = join(out, "takeScreenshots.mjs");
await bundle({
	entryPoints: [join(root, "test", "screenshots", "takeScreenshots.ts")],
	outfile: file,
	bundle: true,
	platform: "node",
	target: "node24",
	format: "esm",
	packages: "external",
	// The rig finds the checkout from where its own file lies.
	define: { "import.meta.dirname": JSON.stringify(join(root, "test", "support")) },
	logLevel: "warning",
});
await run(process.execPath, [file], { cwd: root, env });
