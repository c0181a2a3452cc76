import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const textOf = (path: string) => readFileSync(join(root, path), "utf8");

const listed = /const lazyParts = \{([^}]*)\}/.exec(textOf("esbuild.mjs"))?.[1] ?? "";
const parts = new Map([...listed.matchAll(/(\w+): "([^"]+)"/g)].map(([, name = "", path = ""]) => [name, path]));
const names = new Set([...textOf("src/adapters/lazy/lazy.ts").matchAll(/\| "(\w+)"/g)].map(([, name]) => name));

describe("what is loaded when it is used", () => {
	test("each name that can be loaded is a file that is built", () => {
		expect(parts.size).toBeGreaterThan(10);
		expect([...names].filter((name) => !parts.has(name ?? ""))).toEqual([]);
	});

	test("each part is loaded by the name under which it is built", () => {
		const composing = ["src/gamma.ts", ...readdirSync(join(root, "src/compose")).map((name) => `src/compose/${name}`)];
		const uses = composing.flatMap((file) =>
			[...textOf(file).matchAll(/lazy<typeof import\("([^"]+)"\)>\(\s*"(\w+)"/g)].map(([, path = "", name = ""]) => ({
				path: `${join(dirname(file), path)}.ts`,
				name,
			})),
		);
		expect(uses.length).toBeGreaterThan(10);
		for (const { path, name } of uses) expect(path).toBe(parts.get(name));
	});

	test("none of it is in what starts with the window, and that stays small", async () => {
		const { metafile, outputFiles } = await build({
			...{ entryPoints: [join(root, "src/gamma.ts")], absWorkingDir: root, external: ["vscode"] },
			...{ bundle: true, minify: true, metafile: true, write: false },
			...{ format: "cjs", platform: "node", target: "node20", logLevel: "silent" },
		});
		const inputs = new Set(Object.keys(metafile.inputs));
		expect(inputs.has("src/ui/jobs/jobsPart.ts")).toBe(true);
		expect([...parts.values()].filter((path) => inputs.has(path))).toEqual([]);
		expect(outputFiles[0]?.contents.length).toBeLessThanOrEqual(200_000);
	});
});
