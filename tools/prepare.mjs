// After `npm install` or `npm ci`: the `gamma` command and the extension are built, so that `npx gamma` works at once.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/cache.mjs";
import { build } from "./lib/packages.mjs";

if (existsSync(join(root, "node_modules", "esbuild"))) await build();
