import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../..");

test("the package that npm installs has the command and what it loads, and nothing of the editor or of the tests", () => {
	const folder = mkdtempSync(join(tmpdir(), "gamma-package-"));
	for (const file of ["package.json", ".npmignore", ".gitignore", "README.md", "LICENSE", "bin"]) {
		cpSync(join(root, file), join(folder, file), { recursive: true });
	}
	const built = ["gamma.cjs", "aws.cjs", "yaml.cjs", "server/main.js", "server/pglite/pglite.wasm", "gamma.cjs.map"];
	const others = ["extension.cjs", "webview/charts.js"].map((file) => `dist/${file}`);
	for (const path of [...built.map((file) => `dist/${file}`), ...others, "test/a.test.ts", "src/a.ts", ".cache/x"]) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), "");
	}
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
