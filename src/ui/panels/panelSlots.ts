import * as vscode from "vscode";
import { type Disposable, Owner } from "../../core/disposable";

interface Opened extends Disposable {
	reveal(): void;
}

/**
 * The open panels of one kind: one per subject (a run's page) or one in all (the charts).
 * Opening what is open reveals it; VS Code's serializer brings panels back after a reload.
 */
export class PanelSlots<P extends Opened> extends Owner {
	readonly #open = new Map<string, P>();

	constructor(
		private readonly viewType: string,
		/** Makes the panel; `subject` is "" where there is only one. */
		private readonly make: (panel: vscode.WebviewPanel, subject: string) => P,
		/** Reads the subject back from what the webview kept; undefined when it cannot be restored. */
		private readonly subjectOf: (kept: unknown) => string | undefined = () => "",
	) {
		super();
		this.own(
			vscode.window.registerWebviewPanelSerializer(viewType, {
				deserializeWebviewPanel: async (panel, kept: unknown) => {
					const subject = this.subjectOf(kept);
					if (subject === undefined || this.#open.has(subject)) panel.dispose();
					else this.#adopt(panel, subject);
				},
			}),
		);
		this.own({ dispose: () => [...this.#open.values()].map((panel) => panel.dispose()) });
	}

	get all(): readonly P[] {
		return [...this.#open.values()];
	}

	open(title: string, subject = "", column: vscode.ViewColumn = vscode.ViewColumn.Active): P {
		const open = this.#open.get(subject);
		if (open) {
			open.reveal();
			return open;
		}
		return this.#adopt(
			vscode.window.createWebviewPanel(this.viewType, title, column, { enableScripts: true }),
			subject,
		);
	}

	#adopt(panel: vscode.WebviewPanel, subject: string): P {
		const made = this.make(panel, subject);
		this.#open.set(subject, made);
		panel.onDidDispose(() => this.#open.delete(subject));
		return made;
	}
}
