import type { ContextValues } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import { JobChoices } from "../../core/jobs/jobChoices";
import { JobMetrics } from "../../core/jobs/jobMetrics";
import type { JobModel } from "../../core/jobs/jobModel";
import type { LogPuller } from "../../core/jobs/pulledLog";
import type { TrackedJob } from "../../core/jobs/trackedJob";
import type { WorkflowDoor } from "../../core/jobs/workflowJobs";
import type { Relay } from "../../core/relay/relay";
import type { Run } from "../../shared/run";
import type { CodeActions } from "../code/codeActions";
import type { WorkspaceMemory } from "../memory";
import type { LoadPanels } from "../panels/loadPanels";
import type { PanelDeps } from "../panels/panelDeps";
import type { Repository } from "../repository";
import type { CommitSummaries } from "../summaries/summaryPorts";
import type { GithubAccount } from "./githubAccount";
import type { JobActions } from "./jobActions";
import { JobDesk } from "./jobDesk";
import { JobNotices } from "./jobNotices";
import { JobStatus } from "./jobStatus";
import type { WatchedView } from "./jobsAttention";
import { JobsTree } from "./jobsTree";
import { JobsView } from "./jobsView";
import { jobsViewCommands } from "./jobsViewCommands";
import type { LoadJobDialogs } from "./loadJobDialogs";
import type { LoadLogs } from "./log/loadLogs";
import { seenActions } from "./seenActions";
import type { Trainings } from "./trainings/trainings";

export interface JobsPartPorts {
	readonly deps: PanelDeps;
	readonly loadPanels: LoadPanels;
	readonly dialogs: LoadJobDialogs;
	readonly loadLogs: LoadLogs;
	readonly jobs: JobModel;
	/** Null while none is known, or none may be asked. */
	readonly relay: () => Relay | null;
	readonly trainings: () => Promise<Trainings>;
	/** The log of a training in SageMaker, from its beginning. */
	readonly trainingLog: (trainingName: string) => Promise<LogPuller>;
	readonly workflows: () => Promise<WorkflowDoor>;
	readonly github: GithubAccount;
	readonly repository: Repository;
	readonly code: CodeActions;
	readonly summaries: CommitSummaries;
	readonly memory: WorkspaceMemory;
	/** Asks every source of jobs anew. */
	readonly refresh: () => Promise<void>;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
}

/** The ports are kept before the parts are made of them. */
class WithPorts extends Owner {
	constructor(protected readonly ports: JobsPartPorts) {
		super();
	}
}

/** The jobs in the editor: their view, the status bar, the notices, and what is done with one of them. */
export class JobsPart extends WithPorts {
	readonly #choices = this.own(new JobChoices(this.ports.memory));
	/** What all that shows jobs reads. */
	readonly #scene = {
		jobs: this.ports.jobs,
		runs: this.ports.deps.model,
		metrics: this.own(new JobMetrics(this.ports.deps.model)),
		choices: this.#choices,
		shownMetrics: () => this.ports.deps.choices.snapshot.shownMetrics,
		summaries: this.ports.summaries,
	};
	readonly #tree: JobsTree = this.own(
		new JobsTree({ ...this.#scene, dialogs: this.ports.dialogs, workflows: (host) => this.#desk.workflows(host) }),
	);
	readonly view = this.own(new JobsView({ tree: this.#tree, jobs: this.ports.jobs, memory: this.ports.memory }));
	readonly #desk: JobDesk = this.own(
		new JobDesk({
			...this.ports,
			actions: () => this.actions,
			jobOfRow: (row) => this.jobOfRow(row),
			selection: () => this.view.selected,
		}),
	);
	readonly actions: JobActions = seenActions(this.#desk.actions, this.#choices);
	readonly #status = this.own(new JobStatus(this.#scene));
	readonly #notices = this.own(
		new JobNotices({
			...this.#scene,
			actions: this.actions,
			openRun: (key) => this.ports.deps.actions.openRun(key),
			dialogs: this.ports.dialogs,
		}),
	);

	/** Whether the end of this job is told, so that nobody else need tell it. */
	tells(tracked: TrackedJob): boolean {
		return this.#notices.tells(tracked);
	}

	/** The job of a row of the view, as menus hand it over. */
	jobOfRow(row: unknown): TrackedJob | undefined {
		return this.#tree.jobOf(this.#tree.rows.find(row));
	}

	/** Whether a job's page can be seen. */
	get pages(): WatchedView {
		return this.#desk.pages;
	}

	/** The job's runs, its own first. */
	runsOf(id: string): readonly Run[] {
		return this.#desk.runsOf(id);
	}

	commands() {
		return {
			...this.#desk.commands(),
			...jobsViewCommands({
				...this.#scene,
				given: this.#desk.given,
				selected: () => this.view.selected[0],
				actions: this.actions,
				runs: this.ports.deps.actions,
				activeJobs: () => this.#status.jobs,
				reveal: (id) => this.view.reveal(id),
				refresh: this.ports.refresh,
			}),
		};
	}
}
