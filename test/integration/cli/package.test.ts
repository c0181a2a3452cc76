import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { listFiles, PackageManager } from "@vscode/vsce";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../..");

const built = ["gamma.cjs", "aws.cjs", "yaml.cjs", "server/main.js", "server/pglite/pglite.wasm", "gamma.cjs.map"];

/** What lies in a checkout after a build, as far as its names go. */
function makeCheckout(): string {
	const folder = mkdtempSync(join(tmpdir(), "gamma-package-"));
	for (const file of ["package.json", ".npmignore", ".gitignore", ".vscodeignore", "README.md", "LICENSE", "bin"]) {
		cpSync(join(root, file), join(folder, file), { recursive: true });
	}
	const others = ["extension.cjs", "webview/charts.js"].map((file) => `dist/${file}`);
	for (const path of [...built.map((file) => `dist/${file}`), ...others, "test/a.test.ts", "src/a.ts", ".cache/x"]) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), "");
	}
	return folder;
}

test("the package that npm installs has the command and what it loads, and nothing of the editor or of the tests", () => {
	const folder = makeCheckout();
	// npm's own settings of this machine take no part.
	const env = { ...process.env, npm_config_userconfig: join(folder, "none"), npm_config_cache: join(folder, ".npm") };
	const said = execFileSync("npm", ["pack", "--dry-run", "--ignore-scripts", "--json", "--offline"], {
		cwd: folder,
		env,
		encoding: "utf8",
		stdio: ["ignore", "pipe", "ignore"],
	});
	const [{ files } = { files: [] }] = JSON.parse(said) as { files: { path: string }[] }[];
	expect(files.map(({ path }) => path).sort()).toEqual(
		[
			"LICENSE",
			"README.md",
			"bin/gamma.mjs",
			"package.json",
			...built.filter((file) => !file.endsWith(".map")).map((file) => `dist/${file}`),
		].sort(),
	);
	rmSync(folder, { recursive: true });
});

test("the extension has the relay, and every part that it loads when it is used", async () => {
	const folder = makeCheckout();
	const files = await listFiles({ cwd: folder, packageManager: PackageManager.None });
	expect(files.filter((file) => file.startsWith("dist/")).sort()).toEqual(
		[
			"aws.cjs",
			"extension.cjs",
			"gamma.cjs",
			"server/main.js",
			"server/pglite/pglite.wasm",
			"webview/charts.js",
			"yaml.cjs",
		].map((file) => `dist/${file}`),
	);
	expect(files.filter((file) => /^(test|src|\.cache)/.test(file))).toEqual([]);
	rmSync(folder, { recursive: true });
});
