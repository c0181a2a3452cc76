// `node tools/run.mjs PROGRAM …`: a program of node_modules/.bin under Node 24, with the packages installed.
import { join } from "node:path";
import { root } from "./lib/cache.mjs";
import { continueUnderNode24 } from "./lib/node24.mjs";
import { installPackages } from "./lib/packages.mjs";
import { run } from "./lib/processes.mjs";

await continueUnderNode24();
await installPackages();
const [program, ...args] = process.argv.slice(2);
await run(join(root, "node_modules", ".bin", program), args, { cwd: root }).catch(() => process.exit(1));
