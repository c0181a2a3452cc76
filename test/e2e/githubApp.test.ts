import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Editor, editorFolder, expectNotice, runCommand, startEditor } from "../support/editor";
import { appSecrets, type GithubAppServer, startGithubApps } from "../support/githubAppServer";
import { GitProject } from "../support/gitProject";

describe.skipIf(!editorFolder)("the relay's GitHub App, created from the editor (needs the editor)", () => {
	const project = new GitProject();
	const folder = mkdtempSync(join(tmpdir(), "gamma-app-"));
	const kept = join(folder, "app.env");
	let github: GithubAppServer;
	let editor: Editor;
	let page: Page;
	beforeAll(async () => {
		project.commit("Train", { "train.py": "" });
		github = await startGithubApps();
		editor = await startEditor({ env: { GITHUB_SERVER_URL: github.url, GITHUB_API_URL: github.url } });
		page = await editor.open(project.folder);
		// code-server's own proxy for ports of its machine, which the server that tests start has not.
		await page.context().route(/\/proxy\/\d+\//, (route) => {
			const [, port, path] = /\/proxy\/(\d+)(\/.*)$/.exec(route.request().url()) ?? [];
			return route.continue({ url: `http://127.0.0.1:${port}${path}` });
		});
	});
	afterAll(async () => {
		await editor?.close();
		await github?.stop();
		project.remove();
		rmSync(folder, { recursive: true, force: true });
	});

	const input = () => page.locator(".quick-input-widget input:visible").first();
	async function answer(prompt: RegExp, text: string): Promise<void> {
		await page.locator(".quick-input-widget", { hasText: prompt }).waitFor();
		await input().fill(text);
		await page.keyboard.press("Enter");
	}

	test("asks where and for whom, and where the secrets go, before anybody is sent to GitHub", async () => {
		await runCommand(page, "Gamma: Create the Relay's GitHub App");
		await answer(/Address of the relay, as GitHub reaches it/, "https://relay.example.com");
		await answer(/Organization at GitHub that owns the App/, "lab");
		await page.getByText("Where the relay's settings are kept, outside of any repository").first().waitFor();
		expect(github.posted).toEqual([]);
	});

	test("then one press in the browser makes it, and its secrets are in the file only", async () => {
		const opened = page.context().waitForEvent("page", { timeout: 60_000 });
		await input().fill(kept);
		// The dialog reads the folder while its path is written, and takes no answer meanwhile.
		const ok = page.locator(".quick-input-widget").getByRole("button", { name: "OK" });
		await expect
			.poll(async () => {
				await ok.click({ timeout: 2_000 }).catch(() => {});
				return ok.isVisible();
			})
			.toBe(false);
		const trust = page.getByRole("dialog").getByRole("button", { name: "Open", exact: true });
		await trust.click({ timeout: 15_000 }).catch(() => {});
		const tab = await opened;
		await tab.getByRole("button", { name: "Create the GitHub App" }).click();
		await tab.getByRole("link", { name: "Create GitHub App for you" }).click();
		await tab.getByRole("heading", { name: "Gamma lab is made" }).waitFor();
		await tab.close();
		await expectNotice(page, /Gamma lab is made\. Start the relay with the variables in .*app\.env/);
		expect(statSync(kept).mode & 0o777).toBe(0o600);
		expect(readFileSync(kept, "utf8")).toContain(`GITHUB_APP_ID=${appSecrets.id}\n`);
		expect(github.posted[0]?.path).toBe("/organizations/lab/settings/apps/new");
		expect(github.exchanged).toEqual(["c0de"]);
	});
});
