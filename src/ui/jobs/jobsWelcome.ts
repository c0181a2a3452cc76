import * as vscode from "vscode";
import type { ContextValues } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { JobModel } from "../../core/jobs/jobModel";
import { jobsViewStateOf } from "../../core/jobs/jobsDoors";
import type { LocalJobsDoor } from "../../core/jobs/localJobsDoor";

export interface JobsWelcomeParts {
	readonly jobs: JobModel;
	readonly local: Pick<LocalJobsDoor, "historyState" | "onDidChange">;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
}

/** Says which of its texts the jobs view shows while it holds no job. */
export class JobsWelcome extends Owner {
	constructor(private readonly parts: JobsWelcomeParts) {
		super();
		const show = () => this.#show();
		this.own(parts.jobs.onDidChange(show));
		this.own(parts.local.onDidChange(show));
		this.own(vscode.workspace.onDidChangeWorkspaceFolders(show));
		this.own(vscode.workspace.onDidGrantWorkspaceTrust(show));
		show();
	}

	#show(): void {
		const { jobs, local, setContext } = this.parts;
		const { state, jobs: shown, hasShownProject = false } = jobs.snapshot;
		const viewState = jobsViewStateOf({
			hasFolder: (vscode.workspace.workspaceFolders ?? []).length > 0,
			isTrusted: vscode.workspace.isTrusted,
			history: local.historyState,
			state,
			jobCount: shown.size,
			hasProject: hasShownProject,
		});
		setContext("gamma.jobsState", viewState);
		setContext("gamma.githubSignedOut", state.kind === "withoutRelay" && state.github === "signedOut");
	}
}
