import * as vscode from "vscode";
import { logOriginOf, workflowOf } from "../../core/jobs/logOrigin";
import type { TrackedJob } from "../../core/jobs/trackedJob";
import type { RunChoices } from "../../core/runs/runChoices";
import { GammaError } from "../../shared/errors";
import { isEnd } from "../../shared/relay/job";
import type { Run } from "../../shared/run";
import type { GivenJobs } from "../jobs/givenJobs";
import type { JobActions } from "../jobs/jobActions";
import type { Trainings } from "../jobs/trainings/trainings";
import type { RunActions } from "../runActions";

export interface JobCommandsParts {
	readonly given: GivenJobs;
	readonly jobs: JobActions;
	readonly runs: RunActions;
	readonly choices: RunChoices;
	readonly runsOf: (tracked: TrackedJob) => readonly Run[];
	readonly openCommit: (tracked: TrackedJob) => Promise<void>;
	readonly trainings: () => Promise<Trainings>;
	readonly downloadLog: (tracked: TrackedJob) => Promise<void>;
	readonly followLog: () => Promise<void>;
}

const isGoing = ({ job, source, training }: TrackedJob) =>
	(source === "relay" || training !== undefined) && !isEnd(job.status);
const isOver = ({ job, source }: TrackedJob) => source === "relay" && isEnd(job.status);

/** Its run at GitHub; a relay runs its own jobs again by itself. */
const hasWorkflow = (tracked: TrackedJob) => tracked.source !== "relay" && workflowOf(tracked) !== null;
const hasLog = (tracked: TrackedJob) => logOriginOf(tracked) !== null;
const isTraining = ({ training }: TrackedJob) => training !== undefined;

/** Commands about one job: open, stop, run again, copy. From the palette each asks which, where nothing says it. */
export function jobCommands(parts: JobCommandsParts) {
	const { given, jobs } = parts;
	const withOne =
		(act: (id: string, tracked: TrackedJob) => unknown, can?: (tracked: TrackedJob) => boolean) =>
		async (...rows: readonly unknown[]) => {
			const tracked = await given.one(rows, can);
			if (tracked) await act(tracked.job.id, tracked);
		};
	const copy =
		(textOf: (tracked: TrackedJob) => string) =>
		async (...rows: readonly unknown[]) => {
			const texts = (await given.all(rows)).map(textOf);
			if (texts.length > 0) await vscode.env.clipboard.writeText([...new Set(texts)].join("\n"));
		};
	return {
		openJob: withOne((id) => jobs.openJob(id)),
		showJobLog: withOne((id) => jobs.openLog(id), hasLog),
		downloadJobLog: withOne((_, tracked) => parts.downloadLog(tracked), hasLog),
		rerunWorkflow: withOne((id) => jobs.changeWorkflow(id, "rerun"), hasWorkflow),
		rerunFailedJobs: withOne((id) => jobs.changeWorkflow(id, "rerunFailed"), hasWorkflow),
		cancelWorkflow: withOne((id) => jobs.changeWorkflow(id, "cancel"), hasWorkflow),
		stopJob: withOne((id) => jobs.stop(id), isGoing),
		retryJob: withOne((id) => jobs.retry(id), isOver),
		rerunJob: withOne((id) => jobs.rerunWithParams(id), isOver),
		openJobCommit: withOne((_, tracked) => parts.openCommit(tracked)),
		openJobOnGitHub: withOne(
			(id) => jobs.openOnForge(id),
			({ url }) => url !== null,
		),
		compareJobToBaseline: withOne((_, tracked) => {
			const { baseline } = parts.choices.snapshot;
			const run = parts.runsOf(tracked).find(({ key }) => key !== baseline);
			if (baseline === null)
				throw new GammaError("call.invalid", "Set a run as the baseline first, then compare with it.");
			if (!run)
				throw new GammaError(
					"run.missing",
					"This job has no run in any open store yet, so there is nothing to compare.",
				);
			parts.runs.compare([baseline, run.key]);
		}),
		cloneTraining: withOne(async (_, tracked) => (await parts.trainings()).clone(tracked), isTraining),
		openTrainingInConsole: withOne(async (_, tracked) => (await parts.trainings()).openInConsole(tracked), isTraining),
		copyTrainingArn: copy(({ training }) => training?.arn ?? ""),
		copyTrainingName: copy(({ training }) => training?.name ?? ""),
		copyJobId: copy(({ job }) => job.id),
		copyJobCommit: copy(({ job }) => job.commitSha),
		followJobLog: () => parts.followLog(),
	};
}
