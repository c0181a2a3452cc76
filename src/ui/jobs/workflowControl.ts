import * as vscode from "vscode";
import { workflowOf } from "../../core/jobs/logOrigin";
import type { JobSource } from "../../core/jobs/trackedJob";
import type { RunChange, WorkflowDoor } from "../../core/jobs/workflowJobs";
import { GammaError } from "../../shared/errors";
import { nameOfJob } from "./nameOfJob";

export interface WorkflowControlParts {
	readonly jobs: JobSource;
	readonly workflows: () => Promise<WorkflowDoor>;
	/** Asks the person to sign in at this host, where they are not. */
	readonly signIn: (host: string) => Promise<void>;
	/** Asks every source of jobs anew. */
	readonly refresh: () => Promise<void>;
}

/** GitHub answers before it has begun, and its list follows some seconds later. */
const refreshAfterMs = 3_000;

/**
 * `gamma.rerunWorkflow`, `gamma.rerunFailedJobs` and `gamma.cancelWorkflow`. Asks before something that runs is ended.
 * Rejects with `github.refused`, in GitHub's own words, or `call.cancelled`.
 */
export async function changeWorkflow(parts: WorkflowControlParts, id: string, change: RunChange): Promise<void> {
	const tracked = parts.jobs.snapshot.jobs.get(id);
	const run = tracked && workflowOf(tracked);
	if (!run) throw new GammaError("job.missing", "No workflow run of this job is known: open it on GitHub.");
	if (!vscode.workspace.isTrusted) {
		const message = "A workflow is not changed from a workspace you do not trust: trust it, then try again.";
		throw new GammaError("workspace.untrusted", message);
	}
	if (change === "cancel" && !(await isSure(nameOfJob(tracked)))) return;
	await parts.signIn(run.host);
	await (await parts.workflows()).change(run, change);
	vscode.window.setStatusBarMessage(
		change === "cancel" ? vscode.l10n.t("GitHub cancels the run.") : vscode.l10n.t("GitHub runs it again."),
		8_000,
	);
	setTimeout(() => void parts.refresh().catch(() => {}), refreshAfterMs);
}

async function isSure(name: string): Promise<boolean> {
	const question = vscode.l10n.t("Cancel the workflow run of {0}?", name);
	const detail = vscode.l10n.t("Its jobs are ended. A training that it handed over goes on.");
	const cancel = vscode.l10n.t("Cancel Run");
	return (await vscode.window.showWarningMessage(question, { modal: true, detail }, cancel)) === cancel;
}
