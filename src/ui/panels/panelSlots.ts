import * as vscode from "vscode";
import { type Disposable, Owner } from "../../core/disposable";
import { Emitter } from "../../core/emitter";
import type { Logger } from "../../core/logger";
import { toFailure } from "../../shared/errors";

interface Slot<P> {
	readonly made: P;
	readonly panel: vscode.WebviewPanel;
}

/** What makes the panels of a kind. */
export interface PanelMaker<P> {
	/** `subject` is "" where there is only one. */
	make(panel: vscode.WebviewPanel, subject: string): P;
	/** Reads the subject back from what the webview kept; undefined when it cannot be restored. Absent where there is only one. */
	subjectOf?(kept: unknown): string | undefined;
}

/**
 * The open panels of one kind: one per subject (a run's page) or one in all (the charts).
 * Opening what is open reveals it; VS Code's serializer brings panels back after a reload.
 */
export class PanelSlots<P extends Disposable> extends Owner {
	readonly #seen = this.own(new Emitter<void>());
	/** A panel was opened, closed, shown or hidden. */
	readonly onDidChangeVisibility = this.#seen.event;
	readonly #open = new Map<string, Slot<P>>();
	/** The subject whose panel gives way to the next preview. */
	#preview: string | undefined;

	constructor(
		private readonly viewType: string,
		private readonly logger: Logger,
		/** Called when a panel is to be shown: what makes them is not loaded before that. */
		private readonly load: () => Promise<PanelMaker<P>>,
	) {
		super();
		this.own(
			vscode.window.registerWebviewPanelSerializer(viewType, {
				deserializeWebviewPanel: async (panel, kept: unknown) => {
					const maker = await this.load();
					const subject = maker.subjectOf ? maker.subjectOf(kept) : "";
					if (subject === undefined || this.#open.has(subject)) panel.dispose();
					else this.#adopt(maker, panel, subject);
				},
			}),
		);
		this.own({ dispose: () => [...this.#open.values()].map(({ made }) => made.dispose()) });
	}

	get all(): readonly P[] {
		return [...this.#open.values()].map(({ made }) => made);
	}

	get isVisible(): boolean {
		return [...this.#open.values()].some(({ panel }) => panel.visible);
	}

	/** Shows the panel, hands it to `use` and gives it the focus; it is no preview any more. */
	open(title: string, use: (made: P) => void = () => {}, subject = ""): void {
		this.#withMaker((maker) => {
			this.keep(subject);
			use(this.#show(maker, title, subject, false));
		});
	}

	/** As one click on a row of a list shows a file: the focus stays in the list, and the next preview takes its place. */
	preview(title: string, subject: string): void {
		this.#withMaker((maker) => {
			const isOpen = this.#open.has(subject);
			this.#show(maker, title, subject, true);
			if (isOpen || !isPreviewing()) return;
			const before = this.#preview;
			this.#preview = subject;
			if (before !== undefined) this.#open.get(before)?.panel.dispose();
		});
	}

	/** The panel was used for more than a look: it stays when another is previewed. */
	keep(subject: string): void {
		if (this.#preview === subject) this.#preview = undefined;
	}

	/** In the order of the calls. */
	#withMaker(use: (maker: PanelMaker<P>) => void): void {
		this.load()
			.then((maker) => {
				if (!this.isDisposed) use(maker);
			})
			.catch((error: unknown) => this.logger.error("a panel was not opened", { ...toFailure(error) }));
	}

	#show(maker: PanelMaker<P>, title: string, subject: string, preserveFocus: boolean): P {
		const open = this.#open.get(subject);
		if (open) {
			open.panel.reveal(undefined, preserveFocus);
			return open.made;
		}
		const place = { viewColumn: vscode.ViewColumn.Active, preserveFocus };
		const panel = vscode.window.createWebviewPanel(this.viewType, title, place, { enableScripts: true });
		return this.#adopt(maker, panel, subject);
	}

	#adopt(maker: PanelMaker<P>, panel: vscode.WebviewPanel, subject: string): P {
		const made = maker.make(panel, subject);
		this.#open.set(subject, { made, panel });
		panel.onDidChangeViewState(() => this.#seen.fire());
		panel.onDidDispose(() => {
			this.#open.delete(subject);
			this.keep(subject);
			this.#seen.fire();
		});
		this.#seen.fire();
		return made;
	}
}

/** A person who turned previews off for files wants every page to stay. */
function isPreviewing(): boolean {
	return vscode.workspace.getConfiguration("workbench.editor").get<boolean>("enablePreview") ?? true;
}
