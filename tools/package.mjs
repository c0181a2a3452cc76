// `npm run package`: gamma.vsix, ready to install.
import { join } from "node:path";
import { root, say } from "./lib/cache.mjs";
import { continueUnderNode24 } from "./lib/node24.mjs";
import { installPackages, packageVsix } from "./lib/packages.mjs";

await continueUnderNode24();
await installPackages();
const vsix = join(root, "gamma.vsix");
await packageVsix(vsix);
say(`made ${vsix}`);
