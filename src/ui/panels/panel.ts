import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import type { Logger } from "../../core/logger";
import { CallPeer, type Contract, type Handlers } from "../../shared/call";
import { GammaError } from "../../shared/errors";
import { commonCalls, type panelCalls } from "../../shared/panels/panelContract";

/** Snapshots are sent at most this often: faster than the eye wants, slow enough to leave the panel time to draw. */
const snapshotEveryMs = 100;

export interface PanelDefinition<C extends Contract> {
	/** `gamma.charts`; also the serializer's id. */
	readonly viewType: string;
	/** `dist/webview/<script>.js` */
	readonly script: string;
	readonly calls: C;
	/** May its script read and run the WebAssembly beside it? */
	readonly runsWasm?: boolean;
}

/**
 * One webview panel: strict content security, one typed transport, whole snapshots.
 * A subclass says what its state is and answers its calls; it calls `invalidate()` when the state changed.
 */
export abstract class Panel<C extends Contract, State> extends Owner {
	readonly #peer: CallPeer<C & typeof commonCalls, typeof panelCalls>;
	#ready = false;
	#stale = false;
	#lastSentMs = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#showing = new AbortController();

	constructor(
		protected readonly panel: vscode.WebviewPanel,
		definition: PanelDefinition<C>,
		extensionUri: vscode.Uri,
		protected readonly logger: Logger,
	) {
		super();
		const dist = vscode.Uri.joinPath(extensionUri, "dist");
		panel.webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [dist] };
		const icon = (ground: string) => vscode.Uri.joinPath(extensionUri, "media", `gamma-${ground}.svg`);
		panel.iconPath = { light: icon("light"), dark: icon("dark") };
		this.#peer = new CallPeer(
			{ post: (message) => void panel.webview.postMessage(message) },
			{ ...definition.calls, ...commonCalls },
			{ ...this.handlers(), ...this.#commonHandlers() } as Handlers<C & typeof commonCalls>,
			(reason) => this.logger.warn("dropped a message from a panel", { panel: definition.viewType, reason }),
		);
		this.own(panel.webview.onDidReceiveMessage((message: unknown) => this.#peer.receive(message)));
		this.own(panel.onDidChangeViewState(() => this.#followVisibility()));
		this.own(panel.onDidDispose(() => this.dispose()));
		this.own({ dispose: () => this.#peer.close() });
		this.own({ dispose: () => clearTimeout(this.#timer) });
		panel.webview.html = panelHtml(panel.webview, dist, definition, panel.title);
	}

	/** The whole state the panel is to show now. */
	protected abstract state(): State;
	/** Answers to the panel's own calls. Called once, from the base constructor: use arrow functions that read fields later. */
	protected abstract handlers(): Handlers<C>;

	/** The state changed: sends a new snapshot soon, once the panel is ready and visible. */
	protected invalidate(): void {
		this.#stale = true;
		this.#send();
	}

	#commonHandlers(): Handlers<typeof commonCalls> {
		return {
			ready: () => {
				this.#ready = true;
				this.#forgetPage();
				this.#send();
			},
			openLink: async ({ href }) => {
				const uri = vscode.Uri.parse(href, true);
				if (uri.scheme === "https" || uri.scheme === "http") await vscode.env.openExternal(uri);
			},
			copy: async ({ text }) => {
				await vscode.env.clipboard.writeText(text);
			},
		};
	}

	/** VS Code ends a hidden panel's page and starts it afresh when it is shown: what is under way gets no answer. */
	#forgetPage(): void {
		this.#showing.abort();
		this.#showing = new AbortController();
		this.#stale = true;
	}

	#followVisibility(): void {
		if (!this.panel.visible) this.#forgetPage();
		this.#send();
	}

	#send(): void {
		if (!this.#ready || !this.#stale || !this.panel.visible || this.#timer !== undefined || this.isDisposed) return;
		const waitMs = Math.max(0, this.#lastSentMs + snapshotEveryMs - Date.now());
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			if (this.isDisposed || !this.panel.visible) return;
			this.#stale = false;
			this.#lastSentMs = Date.now();
			const { signal } = this.#showing;
			this.#peer.call("show", { state: this.state() }, { signal }).catch((error: unknown) => {
				if (!GammaError.is(error, "call.cancelled"))
					this.logger.warn("a panel did not take its state", { reason: String(error) });
			});
		}, waitMs);
	}
}

/** `default-src 'none'`, one script by nonce, no inline style: lit uses constructed style sheets, which need none. */
export function panelHtml(
	webview: vscode.Webview,
	dist: vscode.Uri,
	{ script, runsWasm = false }: Pick<PanelDefinition<Contract>, "script" | "runsWasm">,
	title: string,
): string {
	const nonce = randomBytes(16).toString("base64");
	const at = (...path: string[]) => webview.asWebviewUri(vscode.Uri.joinPath(dist, ...path)).toString();
	const csp = [
		"default-src 'none'",
		`script-src 'nonce-${nonce}'${runsWasm ? " 'wasm-unsafe-eval'" : ""}`,
		...(runsWasm ? [`connect-src ${webview.cspSource}`] : []),
		`style-src ${webview.cspSource}`,
		`font-src ${webview.cspSource}`,
		"img-src data: blob:",
	].join("; ");
	const escapedTitle = title.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
	return `<!DOCTYPE html>
<html lang="en">
<head>
	<meta charset="UTF-8">
	<meta http-equiv="Content-Security-Policy" content="${csp}">
	<meta name="viewport" content="width=device-width, initial-scale=1.0">
	<link rel="stylesheet" id="vscode-codicon-stylesheet" href="${at("webview", "codicon.css")}">
	<link rel="stylesheet" href="${at("webview", "panel.css")}">
	<title>${escapedTitle}</title>
</head>
<body>
	<script nonce="${nonce}" src="${at("webview", `${script}.js`)}"></script>
</body>
</html>`;
}
