import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createGithubApp, saveRelayEnvironment } from "../../../src/adapters/mmp/createGithubApp";
import type { GithubApp, GithubAppWish } from "../../../src/core/mmp/githubApp";
import { toFailure } from "../../../src/shared/errors";
import { launchChromium } from "../../support/chromium";
import { GammaCommand } from "../../support/gammaCommand";
import { appSecrets, type GithubAppServer, startGithubApps } from "../../support/githubAppServer";

const wish: GithubAppWish = { relayUrl: "https://relay.example.com/", organization: "lab" };
let github: GithubAppServer;
let folder: string;
beforeEach(async () => {
	github = await startGithubApps();
	folder = mkdtempSync(join(tmpdir(), "gamma-app-"));
});
afterEach(async () => {
	await github.stop();
	rmSync(folder, { recursive: true, force: true });
});

/** Begins a creation; `page` is the address that the person is shown. */
function begin(
	wished: GithubAppWish = wish,
	signal: AbortSignal = new AbortController().signal,
): { made: Promise<GithubApp>; page: Promise<string> } {
	let shown = (_: string) => {};
	const page = new Promise<string>((done) => {
		shown = done;
	});
	const made = createGithubApp(wished, {
		serverUrl: github.url,
		apiUrl: github.url,
		expose: async (url) => url,
		show: async (url) => shown(url),
		signal,
	});
	made.catch(() => {});
	return { made, page };
}

const failureOf = (work: Promise<unknown>) =>
	work.then(
		() => "no failure",
		(error: unknown) => toFailure(error),
	);

describe.skipIf(!process.env.GAMMA_CHROMIUM)("in a real browser", () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium();
	});
	afterAll(() => browser?.close());

	test("one press leads to GitHub with all that the App needs, and back with its secrets", async () => {
		const { made, page } = begin();
		const tab = await browser.newPage();
		await tab.goto(await page);
		await tab.getByRole("button", { name: "Create the GitHub App" }).click();
		await tab.getByRole("link", { name: "Create GitHub App for you" }).click();
		await tab.getByRole("heading", { name: "Gamma lab is made" }).waitFor();
		const install = tab.getByRole("link", { name: "install the App" });
		expect(await install.getAttribute("href")).toBe("https://github.com/apps/gamma-lab/installations/new");
		expect(await made).toEqual({
			id: appSecrets.id,
			name: appSecrets.name,
			htmlUrl: "https://github.com/apps/gamma-lab",
			webhookSecret: appSecrets.webhookSecret,
			pem: appSecrets.pem,
		});
		expect(github.exchanged).toEqual(["c0de"]);
		const [{ path, manifest } = { path: "", manifest: {} }] = github.posted;
		expect(path).toBe("/organizations/lab/settings/apps/new");
		expect(manifest).toMatchObject({
			name: "Gamma lab",
			public: false,
			hook_attributes: { url: "https://relay.example.com/api/webhooks/github", active: true },
			default_permissions: { contents: "write", actions: "read", metadata: "read" },
			default_events: ["push", "workflow_run", "workflow_job"],
		});
		await tab.close();
	});
});

test("no other page, method or state makes anything, and the code is exchanged once", async () => {
	const { made, page } = begin({ ...wish, organization: null });
	const address = await page;
	const { origin } = new URL(address);
	const statusOf = async (url: string, method = "GET") => (await fetch(url, { method, redirect: "manual" })).status;
	expect(await statusOf(origin)).toBe(404);
	expect(await statusOf(`${origin}/made?code=c0de`)).toBe(404);
	expect(await statusOf(address, "POST")).toBe(405);
	expect(await statusOf(`${address}/made?code=c0de&state=guessed`)).toBe(400);
	const html = await (await fetch(address)).text();
	const action = /action="([^"]+)"/.exec(html)?.[1] ?? "";
	const state = new URL(
		action.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
	).searchParams.get("state");
	expect(await statusOf(`${address}/made?code=../x&state=${state}`)).toBe(400);
	expect(github.exchanged).toEqual([]);
	const answers = await Promise.all([1, 2].map(() => statusOf(`${address}/made?code=c0de&state=${state}`)));
	expect(answers.sort()).toEqual([200, 400]);
	expect((await made).id).toBe(appSecrets.id);
	expect(github.exchanged).toEqual(["c0de"]);
	await expect(fetch(address)).rejects.toThrow();
});

test("the page runs no script and posts nowhere but to GitHub", async () => {
	const ending = new AbortController();
	const { page } = begin(wish, ending.signal);
	const response = await fetch(await page);
	const policy = response.headers.get("content-security-policy") ?? "";
	expect(policy).toContain("default-src 'none'");
	expect(policy).toContain(`form-action 'self' ${github.url};`);
	expect([response.headers.get("cache-control"), response.headers.get("referrer-policy")]).toEqual([
		"no-store",
		"no-referrer",
	]);
	expect(await response.text()).not.toMatch(/<script|\son\w+=/i);
	ending.abort();
});

