import * as vscode from "vscode";
import { type Disposable, Owner } from "../../core/disposable";

interface Slot<P> {
	readonly made: P;
	readonly panel: vscode.WebviewPanel;
}

/**
 * The open panels of one kind: one per subject (a run's page) or one in all (the charts).
 * Opening what is open reveals it; VS Code's serializer brings panels back after a reload.
 */
export class PanelSlots<P extends Disposable> extends Owner {
	readonly #open = new Map<string, Slot<P>>();
	/** The subject whose panel gives way to the next preview. */
	#preview: string | undefined;

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
		this.own({ dispose: () => [...this.#open.values()].map(({ made }) => made.dispose()) });
	}

	get all(): readonly P[] {
		return [...this.#open.values()].map(({ made }) => made);
	}

	/** Shows the panel and gives it the focus; it is no preview any more. */
	open(title: string, subject = ""): P {
		this.keep(subject);
		return this.#show(title, subject, false);
	}

	/** As one click on a row of a list shows a file: the focus stays in the list, and the next preview takes its place. */
	preview(title: string, subject: string): P {
		const isOpen = this.#open.has(subject);
		const shown = this.#show(title, subject, true);
		if (isOpen || !isPreviewing()) return shown;
		const before = this.#preview;
		this.#preview = subject;
		if (before !== undefined) this.#open.get(before)?.panel.dispose();
		return shown;
	}

	/** The panel was used for more than a look: it stays when another is previewed. */
	keep(subject: string): void {
		if (this.#preview === subject) this.#preview = undefined;
	}

	#show(title: string, subject: string, preserveFocus: boolean): P {
		const open = this.#open.get(subject);
		if (open) {
			open.panel.reveal(undefined, preserveFocus);
			return open.made;
		}
		const place = { viewColumn: vscode.ViewColumn.Active, preserveFocus };
		return this.#adopt(vscode.window.createWebviewPanel(this.viewType, title, place, { enableScripts: true }), subject);
	}

	#adopt(panel: vscode.WebviewPanel, subject: string): P {
		const made = this.make(panel, subject);
		this.#open.set(subject, { made, panel });
		panel.onDidDispose(() => {
			this.#open.delete(subject);
			this.keep(subject);
		});
		return made;
	}
}

/** A person who turned previews off for files wants every page to stay. */
function isPreviewing(): boolean {
	return vscode.workspace.getConfiguration("workbench.editor").get<boolean>("enablePreview") ?? true;
}
