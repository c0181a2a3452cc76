import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** What each folder may import: own folders by prefix, packages by name (architecture.md, section 3). */
const layers: Record<string, { folders: readonly string[]; packages: (name: string) => boolean }> = {
	"src/shared": { folders: ["src/shared"], packages: (name) => name === "zod/mini" },
	"src/core": {
		folders: ["src/shared", "src/core"],
		packages: (name) => ["zod/mini", "diff", "node-diff3", "partial-json"].includes(name),
	},
	"src/adapters": { folders: ["src/shared", "src/core", "src/adapters"], packages: (name) => name !== "vscode" },
	"src/ui": {
		folders: ["src/shared", "src/core", "src/ui"],
		packages: (name) => name === "vscode" || name === "zod/mini" || name.startsWith("node:"),
	},
	"src/cli": {
		folders: ["src/shared", "src/core", "src/adapters", "src/cli", "server"],
		packages: (name) => name !== "vscode",
	},
	"src/compose": {
		folders: ["src/shared", "src/core", "src/adapters", "src/ui", "src/compose"],
		packages: (name) => name === "vscode" || name.startsWith("node:"),
	},
	"src/gamma.ts": {
		folders: ["src/shared", "src/core", "src/adapters", "src/ui", "src/compose"],
		packages: (name) => name === "vscode",
	},
	webview: {
		folders: ["src/shared", "webview"],
		packages: (name) =>
			[
				"chart.js",
				"marked",
				"dompurify",
				"temml",
				"three",
				"@mujoco/mujoco",
				"onnxruntime-web/wasm",
				"zod/mini",
			].includes(name) || /^(lit|highlight\.js)(\/|$)/.test(name),
	},
	server: {
		folders: ["src/shared", "src/core", "src/adapters", "server"],
		packages: (name) => name !== "vscode",
	},
};

interface Import {
	readonly file: string;
	readonly line: number;
	readonly target: string;
}

function sources(folder: string): string[] {
	return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && /\.(ts|mts)$/.test(entry.name))
		.map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** Every import of a file, type-only ones included, as written in its source. */
function importsOf(file: string): Import[] {
	const text = readFileSync(join(root, file), "utf8");
	const pattern =
		/(?:^|\n)\s*(?:import|export)\b[^"';]*?\bfrom\s*"([^"]+)"|(?:^|\n)\s*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/g;
	return [...text.matchAll(pattern)].map((match) => ({
		file,
		line: text.slice(0, match.index + match[0].length).split("\n").length,
		target: match[1] ?? match[2] ?? match[3] ?? "",
	}));
}

function layerOf(path: string): string | undefined {
	return Object.keys(layers).find(
		(layer) => path === layer || path === layer.replace(/\.ts$/, "") || path.startsWith(`${layer}/`),
	);
}

function offence({ file, line, target }: Import): string | undefined {
	const layer = layerOf(file);
	if (layer === undefined) return `${file}:${line} lies in no layer`;
	const rules = layers[layer]!;
	if (!target.startsWith("."))
		return rules.packages(target) ? undefined : `${file}:${line} ${layer} may not import ${target}`;
	const path = relative(root, resolve(root, dirname(file), target));
	return rules.folders.some((folder) => path.startsWith(`${folder}/`))
		? undefined
		: `${file}:${line} ${layer} may not import ${path}`;
}

const files = [...sources("src"), ...sources("webview"), ...sources("server")];

test("every import stays within what its layer may know", () => {
	const imports = files.flatMap(importsOf);
	expect(imports.length).toBeGreaterThan(20);
	expect(imports.map(offence).filter((line) => line !== undefined)).toEqual([]);
});

test("an import across layers is named with its line", () => {
	expect(offence({ file: "src/core/x.ts", line: 3, target: "../adapters/git/git" })).toBe(
		"src/core/x.ts:3 src/core may not import src/adapters/git/git",
	);
	expect(offence({ file: "src/adapters/x.ts", line: 1, target: "vscode" })).toBe(
		"src/adapters/x.ts:1 src/adapters may not import vscode",
	);
});

test("nothing imports the tests, and imports make no cycle", () => {
	const graph = new Map(
		files.map((file) => [
			file,
			importsOf(file)
				.filter(({ target }) => target.startsWith("."))
				.map(({ target }) => `${relative(root, resolve(root, dirname(file), target))}.ts`),
		]),
	);
	const cycles: string[] = [];
	const done = new Set<string>();
	const visit = (file: string, path: readonly string[]): void => {
		if (path.includes(file)) {
			cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
			return;
		}
		if (done.has(file)) return;
		for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
		done.add(file);
	};
	for (const file of graph.keys()) visit(file, []);
	expect(cycles).toEqual([]);
});
