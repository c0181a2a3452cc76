import * as vscode from "vscode";
import { views } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { JobChoices } from "../../core/jobs/jobChoices";
import { endSentence, JobEnds } from "../../core/jobs/jobEnds";
import type { JobMetrics } from "../../core/jobs/jobMetrics";
import type { JobModel } from "../../core/jobs/jobModel";
import { pushKeyOf } from "../../core/jobs/jobTree";
import type { TrackedJob } from "../../core/jobs/trackedJob";
import { toNoticeText } from "../../core/plainText";
import type { RunKey } from "../../shared/run";
import { readSetting } from "../settings";
import type { JobActions } from "./jobActions";
import type { LoadJobDialogs } from "./loadJobDialogs";

export interface JobNoticesParts {
	readonly jobs: JobModel;
	readonly metrics: JobMetrics;
	readonly choices: JobChoices;
	readonly actions: Pick<JobActions, "openJob" | "openLog">;
	readonly openRun: (key: RunKey) => void;
	readonly dialogs: LoadJobDialogs;
}

interface Choice {
	readonly label: string;
	readonly act: () => unknown;
}

/** Says once when one's own or a pinned job ends. Whatever it is asked to keep to itself is a setting. */
export class JobNotices extends Owner {
	constructor(private readonly parts: JobNoticesParts) {
		super();
		const ends = this.own(new JobEnds(parts.jobs));
		this.own(ends.onDidEnd((tracked) => this.#mark(tracked)));
		this.own(ends.onDidEndTogether((ended) => void this.#tell(ended)));
	}

	/** Whether the end of this job is told, so that nobody else need tell it. */
	tells(tracked: TrackedJob): boolean {
		const level = readSetting("notices.jobEnded");
		const isLoud = level === "all" || (level === "failures" && tracked.job.status === "failed");
		return isLoud && this.#isWatched(tracked) && !readSetting("notices.mutedBranches").includes(tracked.job.branch);
	}

	#isWatched(tracked: TrackedJob): boolean {
		return tracked.isOwn || this.parts.choices.pinned.has(pushKeyOf(tracked));
	}

	/** Until it is opened, a failure stands in the status bar. */
	#mark(tracked: TrackedJob): void {
		if (tracked.job.status === "failed" && this.#isWatched(tracked)) {
			this.parts.choices.setUnseenFailure(tracked.job.id, true);
		}
	}

	async #tell(all: readonly TrackedJob[]): Promise<void> {
		for (const tracked of all) this.#mark(tracked);
		const ended = all.filter((tracked) => this.tells(tracked));
		if (ended.length === 0) return;
		const isBad = ended.some(({ job }) => job.status === "failed");
		const show = isBad ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
		const choices = [
			...this.#choicesOf(ended),
			{
				label: vscode.l10n.t("Mute…"),
				act: async () => (await this.parts.dialogs()).muteJobs(ended.map(({ job }) => job.branch)),
			},
		];
		const chosen = await show(toNoticeText(endSentence(ended), 300), ...choices.map(({ label }) => label));
		await choices.find(({ label }) => label === chosen)?.act();
	}

	#choicesOf(ended: readonly TrackedJob[]): readonly Choice[] {
		const { actions, metrics, openRun } = this.parts;
		const [only] = ended;
		if (ended.length > 1 || !only) {
			const act = () => vscode.commands.executeCommand(`${views.jobs}.focus`);
			return [{ label: vscode.l10n.t("Show Jobs"), act }];
		}
		const { id, status } = only.job;
		const run = metrics.runOf(only);
		const open = run
			? { label: vscode.l10n.t("Open Run"), act: () => openRun(run.key) }
			: { label: vscode.l10n.t("Open Job"), act: () => actions.openJob(id) };
		const log = { label: vscode.l10n.t("Show Log"), act: () => actions.openLog(id) };
		// The likeliest first.
		return status === "failed" ? [log, open] : [open, log];
	}
}
