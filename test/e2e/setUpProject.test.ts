import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as esbuild from "esbuild";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setupPaths } from "../../src/core/mmp/setupPaths";
import { type Editor, editorFolder, expectNotice, runCommand, startEditor } from "../support/editor";
import { GitProject } from "../support/gitProject";

const root = resolve(import.meta.dirname, "../..");

describe.skipIf(!editorFolder)("setting up MMP in the editor (needs the editor)", () => {
	const project = new GitProject();
	const workflow = "name: ours\n";
	let editor: Editor;
	let page: Page;
	beforeAll(async () => {
		project.commit("Train", { "train.py": "", "requirements.txt": "torch\n", [setupPaths.workflow]: workflow });
		editor = await startEditor();
		page = await editor.open(project.folder);
	});
	afterAll(async () => {
		await editor?.close();
		project.remove();
	});

	const read = (path: string) => readFileSync(join(project.folder, path), "utf8");
	const review = () => page.locator(".multiDiffEditor");

	test("what would be added is one review, and nothing is written while it is read", async () => {
		await runCommand(page, "Gamma: Set Up MMP in This Repository");
		await review().waitFor();
		for (const name of ["train.json", "README.md"]) {
			await review().locator(".header", { hasText: name }).first().waitFor();
		}
		await page.getByRole("tab", { name: /^Set Up MMP in .* \(3 files\)/ }).waitFor();
		await expectNotice(page, /What is there stays as it is: \.github\/workflows\/train\.yml\./);
		expect(existsSync(join(project.folder, setupPaths.settings))).toBe(false);
		expect(project.git("status", "--porcelain")).toBe("");
	});

	test("one button above the review adds the new files and leaves the workflow that was there", async () => {
		await page.getByRole("button", { name: "Add These Files" }).first().click();
		for (const path of [setupPaths.settings, setupPaths.guide]) {
			await expect.poll(() => existsSync(join(project.folder, path)) && read(path).endsWith("\n")).toBe(true);
		}
		expect(JSON.parse(read(setupPaths.settings))).toMatchObject({ command: ["python3", "train.py"] });
		expect(read(setupPaths.workflow)).toBe(workflow);
		expect(project.git("status", "--porcelain", "-uall").split("\n").sort()).toEqual([
			`?? ${setupPaths.guide}`,
			`?? ${setupPaths.settings}`,
		]);
	});

	test("then the settings are open at what is still to fill in, and the review is gone", async () => {
		await page.getByRole("tab", { name: "train.json" }).waitFor();
		await expect.poll(() => review().count()).toBe(0);
		await page.getByText(/\(\d+ selected\)/).waitFor();
		await page.keyboard.type("arn:aws:iam::123456789012:role/train");
		await runCommand(page, "File: Save");
		await expect.poll(() => read(setupPaths.settings)).toContain('"role": "arn:aws:iam::123456789012:role/train"');
		await expectNotice(page, /Still to fill in: sagemaker\.role, sagemaker\.image, sagemaker\.bucket\./);
	});

	test("VS Code completes, explains and checks the settings", async () => {
		const suite = join(root, ".cache", "schemas-suite.cjs");
		await esbuild.build({
			entryPoints: [join(root, "test/host/schemas.ts")],
			outfile: suite,
			bundle: true,
			platform: "node",
			format: "cjs",
			external: ["vscode"],
		});
		const log: string[] = [];
		const result = await editor.runSuite(project.folder, suite, (line) => log.push(line));
		expect(result, log.join("\n")).toBe(0);
		expect(log.join("\n")).toContain("ok project.json is completed too");
	});
});
