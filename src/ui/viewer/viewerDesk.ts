import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import { once } from "../../core/once";
import { lazyCommands } from "../commands/lazyCommands";
import type { ViewerPorts } from "./viewerPorts";
import type { Viewers } from "./viewers";

export interface ViewerDeskParts extends ViewerPorts {
	readonly load: () => Promise<typeof import("./viewerParts")>;
}

/** The viewer as it stands at the start: its editor's name and its commands. */
export class ViewerDesk extends Owner {
	readonly #viewers: () => Promise<Viewers> = once(async () =>
		this.own(new (await this.parts.load()).Viewers(this.parts)),
	);

	constructor(private readonly parts: ViewerDeskParts) {
		super();
		this.own(
			vscode.window.registerCustomEditorProvider("gamma.viewer", {
				openCustomDocument: (uri) => ({ uri, dispose() {} }),
				resolveCustomEditor: async ({ uri }, panel) => (await this.#viewers()).fill(uri, panel),
			}),
		);
		this.own(
			vscode.window.registerWebviewPanelSerializer("gamma.loggedViewer", {
				deserializeWebviewPanel: async (panel, kept: unknown) => (await this.#viewers()).restore(panel, kept),
			}),
		);
		this.own(vscode.window.onDidChangeActiveTextEditor((editor) => this.#offer(editor)));
		void this.#offer(vscode.window.activeTextEditor);
	}

	async #offer(editor: vscode.TextEditor | undefined): Promise<void> {
		const document = editor?.document;
		if (document?.uri.scheme !== "file" || !/\.(xml|mjcf)$/.test(document.uri.path)) return;
		await (await this.parts.load()).offerViewer(document, this.parts.memory);
	}

	commands() {
		return lazyCommands<ReturnType<Viewers["commands"]>>(
			{ openViewer: true, openPolicyAtStep: true, saveViewerPicture: true },
			async () => (await this.#viewers()).commands(),
		);
	}
}
