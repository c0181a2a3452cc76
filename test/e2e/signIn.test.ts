import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Editor, editorFolder, expectNotice, runCommand, startEditor } from "../support/editor";
import { GitProject } from "../support/gitProject";
import { type PostgresServer, postgresFolder, startPostgres } from "../support/postgresServer";
import { jwtSecret, type RelayUnderTest, startTestRelay } from "../support/relay";
import { SupabaseAuthServer } from "../support/supabaseAuth";

const anonKey = "sb_publishable_of-the-tests";

/** Through the real UriHandler and the real Accounts menu, from the command to the relay on PostgreSQL. */
describe.skipIf(!editorFolder || !postgresFolder)("signing in (needs the editor and PostgreSQL)", () => {
	const project = new GitProject();
	const auth = new SupabaseAuthServer({ jwtSecret, withIssuer: true, anonKey, allowedRedirect: "http://127.0.0.1:" });
	let postgres: PostgresServer;
	let relay: RelayUnderTest;
	let editor: Editor;
	let page: Page;

	beforeAll(async () => {
		project.commit("Start", { "train.py": "lr = 0.1\n" });
		postgres = await startPostgres();
		await auth.start();
		relay = await startTestRelay({
			DATABASE_URL: postgres.url,
			SUPABASE_URL: auth.url,
			SUPABASE_JWT_SECRET: jwtSecret,
		});
		editor = await startEditor({
			settings: {
				"gamma.relay.url": relay.url,
				// The same machine, written so that code-server does not take it for a port to forward.
				"gamma.relay.supabaseUrl": auth.url.replace("127.0.0.1", "127.1"),
				"gamma.relay.supabaseAnonKey": anonKey,
			},
		});
		page = await editor.open(project.folder);
		// The key of the browser's secret storage, which code-server's front door hands out; the tests use the server behind it.
		await page.route("**/mint-key", (route) => route.fulfill({ body: Buffer.alloc(32, 7) }));
		await showGamma();
	});
	afterAll(async () => {
		await editor?.close();
		await relay?.close();
		await auth.stop();
		await postgres?.stop();
		project.remove();
	});

	async function showGamma(): Promise<void> {
		await page
			.getByRole("tab", { name: /^Gamma/ })
			.first()
			.click();
	}

	const jobs = (text: string): Locator =>
		page.locator(".pane", { has: page.getByRole("button", { name: /Jobs Section$/ }) }).getByText(text);
	async function signIn(): Promise<void> {
		await runCommand(page, "Gamma: Sign In");
		await page.getByRole("dialog").getByRole("button", { name: "Open" }).click({ timeout: 60_000 });
	}

	async function accountsMenu(): Promise<Locator> {
		await page.getByRole("button", { name: "Accounts" }).click();
		return page.locator(".monaco-menu");
	}

	test("a window that is signed out says so", async () => {
		await jobs("You are signed out of the relay.").waitFor();
	});

	test("who presses Cancel at GitHub is told in one sentence", async () => {
		auth.github.refuses = true;
		await signIn();
		await expectNotice(page, /GitHub was not allowed to sign you in/);
		auth.github.refuses = false;
	});

	test("Sign In goes to GitHub and back, and the relay answers", async () => {
		await signIn();
		await expectNotice(page, /Signed in to Gamma as octo-ana\./);
		await jobs("The relay has no project of this repository yet").waitFor();
		expect(auth.sessions.countOf("ana@example.com")).toBe(1);
	});

	test("the account is in the Accounts menu", async () => {
		const menu = await accountsMenu();
		await menu.getByText("octo-ana (Gamma)").waitFor();
		await page.keyboard.press("Escape");
	});

	test("a reload finds the session again, without a word", async () => {
		// The side bar comes back as it was; a click on its tab would close it.
		await page.reload();
		await jobs("The relay has no project of this repository yet").waitFor({ timeout: 60_000 });
		expect(auth.requests.filter((request) => request.startsWith("GET /authorize"))).toHaveLength(2);
	});

	test("Sign Out ends it here and at the service", async () => {
		await runCommand(page, "Gamma: Sign Out");
		await expectNotice(page, /Signed out of Gamma\./);
		await jobs("You are signed out of the relay.").waitFor();
		expect(auth.sessions.countOf("ana@example.com")).toBe(0);
		const menu = await accountsMenu();
		await menu.waitFor();
		expect(await menu.getByText("octo-ana (Gamma)").count()).toBe(0);
		await page.keyboard.press("Escape");
	});
});
