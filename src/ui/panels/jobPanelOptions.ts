import type { Event } from "../../core/emitter";
import type { Checkpoint } from "../../core/jobs/checkpoints";
import type { JobSource, TrackedJob } from "../../core/jobs/trackedJob";
import type { WorkflowDoor } from "../../core/jobs/workflowJobs";
import type { Relay } from "../../core/relay/relay";
import type { Disagreement } from "../../core/sagemaker/trueStatus";
import type { Run } from "../../shared/run";
import type { JobActions } from "../jobs/jobActions";
import type { CommitSummaries } from "../summaries/summaryPorts";

/** What a page asks of SageMaker. */
export interface JobTrainings {
	clone(tracked: TrackedJob): Promise<void>;
	openInConsole(tracked: TrackedJob): Promise<void>;
	lastLogMs(tracked: TrackedJob, onDidRead: () => void): number | null;
	mend(tracked: TrackedJob, disagreement: Disagreement): Promise<void>;
}

/** What a job's page is given beside what every panel has. */
export interface JobPanelOptions {
	readonly jobs: JobSource;
	readonly actions: () => JobActions;
	/** Null while none is known. */
	readonly relay: () => Relay | null;
	/** Of any job whose log is kept somewhere. */
	readonly readLog: Relay["readLog"];
	readonly downloadLog: (tracked: TrackedJob) => Promise<void>;
	/** Null where GitHub may not be asked: nobody is signed in at this host. */
	readonly workflows: (host: string) => Promise<WorkflowDoor | null>;
	readonly runsOf: (tracked: TrackedJob) => readonly Run[];
	readonly checkpoints: (run: Run, signal: AbortSignal) => Promise<readonly Checkpoint[]>;
	readonly paths: (sha: string) => Promise<ReadonlySet<string>>;
	readonly openCommit: (tracked: TrackedJob) => Promise<void>;
	readonly openFrame: (sha: string, path: string, line: number) => Promise<void>;
	/** Where an error of a button of the page ends. */
	readonly report: (error: unknown) => Promise<void>;
	readonly trainings: JobTrainings;
	readonly summaries: CommitSummaries;
	/** Is there a repository that the commits of jobs can be shown in? */
	readonly hasGit: () => boolean;
	readonly onDidChangeGit: Event<void>;
}
