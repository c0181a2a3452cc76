import { CallPeer, type Contract, type ParamsOf, type ResultOf } from "../../src/shared/call";
import { type commonCalls, panelCalls } from "../../src/shared/panels/panelContract";

interface VsCodeApi {
	postMessage(message: unknown): void;
	getState(): unknown;
	setState(state: unknown): void;
}

const dayMs = 86_400_000;

declare function acquireVsCodeApi(): VsCodeApi;

/** The panel's one connection to the extension host. */
export class Host<C extends Contract> {
	readonly #vscode = acquireVsCodeApi();
	readonly #peer: CallPeer<typeof panelCalls, Contract>;

	/** `onState` gets every whole state; call `ready()` once it can be shown. */
	constructor(onState: (state: unknown) => void) {
		this.#peer = new CallPeer({ post: (message) => this.#vscode.postMessage(message) }, panelCalls, {
			show: ({ state }) => onState(state),
		});
		window.addEventListener("message", (event: MessageEvent<unknown>) => this.#peer.receive(event.data));
	}

	ready(): void {
		void this.#common("ready", undefined);
	}

	openLink(href: string): void {
		void this.#common("openLink", { href });
	}

	copy(text: string): void {
		void this.#common("copy", { text });
	}

	call<K extends keyof C & string>(name: K, params: ParamsOf<C[K]>, signal?: AbortSignal): Promise<ResultOf<C[K]>> {
		// The contract is the type of the answer; the host is built from the same one.
		return this.#peer.call(name, params, { signal }) as Promise<ResultOf<C[K]>>;
	}

	/** A call that waits for a person, over a dialog or a long file: only the panel's end is its limit. */
	callPatiently<K extends keyof C & string>(name: K, params: ParamsOf<C[K]>): Promise<ResultOf<C[K]>> {
		return this.#peer.call(name, params, { timeoutMs: dayMs }) as Promise<ResultOf<C[K]>>;
	}

	/** What the panel keeps over a reload of the window. Must be parsed by the reader: an older version may have written it. */
	get kept(): unknown {
		return this.#vscode.getState();
	}

	keep(state: unknown): void {
		this.#vscode.setState(state);
	}

	#common<K extends keyof typeof commonCalls>(name: K, params: ParamsOf<(typeof commonCalls)[K]>): Promise<unknown> {
		return this.#peer.call(name, params);
	}
}
