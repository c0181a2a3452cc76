import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as esbuild from "esbuild";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReviewSet } from "../../src/core/edits/fileReview";
import { startReview } from "../../src/core/edits/startReview";
import { copyDemo, type DemoCopy, demoFolder } from "../support/demoCopy";
import { type Editor, editorFolder, runCommand, startEditor } from "../support/editor";
import { GitProject } from "../support/gitProject";

const root = resolve(import.meta.dirname, "../..");
const isBuilt = existsSync(join(root, "dist", "server", "main.js"));

/** A proposal of three files, from the review to the training of what was accepted of it. */
describe.skipIf(!editorFolder || !demoFolder || !isBuilt)(
	"proposed edits in the editor (needs the editor and the demo)",
	() => {
		const state = mkdtempSync(join(tmpdir(), "gamma-edits-state-"));
		let demo: DemoCopy;
		let relay: ChildProcess;
		let editor: Editor;
		let page: Page;

		const git = (...args: string[]) => spawnSync("git", args, { cwd: demo.folder, encoding: "utf8" }).stdout.trim();
		const read = (path: string) => readFileSync(join(demo.folder, path), "utf8");
		const waiting = () => page.locator(".statusbar-item", { hasText: /wait(s)? for review/ });
		const keys = (...pressed: string[]) =>
			pressed.reduce((last, key) => last.then(() => page.keyboard.press(key)), Promise.resolve());

		/** The review of this file is in front and takes keys. */
		const inReview = async (name: string) => {
			await page.locator(".tab.active", { hasText: `${name} (proposed)` }).waitFor();
			await page.locator(".modified-in-monaco-diff-editor.focused").waitFor();
			await page.getByRole("button", { name: "Accept All Edits of This File" }).first().waitFor();
		};
		const openFile = async (name: string) => {
			await page.keyboard.press("Control+p");
			await page.locator(".quick-input-widget input").first().fill(name);
			const found = page.locator(".quick-input-list").getByRole("option", { name: new RegExp(`^${name}`) });
			await found.first().click();
			await page.getByRole("tab", { name: new RegExp(`^${name}(?! \\(proposed)`) }).waitFor();
		};

		beforeAll(async () => {
			demo = copyDemo();
			relay = spawn(process.execPath, [join(root, "tools", "demoRelay.mjs"), demo.folder, state], {
				stdio: ["ignore", "pipe", "inherit"],
			});
			await new Promise<void>((done, fail) => {
				relay.stdout?.once("data", () => done());
				relay.once("exit", () => fail(new Error("the demo's relay ended")));
			});
			// The person is in the middle of something of their own.
			writeFileSync(
				join(demo.folder, "train.py"),
				read("train.py").replace("import argparse\n", "import argparse  # mine\n"),
			);
			editor = await startEditor({ env: { XDG_STATE_HOME: state } });
			page = await editor.open(demo.folder);
			await page.getByRole("tab", { name: "Gamma" }).first().click();
			await page
				.getByRole("treeitem", { name: /spirals|momentum/ })
				.first()
				.waitFor();
			keep(proposal());
			await page.reload();
			await waiting().waitFor({ timeout: 60_000 });
		});
		afterAll(async () => {
			await editor?.close();
			const ended = new Promise((done) => relay.once("exit", done));
			relay.kill("SIGTERM");
			await ended;
			demo.remove();
			rmSync(state, { recursive: true, force: true });
		});

		function proposal(): ReviewSet {
			const edit = (path: string, ...changes: [from: string, to: string][]) => {
				const base = read(path);
				const text = changes.reduce((now, [from, to]) => {
					expect(now).toContain(from);
					return now.replace(from, to);
				}, base);
				return startReview({ path, kind: "edit", from: null, baseText: base, text }, base);
			};
			return {
				...{
					version: 1,
					id: "set-1",
					conversationId: "c1",
					title: "Train for less time",
					runId: demo.runId("plain-sgd"),
				},
				...{ folder: `file://${demo.folder}`, createdAtMs: Date.now(), told: { accepts: [], rejected: 0 } },
				files: [
					edit("params.json", ['"lr": 0.1', '"lr": 0.05'], ['"epochs": 80', '"epochs": 6']),
					edit("train.py", ["LOSS_LIMIT = 70.0", "LOSS_LIMIT = 50.0"]),
					edit("README.md", ["# ", "# The new "]),
				],
			};
		}

		/** As a window that was closed has left it. */
		function keep(set: ReviewSet): void {
			const [workspace] = readdirSync(editor.workspaceStorage);
			const folder = join(editor.workspaceStorage, workspace ?? "", "gamma-ml.gamma", "edits");
			mkdirSync(folder, { recursive: true });
			writeFileSync(join(folder, `${set.id}.json`), JSON.stringify(set));
		}

		test("they are in the list and the status bar after a reload, and in the file with a button each", async () => {
			await expect.poll(() => waiting().textContent()).toContain("4 edits wait for review");
			await page.getByRole("treeitem", { name: /^Train for less time, 4 to review/ }).waitFor();
			await openFile("params.json");
			const lenses = page.locator(".codelens-decoration", { hasText: "Accept" });
			await expect.poll(() => lenses.count(), { timeout: 20_000 }).toBe(2);
			await page.locator(".view-lines", { hasText: "epochs" }).first().waitFor();
		});

		test("two are accepted by keys, each written and saved by itself", async () => {
			await waiting().click();
			await inReview("params.json");
			await keys("Control+Alt+y");
			await expect.poll(() => read("params.json"), { timeout: 20_000 }).toContain('"lr": 0.05');
			expect(read("params.json")).toContain('"epochs": 80');
			await page.locator(".statusbar-item", { hasText: /^Ln 9, / }).waitFor();
			await keys("Control+Alt+y");
			await expect.poll(() => read("params.json"), { timeout: 20_000 }).toContain('"epochs": 6');
		});

		test("the next file comes by itself; what is typed in the proposal is what is accepted", async () => {
			await inReview("train.py");
			await page.locator(".modified-in-monaco-diff-editor .view-line", { hasText: "LOSS_LIMIT = 50.0" }).click();
			await keys("End", "Backspace", "Backspace", "Backspace", "Backspace");
			await page.keyboard.type("60.0");
			await keys("Control+Alt+y");
			await expect.poll(() => read("train.py"), { timeout: 20_000 }).toContain("LOSS_LIMIT = 60.0\n");
			expect(read("train.py")).toContain("# mine");
		});

		test("one is rejected: its file stays, and nothing waits any more", async () => {
			const before = read("README.md");
			await inReview("README.md");
			await keys("Control+Alt+n");
			await expect.poll(() => waiting().count(), { timeout: 20_000 }).toBe(0);
			expect(read("README.md")).toBe(before);
			await page.getByRole("treeitem", { name: /^Train for less time, applied, not committed/ }).waitFor();
		});

		test("undo in the file opens the edit again, redo closes it", async () => {
			// Of a file that is decided the row opens the file itself.
			await page.getByRole("treeitem", { name: /^train\.py, .*1 of 1 accepted/ }).click();
			await page.locator(".tab.active", { hasText: /^train\.py$/ }).waitFor();
			const text = page.locator(".editor-instance .view-lines").last();
			await text.getByText("argparse").first().click();
			await keys("Control+z");
			await expect.poll(() => waiting().count(), { timeout: 20_000 }).toBe(1);
			await page.locator(".codelens-decoration", { hasText: "Accept" }).first().waitFor();
			await keys("Control+Shift+z");
			await expect.poll(() => waiting().count(), { timeout: 20_000 }).toBe(0);
		});

		test("the accepted edits alone are committed to a branch of their own, and its push trains", async () => {
			await runCommand(page, "Gamma: Commit Accepted Edits");
			const pick = page.locator(".quick-input-widget");
			await pick.getByRole("option", { name: /New models\/… branch/ }).click();
			await pick.getByText("Commit Message").waitFor();
			await page.keyboard.press("Enter");
			await pick.getByText("New Branch").waitFor();
			await pick.locator("input").first().fill("models/fix");
			await page.keyboard.press("Enter");
			await expect
				.poll(() => git("log", "-1", "--format=%D %s"), { timeout: 30_000 })
				.toBe("HEAD -> models/fix Train for less time");
			expect(git("log", "-1", "--format=%(trailers:key=Gamma-Run,valueonly)")).toBe(demo.runId("plain-sgd"));
			expect(git("show", "--name-only", "--format=").split("\n").sort()).toEqual(["params.json", "train.py"]);
			expect(git("show", "HEAD:train.py")).toContain("LOSS_LIMIT = 60.0");
			expect(git("show", "HEAD:train.py")).not.toContain("# mine");
			expect(git("diff", "--stat", "HEAD")).toContain("1 insertion(+), 1 deletion(-)");
			expect(git("ls-remote", "origin", "models/fix")).toBe("");
			const push = page.getByRole("button", { name: "Push models/fix: Starts a Training" }).first();
			await runCommand(page, "Notifications: Show Notifications");
			await push.click();
			await expect.poll(() => git("ls-remote", "origin", "models/fix"), { timeout: 30_000 }).not.toBe("");
			await runCommand(page, "Gamma: Focus on Jobs View");
			await page
				.getByRole("treeitem", { name: /^Train for less time.*fixes plain-sgd/ })
				.first()
				.waitFor({ timeout: 60_000 });
		}, 180_000);

		test("whatever a file is, an accept writes its lines and nothing else of it", async () => {
			const suite = join(root, ".cache", "edits-suite.cjs");
			await esbuild.build({
				...{ entryPoints: [join(root, "test/host/edits.ts")], outfile: suite, bundle: true },
				...{ platform: "node", format: "cjs", external: ["vscode"] },
			});
			const project = new GitProject();
			const log: string[] = [];
			const result = await editor.runSuite(project.folder, suite, (line) => log.push(line));
			project.remove();
			expect(result, log.join("\n")).toBe(0);
			expect(log.join("\n")).toContain("ok the model is told once what was applied and what was not");
		}, 180_000);
	},
);
