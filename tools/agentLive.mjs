// `npm run agent:live`: a conversation of three turns with the real Claude, with Gamma's tools over this folder and ANTHROPIC_API_KEY
// of the environment; `-- "a question"` asks that one instead.
// The same classes as the editor's and the tests'; ANTHROPIC_BASE_URL asks elsewhere, GAMMA_MODEL another model.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "./lib/cache.mjs";

const folder = mkdtempSync(join(tmpdir(), "gamma-live-"));
const program = join(folder, "live.mjs");
await build({
	...{
		entryPoints: [join(root, "test/live/askClaude.ts")],
		outfile: program,
		bundle: true,
		platform: "node",
		format: "esm",
	},
	banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});
try {
	const { askClaude, conversation } = await import(pathToFileURL(program).href);
	const question = process.argv.slice(2).join(" ");
	process.exitCode = await askClaude(question === "" ? conversation : [question], process.cwd());
} finally {
	rmSync(folder, { recursive: true, force: true });
}
