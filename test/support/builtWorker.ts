import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as esbuild from "esbuild";

const root = resolve(import.meta.dirname, "../..");

export interface BuiltWorker {
	readonly path: string;
	dispose(): void;
}

/** A worker script built as `esbuild.mjs` builds dist/libraryWorker.cjs, with the parts it loads on first use beside it. */
export async function builtWorker(entry = "src/adapters/library/libraryWorker.ts"): Promise<BuiltWorker> {
	const folder = mkdtempSync(join(tmpdir(), "gamma-worker-"));
	await esbuild.build({
		entryPoints: { worker: join(root, entry), yaml: join(root, "src/adapters/lazy/yaml.ts") },
		bundle: true,
		platform: "node",
		target: "node20",
		format: "cjs",
		outExtension: { ".js": ".cjs" },
		external: ["./*.cjs"],
		outdir: folder,
		logLevel: "warning",
	});
	return { path: join(folder, "worker.cjs"), dispose: () => rmSync(folder, { recursive: true, force: true }) };
}
