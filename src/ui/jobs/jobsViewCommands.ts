import * as vscode from "vscode";
import { views } from "../../core/contributions";
import { iconOfState, subjectOf } from "../../core/jobs/describeJob";
import type { JobChoices } from "../../core/jobs/jobChoices";
import type { JobMetrics } from "../../core/jobs/jobMetrics";
import type { JobModel } from "../../core/jobs/jobModel";
import { jobSentence, jobStateOf, momentOf } from "../../core/jobs/jobState";
import { pushKeyOf } from "../../core/jobs/jobTree";
import type { TrackedJob } from "../../core/jobs/trackedJob";
import { toIconFreeText } from "../../core/plainText";
import type { RunActions } from "../runActions";
import type { GivenJobs } from "./givenJobs";
import type { JobActions } from "./jobActions";

export interface JobsViewCommandsParts {
	readonly jobs: JobModel;
	readonly metrics: JobMetrics;
	readonly choices: JobChoices;
	readonly given: GivenJobs;
	/** The row that was clicked. */
	readonly selected: () => TrackedJob | undefined;
	readonly actions: Pick<JobActions, "openJob" | "previewJob">;
	readonly runs: Pick<RunActions, "openCharts">;
	/** The jobs that the status bar speaks of. */
	readonly activeJobs: () => readonly TrackedJob[];
	readonly reveal: (jobId: string) => Promise<void>;
	readonly refresh: () => Promise<void>;
}

/** Two clicks on a row within this time are a double click. */
const doubleClickMs = 500;

/** Commands of the jobs view itself. */
export function jobsViewCommands(parts: JobsViewCommandsParts) {
	const { actions, choices, given } = parts;
	let clicked = { id: "", atMs: 0 };
	const pin =
		(isPinned: boolean) =>
		async (...rows: readonly unknown[]) => {
			for (const tracked of await given.all(rows)) choices.setPinned(pushKeyOf(tracked), isPinned);
		};
	return {
		previewJob: () => {
			const id = parts.selected()?.job.id;
			if (id === undefined) return;
			const isDouble = clicked.id === id && Date.now() - clicked.atMs < doubleClickMs;
			clicked = { id, atMs: Date.now() };
			if (isDouble) actions.openJob(id);
			else actions.previewJob(id);
		},
		openActiveJob: async () => {
			const active = parts.activeJobs();
			const chosen = active.length < 2 ? active[0] : await pickJob(active, parts.jobs);
			if (chosen) {
				actions.openJob(chosen.job.id);
				await parts.reveal(chosen.job.id);
			} else if (active.length === 0) await vscode.commands.executeCommand(`${views.jobs}.focus`);
		},
		showJobOnCharts: async (...rows: readonly unknown[]) => {
			const runs = (await given.all(rows)).flatMap((tracked) => parts.metrics.runOf(tracked) ?? []);
			if (runs.length > 0) parts.runs.openCharts(runs.map(({ key }) => key));
		},
		pinJob: pin(true),
		unpinJob: pin(false),
		refreshJobs: () => parts.refresh(),
	};
}

async function pickJob(active: readonly TrackedJob[], jobs: JobModel): Promise<TrackedJob | undefined> {
	const moment = momentOf(jobs.snapshot.state, Date.now());
	const choices = active.map((tracked) => ({
		label: `$(${iconOfState(jobStateOf(tracked, moment)).replace("~spin", "")}) ${toIconFreeText(tracked.job.branch, 100)}`,
		description: toIconFreeText(`${tracked.job.commitSha.slice(0, 7)} ${subjectOf(tracked)}`, 120),
		detail: toIconFreeText(jobSentence(tracked, moment)),
		tracked,
	}));
	const picked = await vscode.window.showQuickPick(choices, {
		placeHolder: vscode.l10n.t("Which job?"),
		matchOnDescription: true,
	});
	return picked?.tracked;
}
