import * as vscode from "vscode";
import type { ContextValues } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import { attemptsOf, runsOfJob } from "../../core/jobs/jobAttempts";
import type { LogPuller } from "../../core/jobs/pulledLog";
import type { JobSource, TrackedJob } from "../../core/jobs/trackedJob";
import type { WorkflowDoor } from "../../core/jobs/workflowJobs";
import { once } from "../../core/once";
import type { Relay } from "../../core/relay/relay";
import { GammaError } from "../../shared/errors";
import type { Run } from "../../shared/run";
import type { CodeActions } from "../code/codeActions";
import { CommitPaths } from "../code/commitPaths";
import { jobCommands } from "../commands/jobCommands";
import { reportProblem } from "../commands/reportProblem";
import { JobPanels } from "../panels/jobPanels";
import type { LoadPanels } from "../panels/loadPanels";
import type { PanelDeps } from "../panels/panelDeps";
import type { Repository } from "../repository";
import type { CommitSummaries } from "../summaries/summaryPorts";
import type { GithubAccount } from "./githubAccount";
import { GivenJobs } from "./givenJobs";
import type { JobActions } from "./jobActions";
import type { WatchedView } from "./jobsAttention";
import type { LoadJobDialogs } from "./loadJobDialogs";
import { JobLogs } from "./log/jobLogs";
import type { LoadLogs } from "./log/loadLogs";
import { nameOfJob } from "./nameOfJob";
import type { Trainings } from "./trainings/trainings";

export interface JobDeskParts {
	readonly deps: PanelDeps;
	readonly loadPanels: LoadPanels;
	readonly dialogs: LoadJobDialogs;
	readonly loadLogs: LoadLogs;
	readonly jobs: JobSource;
	/** Null while none is known, or none may be asked. */
	readonly relay: () => Relay | null;
	readonly repository: Repository;
	readonly code: CodeActions;
	/** As everybody else asks for them. */
	readonly actions: () => JobActions;
	readonly summaries: CommitSummaries;
	readonly trainings: () => Promise<Trainings>;
	/** The log of a training in SageMaker, from its beginning. */
	readonly trainingLog: (trainingName: string) => Promise<LogPuller>;
	readonly workflows: () => Promise<WorkflowDoor>;
	readonly github: GithubAccount;
	/** Asks every source of jobs anew. */
	readonly refresh: () => Promise<void>;
	readonly jobOfRow: (row: unknown) => TrackedJob | undefined;
	readonly selection: () => readonly TrackedJob[];
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
}

/** Everything that is done with one job: its page, its log, stopping it and running it again. */
export class JobDesk extends Owner {
	readonly #pages: JobPanels;
	readonly #logs: JobLogs;
	#trainings: Trainings | null = null;
	readonly given: GivenJobs;
	readonly actions: JobActions;

	constructor(private readonly parts: JobDeskParts) {
		super();
		const { deps, jobs, relay, repository, code, dialogs } = parts;
		const runsOf = (tracked: TrackedJob) => this.#runsOf(tracked);
		const checkpoints = async (run: Run, signal: AbortSignal) =>
			(await dialogs()).readCheckpoints(deps.library, run.key, signal);
		const paths = new CommitPaths(() => repository.git);
		const openJob = (id: string) => parts.actions().openJob(id);
		const control = once(async () => {
			const { JobControl } = await dialogs();
			return new JobControl({ jobs, runsOf, relay, checkpoints, openJob, trainings: parts.trainings });
		});
		const signIn = (host: string) => parts.github.signIn(host);
		this.#logs = this.own(new JobLogs({ ...parts, signIn, paths, logger: deps.logger }));
		this.#pages = this.own(
			new JobPanels(deps, parts.loadPanels, {
				...{ jobs, relay, checkpoints, actions: parts.actions, summaries: parts.summaries },
				runsOf,
				readLog: this.#logs.readLog,
				downloadLog: (tracked) => this.#logs.download(tracked),
				workflows: (host) => this.workflows(host),
				trainings: {
					clone: async (tracked) => (await parts.trainings()).clone(tracked),
					openInConsole: async (tracked) => (await parts.trainings()).openInConsole(tracked),
					mend: async (...asked) => (await parts.trainings()).mend(...asked),
					lastLogMs: (tracked, onDidRead) => this.#lastLogMs(tracked, onDidRead),
				},
				paths: (sha) => paths.of(sha),
				report: (error) => reportProblem(error, "openJob", deps.logger),
				openCommit: (tracked) => this.#openCommit(tracked),
				openFrame: (sha, path, line) => code.openFileAt(sha, path, line),
				hasGit: () => repository.git !== null,
				onDidChangeGit: repository.onDidChange,
			}),
		);
		this.given = new GivenJobs({ ...parts, shown: () => this.#pages.shown });
		this.actions = {
			openJob: (id) => this.#pages.open(id),
			previewJob: (id) => this.#pages.preview(id),
			openLog: (id) => {
				this.#logs
					.open(jobs.snapshot.jobs.get(id))
					.catch((error: unknown) => reportProblem(error, "showJobLog", deps.logger));
			},
			stop: async (id) => (await control()).stop(id),
			retry: async (id) => (await control()).retry(id),
			rerunWithParams: async (id) => (await control()).rerunWithParams(id),
			changeWorkflow: async (id, change) => (await dialogs()).changeWorkflow({ ...parts, signIn }, id, change),
			openOnForge: (id) => this.#openOnForge(jobs.snapshot.jobs.get(id)),
		};
	}

	commands() {
		const { deps } = this.parts;
		return jobCommands({
			given: this.given,
			jobs: this.parts.actions(),
			runs: deps.actions,
			choices: deps.choices,
			runsOf: (tracked) => this.#runsOf(tracked),
			openCommit: (tracked) => this.#openCommit(tracked),
			trainings: this.parts.trainings,
			downloadLog: (tracked) => this.#logs.download(tracked),
			followLog: () => this.#logs.follow(),
		});
	}

	/** Null where GitHub may not be asked: nobody is signed in at this host. */
	async workflows(host: string): Promise<WorkflowDoor | null> {
		return (await this.parts.github.token(host)) === null ? null : this.parts.workflows();
	}

	/** Whether a job's page can be seen. */
	get pages(): WatchedView {
		return this.#pages.seen;
	}

	runsOf(id: string): readonly Run[] {
		const tracked = this.parts.jobs.snapshot.jobs.get(id);
		return tracked ? this.#runsOf(tracked) : [];
	}

	/** The job's runs, its own first. */
	#runsOf({ job }: TrackedJob): readonly Run[] {
		const { deps, jobs } = this.parts;
		return runsOfJob(job, attemptsOf(job, jobs.snapshot.jobs.values()), deps.model.snapshot.runs.values());
	}

	#lastLogMs({ training }: TrackedJob, onDidRead: () => void): number | null {
		// A training is known by the part that is loaded then.
		if (training && !this.#trainings) void this.parts.trainings().then((loaded) => (this.#trainings = loaded));
		return training ? (this.#trainings?.lastLogMs(training, onDidRead) ?? null) : null;
	}

	#openCommit(tracked: TrackedJob): Promise<void> {
		return this.parts.code.openCommitOf({ name: nameOfJob(tracked), commit: tracked.job.commitSha });
	}

	#openOnForge(tracked: TrackedJob | undefined): void {
		if (tracked?.url) void vscode.env.openExternal(vscode.Uri.parse(tracked.url, true));
		else throw new GammaError("job.missing", "This job has no page on GitHub that is known here.");
	}
}
