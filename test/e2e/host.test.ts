import { join, resolve } from "node:path";
import * as esbuild from "esbuild";
import { expect, test } from "vitest";
import { editorFolder, startEditor } from "../support/editor";

const root = resolve(import.meta.dirname, "../..");
const demo = process.env.GAMMA_DEMO ?? "";

test.skipIf(!editorFolder || !demo)(
	"the host suite passes in the editor's own extension host (needs the editor and the demo)",
	async () => {
		const suite = join(root, ".cache", "host-suite.cjs");
		await esbuild.build({
			entryPoints: [join(root, "test/host/suite.ts")],
			outfile: suite,
			bundle: true,
			platform: "node",
			format: "cjs",
			external: ["vscode"],
		});
		const editor = await startEditor();
		try {
			const log: string[] = [];
			const result = await editor.runSuite(demo, suite, (line) => log.push(line));
			expect(result, log.join("\n")).toBe(0);
			expect(log.join("\n")).toContain("ok the runs of the open folder are there");
		} finally {
			await editor.close();
		}
	},
);
