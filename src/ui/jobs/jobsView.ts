import * as vscode from "vscode";
import * as z from "zod/mini";
import { views } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import { formatDuration } from "../../core/durations";
import type { JobModel } from "../../core/jobs/jobModel";
import { timeOf } from "../../core/jobs/jobState";
import type { JobsState, TrackedJob } from "../../core/jobs/trackedJob";
import { toLine } from "../../core/plainText";
import { isEnd } from "../../shared/relay/job";
import type { WorkspaceMemory } from "../memory";
import { dragOnly } from "../tree/dragOnly";
import type { JobViewRow } from "./jobRows";
import type { JobsTree } from "./jobsTree";

const lookedKey = "gamma.jobs.lookedMs";
/** The age of what is shown while the relay is away. */
const ageEveryMs = 15_000;

export interface JobsViewParts {
	readonly tree: JobsTree;
	readonly jobs: JobModel;
	readonly memory: WorkspaceMemory;
}

/** The jobs view's frame: how fresh it is, and its badge of what ended since the person last looked. */
export class JobsView extends Owner {
	readonly #view: vscode.TreeView<JobViewRow>;
	#lookedMs: number;

	constructor(private readonly parts: JobsViewParts) {
		super();
		this.#view = this.own(
			vscode.window.createTreeView(views.jobs, {
				treeDataProvider: parts.tree,
				dragAndDropController: dragOnly,
				showCollapseAll: true,
			}),
		);
		parts.tree.keepPlacesWhile(() => this.#view.visible);
		this.#lookedMs = parts.memory.read(lookedKey, z.number(), Date.now());
		this.own(this.#view.onDidChangeVisibility(() => this.#look()));
		this.own(parts.tree.onDidBuild(() => this.#show()));
		this.own(parts.jobs.onDidChange(() => this.#show()));
		const timer = setInterval(() => this.#show(), ageEveryMs);
		this.own({ dispose: () => clearInterval(timer) });
		this.#look();
	}

	get isVisible(): boolean {
		return this.#view.visible;
	}

	get onDidChangeVisibility(): vscode.Event<unknown> {
		return this.#view.onDidChangeVisibility;
	}

	get selected(): readonly TrackedJob[] {
		return this.#view.selection.flatMap((row) => this.parts.tree.jobOf(row) ?? []);
	}

	async reveal(jobId: string): Promise<void> {
		const row = this.parts.tree.rowOf(jobId);
		if (row) await this.#view.reveal(row, { select: true, focus: false });
	}

	#look(): void {
		if (this.#view.visible) this.#lookedMs = Date.now();
		this.parts.memory.set(lookedKey, this.#lookedMs);
		this.#show();
	}

	#show(): void {
		if (this.#view.visible) this.#lookedMs = Date.now();
		const { state } = this.parts.jobs.snapshot;
		this.#view.description = freshness(state, Date.now());
		this.#view.badge = this.#badge();
		const reason = state.kind === "offline" ? toLine(state.reason ?? "", 300) : "";
		if (reason === "") delete this.#view.message;
		else this.#view.message = reason;
	}

	#badge(): vscode.ViewBadge | undefined {
		if (this.#view.visible) return undefined;
		let ended = 0;
		for (const { job } of this.parts.jobs.snapshot.jobs.values()) {
			if (isEnd(job.status) && (timeOf(job.completedAt) ?? 0) > this.#lookedMs) ended++;
		}
		if (ended === 0) return undefined;
		const words = ended === 1 ? vscode.l10n.t("1 job") : vscode.l10n.t("{0} jobs", ended);
		return { value: ended, tooltip: vscode.l10n.t("{0} ended since you last looked", words) };
	}
}

function freshness(state: JobsState, nowMs: number): string {
	switch (state.kind) {
		case "live":
			return vscode.l10n.t("live");
		case "connecting":
			return vscode.l10n.t("connecting…");
		case "catchingUp":
			return vscode.l10n.t("catching up…");
		case "offline":
			return vscode.l10n.t("offline for {0}", formatDuration(nowMs - state.sinceMs));
		default:
			return "";
	}
}
