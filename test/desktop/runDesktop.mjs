// `npm run test:desktop`: the host suite in a desktop VS Code, downloaded by @vscode/test-electron. For machines that may download it.
import { join } from "node:path";
import { runTests } from "@vscode/test-electron";
import * as esbuild from "esbuild";
import { makeDemo } from "../../tools/demo.mjs";
import { root } from "../../tools/lib/cache.mjs";
import { build } from "../../tools/lib/packages.mjs";

await build();
const suite = join(root, ".cache", "host-suite.cjs");
await esbuild.build({
	entryPoints: [join(root, "test", "host", "suite.ts")],
	outfile: suite,
	bundle: true,
	platform: "node",
	format: "cjs",
	external: ["vscode"],
});
const demo = await makeDemo(join(root, ".cache", "demo"), "python3");
await runTests({
	extensionDevelopmentPath: root,
	extensionTestsPath: suite,
	launchArgs: [demo, "--disable-extensions"],
});
