import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as esbuild from "esbuild";
import type { FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ClaudeRequestSeen, ClaudeServer } from "../support/claudeServer";
import { copyDemo, type DemoCopy, demoFolder } from "../support/demoCopy";
import { chooseFromMenu, type Editor, editorFolder, frameWith, runCommand, startEditor } from "../support/editor";
import { GitProject } from "../support/gitProject";

const root = resolve(import.meta.dirname, "../..");
const isBuilt = existsSync(join(root, "dist", "server", "main.js"));
const patience = { timeout: 90_000 };

/** From a job that failed to the training that mends it: what the agent reads, says and proposes, and what a person makes of it. */
describe.skipIf(!editorFolder || !demoFolder || !isBuilt)(
	"the agent and a failed job, in the editor (needs the editor and the demo)",
	() => {
		const state = mkdtempSync(join(tmpdir(), "gamma-edits-state-"));
		let demo: DemoCopy;
		let claude: ClaudeServer;
		let relay: ChildProcess;
		let editor: Editor;
		let page: Page;
		let chat: FrameLocator;
		let failed: { readonly id: string; readonly name: string };

		const git = (...args: string[]) => spawnSync("git", args, { cwd: demo.folder, encoding: "utf8" }).stdout.trim();
		const read = (path: string) => readFileSync(join(demo.folder, path), "utf8");
		const waiting = () => page.locator(".statusbar-item", { hasText: /wait(s)? for review/ });
		const keys = (...pressed: string[]) =>
			pressed.reduce((last, key) => last.then(() => page.keyboard.press(key)), Promise.resolve());
		const log = () => chat.locator(".log").textContent();
		const ask = async (text: string) => {
			await chat.locator("textarea").press("End");
			await chat.locator("textarea").pressSequentially(text);
			await chat.locator("textarea").press("Enter");
		};

		/** The review of this file is in front and takes keys. */
		const inReview = async (name: string) => {
			await page.locator(".tab.active", { hasText: `${name} (proposed)` }).waitFor();
			await page.locator(".modified-in-monaco-diff-editor.focused").waitFor();
			await page.getByRole("button", { name: "Accept All Edits of This File" }).first().waitFor();
		};
		const openFile = async (name: string) => {
			await page.keyboard.press("Control+p");
			await page.locator(".quick-input-widget input").first().fill(name);
			const found = page
				.locator(".quick-input-list")
				.getByRole("option", { name: new RegExp(`^${name}(?! \\(proposed)`) });
			await found.first().click();
			await page.getByRole("tab", { name: new RegExp(`^${name}(?! \\(proposed)`) }).waitFor();
		};
		/** The one webview of the secondary side bar. */
		const openChat = async () => {
			chat = page.frameLocator("iframe.webview").frameLocator("iframe");
			await chat.locator("textarea").waitFor(patience);
		};

		/** A served editor keeps secrets for as long as its page. */
		const giveKey = async () => {
			await chat.getByRole("button", { name: "Set API Key…" }).click(patience);
			const field = page.locator(".quick-input-widget:visible", { hasText: "Key for Claude" }).locator("input:visible");
			await field.first().fill(claude.key);
			await field.first().press("Enter");
			await expect.poll(() => chat.locator(".access-row").count(), patience).toBe(0);
		};
		/** The row of a job; its branch, which may have come in folded, is unfolded. */
		const jobRow = async (branch: string, name: RegExp) => {
			const row = page.getByRole("treeitem", { name }).first();
			const group = page.getByRole("treeitem", { name: new RegExp(`^${branch}\\b`), expanded: false }).first();
			const look = async () => {
				if (await group.isVisible()) await group.click({ timeout: 2_000 }).catch(() => {});
				return row.isVisible();
			};
			await expect.poll(look, { timeout: 120_000, interval: 500 }).toBe(true);
			return row;
		};

		/** Of the demo's store, the run of this commit. */
		function runOf(commit: string): { id: string; name: string } | null {
			const store = join(demo.folder, "mlruns");
			for (const experiment of readdirSync(store)) {
				for (const id of readdirSync(join(store, experiment))) {
					const tag = (name: string) => {
						const path = join(store, experiment, id, "tags", name);
						return existsSync(path) ? readFileSync(path, "utf8") : null;
					};
					const name = tag("mlflow.source.git.commit") === commit ? tag("mlflow.runName") : null;
					if (name !== null) return { id, name };
				}
			}
			return null;
		}

		/** Nothing that trains takes long: its lines in the log, and the end. */
		function breakTraining(): void {
			git("checkout", "-q", "-b", "models/broken");
			writeFileSync(join(demo.folder, "train.py"), read("train.py").replace("LOSS_LIMIT = 70.0", "LOSS_LIMIT = 0.01"));
			git("commit", "-q", "-a", "-m", "Stop a run that diverges earlier");
			git("push", "-q");
			// The person is in the middle of something of their own.
			const own = read("train.py").replace("import argparse\n", "import argparse  # mine\n");
			writeFileSync(join(demo.folder, "train.py"), own);
		}

		beforeAll(async () => {
			demo = copyDemo();
			claude = await ClaudeServer.start();
			relay = spawn(process.execPath, [join(root, "tools", "demoRelay.mjs"), demo.folder, state], {
				stdio: ["ignore", "pipe", "inherit"],
			});
			await new Promise<void>((done, fail) => {
				relay.stdout?.once("data", () => done());
				relay.once("exit", () => fail(new Error("the demo's relay ended")));
			});
			breakTraining();
			const settings = { "gamma.agent.baseUrl": claude.url };
			editor = await startEditor({ env: { XDG_STATE_HOME: state }, settings });
			page = await editor.open(demo.folder);
			page.setDefaultTimeout(patience.timeout);
			await page.getByRole("tab", { name: "Gamma" }).first().click();
		}, 180_000);
		afterAll(async () => {
			await editor?.close();
			await claude?.close();
			const ended = new Promise((done) => relay.once("exit", done));
			relay.kill("SIGTERM");
			await ended;
			demo.remove();
			rmSync(state, { recursive: true, force: true });
		});

		const lastResults = ({ body }: ClaudeRequestSeen) => JSON.stringify(body.messages.at(-1)?.content);
		const propose = (path: string, ...edits: [old: string, replacement: string][]) => ({
			tool: "propose_edit",
			input: { path, title: "Train for less time", edits: edits.map(([old, after]) => ({ old, new: after })) },
		});

		test("asked why a job failed, the agent reads its log, names the line and proposes edits in three files", async () => {
			await runCommand(page, "Gamma: Focus on Jobs View");
			const row = await jobRow("models/broken", /Stop a run that diverges earlier.*failed|failed.*Stop a run/);
			failed = await expect
				.poll(() => runOf(git("rev-parse", "HEAD")), patience)
				.not.toBeNull()
				.then(() => {
					const run = runOf(git("rev-parse", "HEAD"));
					if (!run) throw new Error("the job has no run");
					return run;
				});
			await chooseFromMenu(row, "Ask About This Job");
			await openChat();
			await giveKey();
			const held = Promise.withResolvers<void>();
			const title = read("README.md").split("\n")[0] ?? "";
			claude.script(
				{ blocks: [{ text: "I read its log. " }, { tool: "list_jobs", input: {} }] },
				(seen) => {
					const job = /([0-9a-f-]{36}) models\/broken/.exec(lastResults(seen))?.[1];
					return { blocks: [{ tool: "read_job_log", input: { job: job ?? "" } }] };
				},
				(seen) => {
					const line = /train\.py\\?\\?", line (\d+), in train/.exec(lastResults(seen))?.[1];
					return {
						blocks: [
							{ text: `It stops at \`train.py:${line}\`: every loss is above the limit.` },
							propose("params.json", ['"lr": 0.1', '"lr": 0.05'], ['"epochs": 80', '"epochs": 6']),
							propose("train.py", ["LOSS_LIMIT = 0.01", "LOSS_LIMIT = 50.0"]),
							propose("README.md", [`${title}\n`, `${title}, the new\n`]),
						],
						// In the middle of the second file, whose first is then whole.
						gate: (event) => (event === 40 ? held.promise : undefined),
					};
				},
				{ blocks: [{ text: "Three files wait for your review." }] },
			);
			await ask(" Why did it fail?");
			const line =
				read("train.py")
					.split("\n")
					.findIndex((text) => text.includes("raise ArithmeticError")) + 1;
			await expect.poll(log, patience).toContain(`It stops at train.py:${line}: every loss`);
			// What is written is there to be seen, and nothing of it is proposed yet.
			await chat.getByRole("region", { name: "Being written: params.json" }).waitFor(patience);
			expect(await waiting().count()).toBe(0);
			held.resolve();
			await expect.poll(log, patience).toContain("Three files wait for your review.");
			const card = chat.getByRole("region", { name: "Proposed edits: Train for less time" });
			expect(await card.count()).toBe(1);
			await expect.poll(() => card.locator("h3").textContent(), patience).toBe("4 edits in 3 files");
			// The first file is laid open, and the words of the person go on in the chat.
			await page.locator(".tab.active", { hasText: "params.json (proposed)" }).waitFor();
		}, 240_000);

		test("they are in the list and the status bar, also after a reload, and in the file with a button each", async () => {
			await expect.poll(() => waiting().textContent()).toContain("4 edits wait for review");
			await page.reload();
			await waiting().waitFor(patience);
			await expect.poll(() => waiting().textContent()).toContain("4 edits wait for review");
			await page.getByRole("treeitem", { name: /^Train for less time, 4 to review/ }).waitFor();
			await openFile("params.json");
			const lenses = page.locator(".codelens-decoration", { hasText: "Accept" });
			await expect.poll(() => lenses.count(), patience).toBe(2);
			await page.locator(".view-lines", { hasText: "epochs" }).first().waitFor();
		});

		test("two are accepted by keys, each written and saved by itself", async () => {
			await waiting().click();
			await inReview("params.json");
			await keys("Control+Alt+y");
			await expect.poll(() => read("params.json"), patience).toContain('"lr": 0.05');
			expect(read("params.json")).toContain('"epochs": 80');
			await page.locator(".statusbar-item", { hasText: /^Ln 9, / }).waitFor();
			await keys("Control+Alt+y");
			await expect.poll(() => read("params.json"), patience).toContain('"epochs": 6');
		});

		test("the next file comes by itself; what is typed in the proposal is what is accepted", async () => {
			await inReview("train.py");
			await page.locator(".modified-in-monaco-diff-editor .view-line", { hasText: "LOSS_LIMIT = 50.0" }).click();
			await keys("End", "Backspace", "Backspace", "Backspace", "Backspace");
			await page.keyboard.type("60.0");
			await keys("Control+Alt+y");
			await expect.poll(() => read("train.py"), patience).toContain("LOSS_LIMIT = 60.0\n");
			expect(read("train.py")).toContain("# mine");
		});

		test("one is rejected: its file stays, and nothing waits any more", async () => {
			const before = read("README.md");
			await inReview("README.md");
			await keys("Control+Alt+n");
			await expect.poll(() => waiting().count(), patience).toBe(0);
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
			await expect.poll(() => waiting().count(), patience).toBe(1);
			await page.locator(".codelens-decoration", { hasText: "Accept" }).first().waitFor();
			// Whatever has taken the focus meanwhile; redoing what is redone does nothing.
			const redo = async () => {
				await text.getByText("argparse").first().click();
				await keys("Control+Shift+z");
				return waiting().count();
			};
			await expect.poll(redo, { ...patience, interval: 2_000 }).toBe(0);
		});

		test("the accepted edits alone are committed to a branch of their own, and its push trains", async () => {
			await runCommand(page, "Gamma: Commit Accepted Edits");
			const pick = page.locator(".quick-input-widget");
			await pick.getByRole("option", { name: /New models\/… branch/ }).click();
			await pick.getByText("Commit Message").waitFor();
			await pick.getByRole("button", { name: "Write a Longer Message" }).click();
			await page.locator(".monaco-editor.focused .view-line", { hasText: "Train for less time" }).first().waitFor();
			await page.keyboard.press("Control+End");
			await page.keyboard.type("\nSix epochs are enough to see it.");
			await runCommand(page, "Notifications: Show Notifications");
			await page.getByRole("button", { name: "Use This Message" }).first().click();
			await pick.getByText("New Branch").waitFor();
			await pick.locator("input").first().fill("models/fix");
			await page.keyboard.press("Enter");
			await expect
				.poll(() => git("log", "-1", "--format=%D %s"), patience)
				.toBe("HEAD -> models/fix Train for less time");
			expect(git("log", "-1", "--format=%b")).toContain("Six epochs are enough to see it.\n\nGamma-Run: ");
			// The run of the job that was asked about, without a word from anyone.
			expect(git("log", "-1", "--format=%(trailers:key=Gamma-Run,valueonly)")).toBe(failed.id);
			expect(git("show", "--name-only", "--format=").split("\n").sort()).toEqual(["params.json", "train.py"]);
			expect(git("show", "HEAD:train.py")).toContain("LOSS_LIMIT = 60.0");
			expect(git("show", "HEAD:train.py")).not.toContain("# mine");
			expect(git("diff", "--stat", "HEAD")).toContain("1 insertion(+), 1 deletion(-)");
			expect(git("ls-remote", "origin", "models/fix")).toBe("");
			const push = page.getByRole("button", { name: "Push models/fix: Starts a Training" }).first();
			await runCommand(page, "Notifications: Show Notifications");
			await push.click();
			await expect.poll(() => git("ls-remote", "origin", "models/fix"), patience).not.toBe("");
			await runCommand(page, "Gamma: Focus on Jobs View");
			await jobRow("models/fix", new RegExp(`^Train for less time.*fixes ${failed.name}`));
			await jobRow("models/fix", /^Train for less time.*completed|completed.*Train for less time/);
		}, 240_000);

		test("the agent is told what was applied, and shows the new run beside the old one", async () => {
			const now = await expect
				.poll(() => runOf(git("rev-parse", "HEAD")), patience)
				.not.toBeNull()
				.then(() => runOf(git("rev-parse", "HEAD")));
			claude.clear();
			claude.script(
				{
					blocks: [
						{
							tool: "draw_chart",
							input: { title: "Before and after", metrics: ["train/loss"], runs: [failed.id, now?.id ?? ""] },
						},
					],
				},
				{ blocks: [{ text: "It trains." }] },
			);
			await runCommand(page, "Gamma: Open the Agent");
			await openChat();
			await giveKey();
			const card = chat.getByRole("region", { name: "Proposed edits: Train for less time" });
			await expect.poll(() => card.textContent(), patience).toContain("decided");
			await ask("And now?");
			await expect.poll(log, patience).toContain("It trains.");
			const [told] = claude.asked;
			expect(told?.text).toContain("LOSS_LIMIT = 60.0");
			expect(told?.text).toMatch(/README\.md: 1 rejected/);
			const chart = chat.getByRole("img", { name: /^Line chart: train\/loss\. 2 series/ });
			await chart.waitFor(patience);
			expect(await chart.getAttribute("aria-label")).toContain(failed.name);
			expect(await chat.locator(".receipt").textContent()).toMatch(/train\/loss.*[\d,]+ points · read/);
			// It opens as any chart does: these runs, this metric.
			await chat.getByRole("button", { name: "Open as chart" }).click();
			await expect.poll(() => frameWith(page, "canvas.lines"), patience).toBeDefined();
			const charts = await frameWith(page, "canvas.lines");
			const titles = () => charts?.getByRole("heading", { level: 3 }).allTextContents();
			await expect.poll(titles, patience).toEqual(["train/loss"]);
		}, 120_000);

		test("selected lines are edited by a word: they go along, and the answer is a proposal for this file", async () => {
			claude.clear();
			claude.script(
				{ blocks: [propose("params.json", ['"seed": 1', '"seed": 2'])] },
				{ blocks: [{ text: "Another seed." }] },
			);
			await openFile("params.json");
			await page.locator(".monaco-editor .view-line", { hasText: '"seed"' }).last().click();
			await runCommand(page, "Gamma: Edit with Gamma");
			const seedLine =
				read("params.json")
					.split("\n")
					.findIndex((line) => line.includes('"seed"')) + 1;
			const named = page.locator(".quick-input-widget:visible", { hasText: `params.json, line ${seedLine}` });
			await named.waitFor();
			await named.locator("input:visible").first().fill("Take another seed");
			await page.keyboard.press("Enter");
			await expect.poll(log, patience).toContain("Another seed.");
			const [sent] = claude.asked;
			expect(sent?.text).toMatch(/params\.json/);
			expect(JSON.stringify(sent?.body.messages.at(-1)?.content)).toMatch(/seed[\\"]+: 1/);
			await expect.poll(() => waiting().textContent(), patience).toContain("1 edit waits for review");
			await runCommand(page, "Gamma: Reject All Edits of This File");
			await expect.poll(() => waiting().count(), patience).toBe(0);
			expect(read("params.json")).toContain('"seed": 1');
		}, 120_000);

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
