import * as vscode from "vscode";
import type { AgentChange } from "../../core/agent/agent";
import { toHead, toPanelState } from "../../core/agent/panelState";
import { shownMessage } from "../../core/agent/shownMessage";
import { Owner } from "../../core/disposable";
import type { ProposedSet } from "../../core/edits/proposedEdits";
import { CallPeer, type Handlers } from "../../shared/call";
import { GammaError } from "../../shared/errors";
import { type AgentPanelUpdate, agentCalls } from "../../shared/panels/agentPanel";
import { commonCalls, type panelCalls } from "../../shared/panels/panelContract";
import { panelHtml } from "../panels/panel";
import type { Chat } from "./chat";
import { chatHandlers } from "./chatHandlers";

/** Twice a frame is wasted, a tenth of a second is seen. */
const sendEveryMs = 30;
/** How often a shown view learns that its runs have moved on. */
const runsEveryMs = 5_000;

type Calls = typeof agentCalls & typeof commonCalls;

/** The panel's page: whole states when it becomes visible, and while an answer is written only the messages that changed. */
export class AgentWebview extends Owner {
	readonly #peer: CallPeer<Calls, typeof panelCalls>;
	#isReady = false;
	#isWhole = true;
	/** Something has changed since the page was last sent anything, if only what goes on. */
	#isStale = true;
	readonly #changed = new Set<string>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#isSending = false;
	#lastSentMs = 0;
	#lastRunsMs = 0;
	#showing = new AbortController();

	constructor(
		private readonly view: vscode.WebviewView,
		private readonly chat: Chat,
	) {
		super();
		const { webview } = view;
		const { extensionUri, logger } = chat.ports;
		const dist = vscode.Uri.joinPath(extensionUri, "dist");
		webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [dist] };
		const handlers = { ...chatHandlers(chat), ...this.#commonHandlers() } as Handlers<Calls>;
		this.#peer = new CallPeer(
			{ post: (message) => void webview.postMessage(message) },
			{ ...agentCalls, ...commonCalls },
			handlers,
			(reason) => logger.warn("dropped a message from the agent's panel", { reason }),
		);
		this.own(webview.onDidReceiveMessage((message: unknown) => this.#peer.receive(message)));
		this.own(view.onDidChangeVisibility(() => this.#startAnew()));
		this.own({ dispose: () => this.#peer.close() });
		this.own({ dispose: () => clearTimeout(this.#timer) });
		webview.html = panelHtml(webview, dist, { script: "agent" }, "Gamma");
	}

	follow({ isStructural, messageIds }: AgentChange): void {
		if (isStructural) this.#isWhole = true;
		this.#isStale = true;
		for (const id of messageIds) this.#changed.add(id);
		void this.#showBadge();
		this.#send();
	}

	followRuns(): void {
		if (Date.now() - this.#lastRunsMs < runsEveryMs) return;
		this.#lastRunsMs = Date.now();
		this.whole();
	}

	/** Sends everything again: nothing that a hidden page missed is lost. */
	whole(): void {
		this.#isWhole = true;
		this.#isStale = true;
		this.#send();
	}

	/** VS Code ends a hidden page and starts it afresh when it is shown: what is under way gets no answer. */
	#startAnew(): void {
		this.#showing.abort();
		this.#showing = new AbortController();
		this.whole();
	}

	#commonHandlers(): Handlers<typeof commonCalls> {
		return {
			ready: () => {
				this.#isReady = true;
				this.#startAnew();
			},
			openLink: async ({ href }) => {
				const uri = vscode.Uri.parse(href, true);
				// VS Code asks before it opens one that the person does not trust.
				if (uri.scheme === "https" || uri.scheme === "http") await vscode.env.openExternal(uri);
			},
			copy: async ({ text }) => {
				await vscode.env.clipboard.writeText(text);
			},
		};
	}

	/** A decision that waits is a badge on the view, never a dialog. */
	async #showBadge(): Promise<void> {
		const { open } = (await this.chat.agent()).snapshot;
		const isAsking = open?.activity.kind === "asking";
		this.view.badge = isAsking ? { value: 1, tooltip: vscode.l10n.t("Gamma waits for your decision") } : undefined;
	}

	#send(): void {
		if (!this.#isReady || this.#isSending || this.#timer !== undefined || !this.view.visible || this.isDisposed) return;
		const waitMs = Math.max(0, this.#lastSentMs + sendEveryMs - Date.now());
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			void this.#sendNow();
		}, waitMs);
	}

	/** The next is sent once the page has taken this one: a page that is busy gets fewer and never late ones. */
	async #sendNow(): Promise<void> {
		this.#isSending = true;
		try {
			const agent = await this.chat.agent();
			if (this.isDisposed || !this.view.visible) return;
			this.#lastSentMs = Date.now();
			this.#isStale = false;
			const { snapshot } = agent;
			const hasEdits = snapshot.open?.messages.some(({ parts }) => parts.some(({ kind }) => kind === "edits"));
			const update = this.#update(snapshot, hasEdits ? (await this.chat.edits()).sets : []);
			if (update) await this.#peer.call("show", { state: update }, { signal: this.#showing.signal });
		} catch (error) {
			// A page that was hidden meanwhile answers nothing, and gets the whole when it is back.
			this.#isWhole = true;
			this.#isStale = true;
			if (!GammaError.is(error, "call.cancelled")) {
				this.chat.ports.logger.warn("the agent's panel did not take its state", { reason: String(error) });
				return;
			}
		} finally {
			this.#isSending = false;
		}
		if (this.#isStale) this.#send();
	}

	#update(
		snapshot: Awaited<ReturnType<Chat["agent"]>>["snapshot"],
		sets: readonly ProposedSet[],
	): AgentPanelUpdate | null {
		const changed = new Set(this.#changed);
		this.#changed.clear();
		const hostNowMs = Date.now();
		if (this.#isWhole || !snapshot.open) {
			this.#isWhole = false;
			const lastSignOf = (key: string) => this.chat.ports.runs.run(key)?.lastSignMs ?? null;
			const { insert, removal } = this.chat;
			const around = { hostNowMs, removedId: removal.id, lastSignOf, insert, sets };
			return { kind: "whole", ...toPanelState(snapshot, around) };
		}
		const all = snapshot.open.messages;
		const messages = all.filter(({ id }) => changed.has(id)).map((message) => shownMessage(message, all, sets));
		return { kind: "messages", hostNowMs, open: toHead(snapshot.open), messages };
	}
}
