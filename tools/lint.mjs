// `npm run lint`: lint, format and types. `npm run lint -- --write` mends what can be mended.
import { join } from "node:path";
import { root } from "./lib/cache.mjs";
import { continueUnderNode24 } from "./lib/node24.mjs";
import { installPackages } from "./lib/packages.mjs";
import { biome } from "./lib/parts.mjs";
import { run } from "./lib/processes.mjs";

await continueUnderNode24();
await installPackages();
const { path, missing } = await biome();
if (missing) throw new Error(missing);
await run(path, ["check", "--error-on-warnings", ...process.argv.slice(2), "."], { cwd: root });
for (const project of ["pure", "node", "editor", "webview", "test"]) {
	await run(join(root, "node_modules", ".bin", "tsc"), ["-p", `tsconfig/${project}.json`], { cwd: root });
}
