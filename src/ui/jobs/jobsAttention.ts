import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import { Emitter, type Event } from "../../core/emitter";
import type { JobModel } from "../../core/jobs/jobModel";
import type { Attention } from "../../core/jobs/workflowWatch";

/** The part of a view that says whether it is looked at. */
export interface WatchedView {
	readonly isVisible: boolean;
	readonly onDidChangeVisibility: Event<unknown>;
}

/** Attention is paid while the view can be seen in a window that has the focus, and shows jobs that no relay tells of. */
export class JobsAttention extends Owner implements Attention {
	#view: WatchedView | null = null;
	#wasPaid = false;
	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly shown: JobModel) {
		super();
		this.own(shown.onDidChange(() => this.#look()));
		this.own(vscode.window.onDidChangeWindowState(() => this.#look()));
	}

	get isPaid(): boolean {
		const isWithoutRelay = this.shown.snapshot.state.kind === "withoutRelay";
		return isWithoutRelay && vscode.window.state.focused && (this.#view?.isVisible ?? false);
	}

	/** The view is made after what it shows. */
	follow(view: WatchedView): void {
		this.#view = view;
		this.own(view.onDidChangeVisibility(() => this.#look()));
		this.#look();
	}

	#look(): void {
		if (this.isPaid === this.#wasPaid) return;
		this.#wasPaid = this.isPaid;
		this.#changed.fire();
	}
}
