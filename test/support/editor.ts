import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser, Frame, FrameLocator, Locator, Page } from "playwright-core";
import { launchChromium } from "./chromium";
import type { Theme } from "./panelPage";

/** `GAMMA_ROOT` where this file runs bundled (bench, screenshots). */
const root = process.env.GAMMA_ROOT ?? resolve(import.meta.dirname, "../..");

/** The editor that `npm test` brings: the folder of the npm package code-server; undefined where there is none. */
export const editorFolder = process.env.GAMMA_EDITOR;

/** The ids of VS Code's own themes; what the pickers call them ("Dark High Contrast") is no id. */
const themeIds: Record<Theme, string> = {
	dark: "Dark Modern",
	light: "Light Modern",
	"high-contrast": "Default High Contrast",
	"high-contrast-light": "Default High Contrast Light",
};

/** What the workbench's root element is then. */
const themeClasses: Record<Theme, string> = {
	dark: "vscode-theme-defaults-themes-dark_modern-json",
	light: "vscode-theme-defaults-themes-light_modern-json",
	"high-contrast": "vscode-theme-defaults-themes-hc_black-json",
	"high-contrast-light": "vscode-theme-defaults-themes-hc_light-json",
};

export interface Editor {
	readonly browser: Browser;
	/** Where it keeps what extensions store for each workspace. */
	readonly workspaceStorage: string;
	/** Opens the workbench on a folder, or a `.code-workspace` file, with Gamma loaded from this checkout's dist/. */
	open(folder: string, size?: { width: number; height: number }): Promise<Page>;
	/** Runs a bundled suite inside the extension host and answers its exit code; what it prints goes to `log`. */
	runSuite(folder: string, suite: string, log: (line: string) => void): Promise<number>;
	/** Merges into the settings; VS Code takes them up at once, but those of application scope only when it starts. */
	settings(change: Readonly<Record<string, unknown>>): void;
	/** Changes the theme of every open window; resolves when they have it. */
	theme(theme: Theme): Promise<void>;
	close(): Promise<void>;
}

/** The real workbench and extension host, served on loopback, with folders of its own. */
export async function startEditor(
	options: {
		settings?: Record<string, unknown>;
		/** Keeps workspace trust on: a folder opens in Restricted Mode. */
		trust?: boolean;
		env?: Record<string, string>;
		theme?: Theme;
		/** Folders below test/support/extensions, installed beside the editor's own; a higher version takes the place of one. */
		extensions?: readonly string[];
	} = {},
): Promise<Editor> {
	if (!editorFolder) throw new Error("GAMMA_EDITOR is not set: npm test brings the editor and sets it.");
	const home = mkdtempSync(join(tmpdir(), "gamma-editor-"));
	let settings: Record<string, unknown> = {
		"workbench.startupEditor": "none",
		"workbench.colorTheme": themeIds[options.theme ?? "dark"],
		"window.autoDetectColorScheme": false,
		"window.autoDetectHighContrast": false,
		"telemetry.telemetryLevel": "off",
		"chat.disableAIFeatures": true,
		"workbench.tips.enabled": false,
		"workbench.secondarySideBar.defaultVisibility": "hidden",
		...options.settings,
	};
	// The editor reads "User" once, when a window opens; "Machine" it watches, but for no setting of application scope.
	const writeSettings = () => {
		for (const scope of ["User", "Machine"]) {
			mkdirSync(join(home, "user", scope), { recursive: true });
			writeFileSync(join(home, "user", scope, "settings.json"), JSON.stringify(settings));
		}
	};
	writeSettings();
	for (const name of options.extensions ?? []) {
		cpSync(join(root, "test/support/extensions", name), join(home, "extensions", name), { recursive: true });
	}
	const port = await freePort();
	// A local relay of whoever runs the tests is none of theirs.
	const env = { XDG_STATE_HOME: join(home, "state"), ...options.env };
	const server = startServer(home, port, options.trust ?? false, env);
	await listening(port);
	const browser = await launchChromium();
	const address = `127.0.0.1:${port}`;
	const remote = (path: string) => `vscode-remote://${address}${path}`;
	return {
		browser,
		workspaceStorage: join(home, "user", "User", "workspaceStorage"),
		runSuite: async (folder, suite, log) => {
			const page = await browser.newPage();
			const ended = new Promise<number>((done) => {
				void page.exposeFunction("codeAutomationExit", done);
			});
			await page.exposeFunction("codeAutomationLog", (_kind: string, lines: readonly unknown[]) =>
				log(lines.join(" ")),
			);
			const payload = JSON.stringify([
				["extensionDevelopmentPath", remote(root)],
				["extensionTestsPath", remote(suite)],
			]);
			await page.goto(`http://${address}/?${new URLSearchParams({ folder, payload })}`);
			const code = await ended;
			await page.close();
			return code;
		},
		open: async (folder, size = { width: 1400, height: 900 }) => {
			const page = await browser.newPage({ viewport: size });
			const payload = JSON.stringify([["extensionDevelopmentPath", remote(root)]]);
			const kind = folder.endsWith(".code-workspace") ? "workspace" : "folder";
			const query = new URLSearchParams({ [kind]: folder, payload });
			await page.goto(`http://${address}/?${query}`);
			await page.locator(".monaco-workbench .part.activitybar").waitFor({ timeout: 60_000 });
			return page;
		},
		settings: (change) => {
			settings = { ...settings, ...change };
			writeSettings();
		},
		theme: async (theme) => {
			settings = { ...settings, "workbench.colorTheme": themeIds[theme] };
			writeSettings();
			const pages = browser.contexts().flatMap((context) => context.pages());
			await Promise.all(pages.map((page) => page.locator(`.monaco-workbench.${themeClasses[theme]}`).waitFor()));
		},
		close: async () => {
			await browser.close();
			server.kill();
			await new Promise((done) => server.once("exit", done));
			rmSync(home, { recursive: true, force: true });
		},
	};
}

