import { cpSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import * as esbuild from "esbuild";

const root = resolve(import.meta.dirname, "../..");

/** The relay's program, bundled as it is shipped, into `file`; its embedded database is not beside it. */
export async function bundleServer(file: string): Promise<void> {
	await esbuild.build({
		absWorkingDir: root,
		entryPoints: ["server/main.ts"],
		outfile: file,
		bundle: true,
		platform: "node",
		target: "node22",
		format: "cjs",
		loader: { ".sql": "text" },
		define: { __GAMMA_VERSION__: '"0.0.0-test"' },
		external: ["@electric-sql/pglite", "./pglite/*", "pg-native"],
		logLevel: "error",
	});
}

/** The relay as it is shipped, with its embedded database and the clients of AWS beside it, as `server/main.js` of a folder. Answers its path. */
export async function buildRelay(dist: string): Promise<string> {
	const file = join(dist, "server", "main.js");
	await bundleServer(file);
	await esbuild.build({
		absWorkingDir: root,
		entryPoints: { s3: "server/artifacts/s3Bucket.ts", sagemaker: "server/sagemaker/trainingReader.ts" },
		outdir: join(dist, "server"),
		bundle: true,
		platform: "node",
		target: "node22",
		format: "cjs",
		logLevel: "error",
	});
	const engine = join(dist, "server", "pglite");
	mkdirSync(engine, { recursive: true });
	for (const name of ["index.cjs", "pglite.wasm", "pglite.data", "initdb.wasm"]) {
		cpSync(join(root, "node_modules", "@electric-sql", "pglite", "dist", name), join(engine, name));
	}
	return file;
}
