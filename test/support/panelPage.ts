import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import * as esbuild from "esbuild";
import type { Browser, Page } from "playwright-core";
import { CallPeer, type Contract, type Handlers } from "../../src/shared/call";
import { commonCalls, type panelCalls } from "../../src/shared/panels/panelContract";
import { mujocoWithoutEval } from "../../tools/lib/mujocoWithoutEval.mjs";

/** `GAMMA_ROOT` where this file runs bundled (bench, screenshots). */
const root = process.env.GAMMA_ROOT ?? resolve(import.meta.dirname, "../..");

export type Theme = "dark" | "light" | "high-contrast" | "high-contrast-light";

const bodyClasses: Record<Theme, string> = {
	dark: "vscode-dark",
	light: "vscode-light",
	"high-contrast": "vscode-high-contrast",
	"high-contrast-light": "vscode-high-contrast vscode-high-contrast-light",
};

export interface PanelPage {
	readonly page: Page;
	/** Sends a whole state, as the host does. */
	show(state: unknown): Promise<void>;
	/** What the panel asked to keep over a reload. */
	readonly kept: () => unknown;
	/** Errors, refused requests and CSP violations seen so far; a good page has none. */
	readonly complaints: readonly string[];
	close(): Promise<void>;
}

/**
 * A panel's own bundle in a real Chromium under the real content security policy and the real tokens of a VS Code theme
 * (test/support/themes, dumped from the editor), with a host that answers in this process over the same typed calls.
 */