test.each([
	[{ status: 404, body: "{}" }, "GitHub refused the code (404)"],
	[{ status: 201, body: '{"id": 1}' }, "GitHub answered in words that Gamma does not know"],
	[{ status: 500, body: "<html>" }, "GitHub refused the code (500)"],
])("an exchange that goes wrong (%j) is said, on the page too", async (refusal, sentence) => {
	github.refusal = refusal;
	const { made, page } = begin();
	const address = await page;
	const html = await (await fetch(address)).text();
	const state = /state&#61;([\w-]+)|state=([\w-]+)/.exec(html)?.slice(1).find(Boolean);
	const answer = await fetch(`${address}/made?code=c0de&state=${state}`);
	expect(answer.status).toBe(502);
	expect(await answer.text()).toContain(sentence);
	expect(await failureOf(made)).toMatchObject({ code: "github.refused", message: expect.stringContaining(sentence) });
});

test.each(["http://relay.example.com", "https://localhost:8080", "https://127.0.0.1", "relay.example.com", ""])(
	"a relay that GitHub cannot reach (%s) is refused before anything is opened",
	async (relayUrl) => {
		expect(await failureOf(begin({ ...wish, relayUrl }).made)).toMatchObject({ code: "settings.invalid" });
	},
);

test("a creation that is taken back ends, and its page with it", async () => {
	const ending = new AbortController();
	const { made, page } = begin(wish, ending.signal);
	const address = await page;
	ending.abort();
	expect(await failureOf(made)).toMatchObject({ code: "call.cancelled" });
	await expect(fetch(address)).rejects.toThrow();
});

test("the secrets are kept where only this user reads them, in a new file", async () => {
	const path = join(folder, "app.env");
	const app = { id: 1, name: "n", htmlUrl: "https://x", webhookSecret: "s", pem: appSecrets.pem };
	await saveRelayEnvironment(app, path);
	expect(statSync(path).mode & 0o777).toBe(0o600);
	expect(readFileSync(path, "utf8").split("\n")).toEqual([
		"GITHUB_APP_ID=1",
		"GITHUB_WEBHOOK_SECRET=s",
		`GITHUB_APP_PRIVATE_KEY=${appSecrets.pem.trim().replaceAll("\n", "\\n")}`,
		"",
	]);
	expect(await failureOf(saveRelayEnvironment(app, path))).toMatchObject({ code: "settings.invalid" });
});

describe("gamma init --github-app", () => {
	const gamma = new GammaCommand();
	beforeAll(() => gamma.build());
	afterAll(() => gamma.dispose());

	test("says where to go, waits, and tells no secret on the terminal", async () => {
		const env = { GITHUB_SERVER_URL: github.url, GITHUB_API_URL: github.url, XDG_STATE_HOME: folder };
		const running = gamma.start(["init", "--github-app", wish.relayUrl, "--json"], { cwd: folder, env });
		await expect.poll(() => running.said()).toMatch(/Open http:\/\/127\.0\.0\.1:\d+\/\S+ in your browser/);
		const address = /Open (\S+) in/.exec(running.said())?.[1] ?? "";
		const state = /state=([\w-]+)/.exec(await (await fetch(address)).text())?.[1];
		await fetch(`${address}/made?code=c0de&state=${state}`);
		const { code, out } = await running.finished;
		expect(code).toBe(0);
		const told = JSON.parse(out) as { settingsPath: string };
		expect(told).toEqual({
			id: appSecrets.id,
			name: appSecrets.name,
			htmlUrl: "https://github.com/apps/gamma-lab",
			installUrl: "https://github.com/apps/gamma-lab/installations/new",
			settingsPath: join(folder, "gamma", `github-app-${appSecrets.id}.env`),
		});
		expect(readFileSync(told.settingsPath, "utf8")).toContain(`GITHUB_WEBHOOK_SECRET=${appSecrets.webhookSecret}`);
		expect(`${out}${running.said()}`).not.toContain(appSecrets.webhookSecret);
	});

	test("an --out that is there is refused before anybody goes to GitHub", async () => {
		const path = join(folder, "kept.env");
		writeFileSync(path, "kept");
		const said = await gamma.run(["init", "--github-app", wish.relayUrl, "--out", path], { cwd: folder });
		expect([said.code, said.err]).toEqual([1, `gamma: ${path} is there already: name another file with --out.\n`]);
		expect(readFileSync(path, "utf8")).toBe("kept");
	});
});
