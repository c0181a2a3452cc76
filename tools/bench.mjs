// `npm run bench [-- NAME…]`: every benchmark, or those named (reading, tensorboard, charts, live, agent, startup, mujoco).
// `npm run bench:relay`: the relay beside its peers.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, root, say } from "./lib/cache.mjs";
import { continueUnderNode24 } from "./lib/node24.mjs";
import { build, installPackages } from "./lib/packages.mjs";
import * as parts from "./lib/parts.mjs";
import { run } from "./lib/processes.mjs";

await continueUnderNode24();
await installPackages();
await build("--production");

const all = ["startup", "reading", "tensorboard", "charts", "live", "agent", "mujoco"];
const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : all;

const env = { ...process.env, GAMMA_ROOT: root, GAMMA_DEV_CACHE: cacheFolder };
const isRelayAlone = names.every((name) => name === "relay");
const isMujocoAlone = names.every((name) => name === "mujoco");
const needed = {
	...(names.includes("mujoco") ? { GAMMA_PYTHON_MUJOCO: parts.pythonMujoco, GAMMA_CHROMIUM: parts.chromium } : {}),
	...(isRelayAlone || isMujocoAlone
		? {}
		: { GAMMA_PYTHON: parts.pythonClients, GAMMA_CHROMIUM: parts.chromium, GAMMA_EDITOR: parts.editor }),
	...(names.includes("relay") ? { GAMMA_POSTGRES: parts.postgres, GAMMA_BENCH_RELAY: parts.benchRelay } : {}),
};
for (const [variable, part] of Object.entries(needed)) {
	const { path, missing } = await part();
	if (missing) throw new Error(missing);
	env[variable] = path;
}
if (names.includes("relay")) {
	const { path, missing } = await parts.nchan();
	if (missing) say(`NOT measured: ${missing}`);
	env.GAMMA_NGINX = path ?? "";
}

const out = join(root, ".cache", "bench");
mkdirSync(out, { recursive: true });
const { build: bundle } = await import("esbuild");
for (const name of names) {
	const file = join(out, `${name}.mjs`);
	await bundle({
		entryPoints: [join(root, "bench", `${name}.ts`)],
		outfile: file,
		bundle: true,
		platform: "node",
		target: "node24",
		format: "esm",
		packages: "external",
		loader: { ".sql": "text" },
		logLevel: "warning",
	});
	await run(process.execPath, ["--expose-gc", file], { cwd: root, env });
}