function startServer(home: string, port: number, trust: boolean, env: Record<string, string>): ChildProcess {
	const args = [
		join(editorFolder ?? "", "lib", "vscode", "out", "server-main.js"),
		...["--host", "127.0.0.1", "--port", String(port), "--without-connection-token", "--accept-server-license-terms"],
		...["--enable-smoke-test-driver", "--telemetry-level", "off"],
		...["--server-data-dir", join(home, "server"), "--user-data-dir", join(home, "user")],
		...["--extensions-dir", join(home, "extensions")],
		...(trust ? [] : ["--disable-workspace-trust"]),
	];
	const server = spawn(process.execPath, args, { stdio: "ignore", env: { ...process.env, ...env } });
	return server;
}

async function freePort(): Promise<number> {
	const probe = createServer();
	await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
	const { port } = probe.address() as AddressInfo;
	await new Promise((done) => probe.close(done));
	return port;
}

async function listening(port: number): Promise<void> {
	for (let attempt = 0; attempt < 300; attempt++) {
		const answered = await fetch(`http://127.0.0.1:${port}/version`).then(
			(response) => response.ok,
			() => false,
		);
		if (answered) return;
		await new Promise((done) => setTimeout(done, 100));
	}
	throw new Error("the editor did not start within 30 s");
}

/** The inside of the webview panel that is in front, whatever the number of iframes around it. */
export function panelFrame(page: Page): FrameLocator {
	return page.locator("iframe.webview.ready:visible").last().contentFrame().frameLocator("iframe#active-frame");
}

/** The webview that shows such a thing, of several side by side; undefined while none does. */
export async function frameWith(page: Page, selector: string): Promise<Frame | undefined> {
	for (const frame of page.frames()) {
		const there = frame.locator(selector).first();
		if (await there.isVisible().catch(() => false)) return frame;
	}
	return undefined;
}

/** Runs a command by its title, as a person does: F1, type, choose; again where something else took the focus meanwhile. */
export async function runCommand(page: Page, title: string): Promise<void> {
	const input = page.locator(".quick-input-widget input:visible").first();
	// "Gamma: Open Run" is the start of other titles too.
	const name = new RegExp(`^${title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(…|,|$)`);
	const choose = async (timeout: number) => {
		await page.keyboard.press("F1");
		// Not the field of a quick pick that is about to close.
		const isOpen = () => document.querySelector<HTMLInputElement>(".quick-input-widget input")?.value === ">";
		await page.waitForFunction(isOpen, undefined, { timeout });
		await input.fill(`>${title}`, { timeout });
		await page.locator(".quick-input-list").getByRole("option", { name }).first().click({ timeout });
	};
	for (let attempt = 0; attempt < 3; attempt++) {
		try {
			await choose(3000);
			return;
		} catch {
			await page.keyboard.press("Escape");
		}
	}
	await choose(20_000);
}

/** Waits until the editor has said this, and takes it away. The list closes with a progress that ends: it is opened again. */
export async function expectNotice(page: Page, text: RegExp): Promise<void> {
	const said = page.locator(".notifications-list-container", { hasText: text }).first();
	for (let attempt = 0; !(await said.isVisible()); attempt++) {
		if (attempt === 12) throw new Error(`the editor has not said ${text}`);
		await runCommand(page, "Notifications: Show Notifications");
		await said.waitFor({ timeout: 5_000 }).catch(() => {});
	}
	await runCommand(page, "Notifications: Clear All Notifications");
}

/** Names the file in the save dialog that opens, and resolves once it is there. */
export async function saveTo(page: Page, target: string): Promise<void> {
	await answerFileDialog(page, target, () => existsSync(target));
}

/**
 * Names the file in the dialog that opens, and resolves once what follows has happened. The dialog puts a proposal of its own
 * into its field when it has read the folder, over what was typed before: then it is typed again.
 */
export async function answerFileDialog(
	page: Page,
	target: string,
	isDone: () => boolean | Promise<boolean>,
): Promise<void> {
	const input = page.locator(".quick-input-widget input:visible").first();
	await input.waitFor();
	for (let attempt = 0; !(await isDone()); attempt++) {
		if (attempt === 60) throw new Error(`nothing followed the choice of ${target}`);
		if (await input.isVisible()) {
			await input.fill(target).catch(() => {});
			// What the dialog does with it, it does within a moment.
			await page.waitForTimeout(500);
			if ((await input.inputValue({ timeout: 1_000 }).catch(() => "")) === target) await page.keyboard.press("Enter");
		}
		await page.waitForTimeout(500);
	}
}

/**
 * Chooses an entry of a row's menu, by keyboard: a menu ignores a click that comes right after it opened. A list that is drawn
 * anew takes its open menu away: then it is opened again.
 */
export async function chooseFromMenu(row: Locator, title: string): Promise<void> {
	const page = row.page();
	const item = page.getByRole("menuitem", { name: new RegExp(`^${title}`) });
	const choose = async (timeout: number) => {
		await row.click({ button: "right", timeout });
		await item.hover({ timeout });
		await item.and(page.locator(":focus, .focused *, .focused")).waitFor({ timeout });
		await page.keyboard.press("Enter");
	};
	for (let attempt = 0; attempt < 4; attempt++) {
		try {
			await choose(5_000);
			return;
		} catch {
			await page.keyboard.press("Escape");
		}
	}
	await choose(20_000);
}
