import type { TrackedJob } from "../../core/jobs/trackedJob";
import { statusOfTraining } from "../../core/sagemaker/training";
import { type Disagreement, disagreementsOf, type Witnesses } from "../../core/sagemaker/trueStatus";
import type { JobPageTrueStatus } from "../../shared/panels/jobPanel";
import type { Run } from "../../shared/run";

export interface TrueStatusScene {
	readonly run: Run | undefined;
	/** Its store is an MLflow server. */
	readonly canWriteRun: boolean;
	readonly lastLogMs: number | null;
	readonly lastCheckpointMs: number | null;
	readonly nowMs: number;
}

export function disagreementsOfJob(tracked: TrackedJob, scene: TrueStatusScene): readonly Disagreement[] {
	return disagreementsOf(witnessesOf(tracked, scene));
}

/** What the page shows side by side; null where there is nobody to compare. */
export function trueStatusOf(tracked: TrackedJob, scene: TrueStatusScene): JobPageTrueStatus | null {
	const { service, job, run, lastLogMs, lastMetricMs, lastCheckpointMs } = witnessesOf(tracked, scene);
	if (!service && !run) return null;
	const { training } = tracked;
	const rows = [
		service && training && { name: "SageMaker", says: training.phase, atMs: training.modifiedMs },
		job?.isManaged && { name: "Relay", says: job.status, atMs: tracked.lastSignMs },
		run && { name: "MLflow", says: run.status, atMs: run.endedMs ?? scene.run?.startTimeMs ?? null },
		service && { name: "Last log line", says: "", atMs: lastLogMs },
		run && { name: "Last metric", says: "", atMs: lastMetricMs },
		run && { name: "Newest checkpoint", says: "", atMs: lastCheckpointMs },
	];
	return {
		witnesses: rows.flatMap((row) => (row ? [row] : [])),
		disagreements: disagreementsOfJob(tracked, scene).map(({ words, mend }) => ({
			words,
			button:
				mend.kind === "endRun" ? `End the Run as ${mend.status}` : mend.kind === "endJob" ? "Tell the Relay" : null,
			remedy: mend.kind === "byHand" ? mend.remedy : null,
		})),
	};
}

function witnessesOf(tracked: TrackedJob, scene: TrueStatusScene): Witnesses {
	const { job, source, training } = tracked;
	const { run } = scene;
	return {
		nowMs: scene.nowMs,
		// Without a relay the job's state is what SageMaker or the run itself said.
		job: source === "relay" ? { status: job.status, isManaged: true } : null,
		service: training ? { status: statusOfTraining(training), endedMs: training.endedMs } : null,
		run: run ? { status: run.status, endedMs: run.endTimeMs, canWrite: scene.canWriteRun } : null,
		lastLogMs: scene.lastLogMs,
		lastMetricMs: run?.lastSignMs ?? null,
		lastCheckpointMs: scene.lastCheckpointMs,
	};
}