export async function openPanelPage<C extends Contract>(options: {
	browser: Browser;
	/** Folder under webview/, e.g. `charts`. */
	panel: string;
	calls: C;
	handlers: Handlers<C>;
	state?: unknown;
	kept?: unknown;
	theme?: Theme;
	width?: number;
	height?: number;
	reducedMotion?: boolean;
	/** As `PanelDefinition` says it. */
	runsWasm?: boolean;
}): Promise<PanelPage> {
	const { browser, panel, theme = "dark", width = 900, height = 700 } = options;
	const script = await bundle(panel);
	const server = createServer((request, response) => {
		const path = (request.url ?? "/").split("?")[0];
		const served = panelFiles(panel, theme, script, "", options.runsWasm)[path ?? ""];
		if (!served) return void response.writeHead(404).end();
		response.writeHead(200, { "content-type": served.type }).end(served.body());
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const { port } = server.address() as AddressInfo;

	const context = await browser.newContext({
		viewport: { width, height },
		reducedMotion: options.reducedMotion ? "reduce" : "no-preference",
	});
	const page = await context.newPage();
	const complaints: string[] = [];
	page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
	page.on("console", (message) => {
		if (message.type() === "error") complaints.push(`console: ${message.text()}`);
	});
	page.on("requestfailed", (request) => complaints.push(`request: ${request.url()}`));

	let kept: unknown = options.kept;
	let state = options.state;
	const post = (message: unknown) =>
		page.evaluate((text) => (globalThis as unknown as Bridge).gammaReceive(text), pack(message));
	const peer = new CallPeer<C & typeof commonCalls, typeof panelCalls>(
		{ post: (message) => void post(message).catch(() => {}) },
		{ ...options.calls, ...commonCalls },
		{
			...options.handlers,
			ready: async () => {
				if (state !== undefined) await peer.call("show", { state } as never);
			},
			openLink: () => {},
			copy: () => {},
		} as unknown as Handlers<C & typeof commonCalls>,
		(reason) => complaints.push(`strange: ${reason}`),
	);
	let posted = "";
	await page.exposeFunction("gammaPost", (piece: string, isLast: boolean) => {
		posted += piece;
		if (!isLast) return;
		const text = posted;
		posted = "";
		peer.receive(unpack(text));
	});
	await page.exposeFunction("gammaKeep", (text: string) => {
		kept = JSON.parse(text);
	});
	await page.addInitScript(bridgeScript, JSON.stringify(options.kept ?? null));
	await page.goto(`http://127.0.0.1:${port}/`);
	return {
		page,
		complaints,
		kept: () => kept,
		show: async (next) => {
			state = next;
			await peer.call("show", { state: next } as never);
		},
		close: async () => {
			peer.close();
			await context.close();
			await new Promise((done) => server.close(done));
		},
	};
}

interface Bridge {
	gammaReceive(text: string): void;
}

/** Runs in the page before the panel's script: stands where VS Code's own webview API stands. */
function bridgeScript(kept: string): void {
	const scope = globalThis as unknown as Record<string, unknown>;
	const postPiece = scope.gammaPost as (piece: string, isLast: boolean) => Promise<void>;
	// In pieces: what the bridge takes for a picture of many MB is not the panel's own time.
	const pieceLength = 500_000;
	let before: Promise<void> = Promise.resolve();
	const post = (text: string) => {
		before = before.then(async () => {
			for (let at = 0; at < text.length; at += pieceLength) {
				await postPiece(text.slice(at, at + pieceLength), at + pieceLength >= text.length);
			}
		});
	};
	const keep = scope.gammaKeep as (text: string) => void;
	let state: unknown = JSON.parse(kept) ?? undefined;
	const toArray = (base64: string, type: string) => {
		const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
		return type === "f64" ? new Float64Array(bytes.buffer) : bytes;
	};
	scope.acquireVsCodeApi = () => ({
		postMessage: (message: unknown) => post(JSON.stringify(message)),
		getState: () => state,
		setState: (next: unknown) => {
			state = next;
			keep(JSON.stringify(next));
		},
	});
	scope.gammaReceive = (text: string) => {
		const message: unknown = JSON.parse(text, (_key, value: unknown) => {
			const packed = value as { $f64?: string; $u8?: string; $n?: string } | null;
			if (typeof packed === "object" && packed !== null) {
				if (typeof packed.$f64 === "string") return toArray(packed.$f64, "f64");
				if (typeof packed.$u8 === "string") return toArray(packed.$u8, "u8");
				if (typeof packed.$n === "string") return Number(packed.$n);
			}
			return value;
		});
		window.postMessage(message, "*");
	};
}

/** JSON with typed arrays and non-finite numbers kept, as structured clone keeps them. */
function pack(message: unknown): string {
	return JSON.stringify(message, (_key, value: unknown) => {
		if (value instanceof Float64Array)
			return { $f64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
		if (value instanceof Uint8Array) return { $u8: Buffer.from(value).toString("base64") };
		if (typeof value === "number" && !Number.isFinite(value)) return { $n: String(value) };
		return value;
	});
}

function unpack(text: string): unknown {
	return JSON.parse(text);
}

const bundles = new Map<string, Promise<string>>();

function bundle(panel: string): Promise<string> {
	const known = bundles.get(panel);
	if (known) return known;
	const built = esbuild
		.build({
			entryPoints: [join(root, "webview", panel, "main.ts")],
			bundle: true,
			write: false,
			platform: "browser",
			target: "es2022",
			format: "iife",
			tsconfig: join(root, "tsconfig/webview.json"),
			define: { "process.env.NODE_ENV": '"production"' },
			plugins: [mujocoWithoutEval],
		})
		.then((result) => result.outputFiles[0]?.text ?? "");
	bundles.set(panel, built);
	return built;
}

/** What a panel's page loads, by path. `connect`: where its script may connect to, which in the editor is nowhere. */
export function panelFiles(
	panel: string,
	theme: Theme,
	script: string,
	connect = "",
	runsWasm = false,
): Record<string, { type: string; body: () => string | Buffer }> {
	const asset = (path: string, type: string) => ({ type, body: () => readFileSync(join(root, path)) });
	const tokens: Record<string, string> = JSON.parse(
		readFileSync(join(root, "test/support/themes", `${theme}.json`), "utf8"),
	);
	const style = Object.entries(tokens)
		.map(([name, value]) => `${name}: ${value};`)
		.join("\n");
	const csp = `default-src 'none'; script-src 'nonce-test'${runsWasm ? " 'wasm-unsafe-eval'; connect-src 'self'" : ""}; style-src 'self'; font-src 'self'; img-src data: blob:${connect}`;
	return {
		"/": {
			type: "text/html",
			body: () => `<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<link rel="stylesheet" href="/tokens.css">
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="/codicon.css">
<link rel="stylesheet" href="/panel.css"><link rel="icon" href="data:,"><title>${panel}</title></head>
<body class="${bodyClasses[theme]}" data-vscode-theme-kind="${bodyClasses[theme].split(" ").at(-1)}"><script nonce="test" src="/panel.js"></script></body></html>`,
		},
		"/tokens.css": { type: "text/css", body: () => `html { ${style} }` },
		"/panel.css": asset("webview/common/panel.css", "text/css"),
		"/codicon.css": asset("node_modules/@vscode/codicons/dist/codicon.css", "text/css"),
		"/codicon.ttf": asset("node_modules/@vscode/codicons/dist/codicon.ttf", "font/ttf"),
		"/mujoco.wasm": asset("node_modules/@mujoco/mujoco/mujoco.wasm", "application/wasm"),
		"/onnxruntime.wasm": asset("node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm", "application/wasm"),
		"/panel.js": { type: "text/javascript", body: () => script },
	};
}
