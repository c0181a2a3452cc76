import * as vscode from "vscode";
import type { Checkpoint } from "../../core/jobs/checkpoints";
import { toParams } from "../../core/jobs/jobParams";
import { stopLoss } from "../../core/jobs/stopLoss";
import type { JobSource, TrackedJob } from "../../core/jobs/trackedJob";
import type { Params, Relay } from "../../core/relay/relay";
import { statusOfTraining } from "../../core/sagemaker/training";
import { trainingLoss } from "../../core/sagemaker/trainingLoss";
import { GammaError } from "../../shared/errors";
import { isEnd } from "../../shared/relay/job";
import type { Run } from "../../shared/run";
import { askParams } from "./askParams";
import { nameOfJob } from "./nameOfJob";
import type { Trainings } from "./trainings/trainings";

export interface JobControlParts {
	readonly jobs: JobSource;
	/** The job's runs, its own first. */
	readonly runsOf: (tracked: TrackedJob) => readonly Run[];
	readonly relay: () => Relay | null;
	readonly checkpoints: (run: Run, signal: AbortSignal) => Promise<readonly Checkpoint[]>;
	readonly trainings: () => Promise<Pick<Trainings, "stop">>;
	/** Shows the page of the attempt that was made. */
	readonly openJob: (id: string) => void;
}

/** Nobody waits for a slow store before they may stop a job. */
const checkpointsWithinMs = 4_000;

/** What changes a job. All reject with a `GammaError` that says what to do. */
export class JobControl {
	constructor(private readonly parts: JobControlParts) {}

	/** `gamma.stopJob`: asks only where work is lost, and then says how much. */
	async stop(id: string): Promise<void> {
		const tracked = this.#job(id);
		const { training } = tracked;
		const stopsTraining = training && !isEnd(statusOfTraining(training));
		const relay = stopsTraining && tracked.source !== "relay" ? null : this.#relay(tracked);
		demandTrust();
		if (isEnd(tracked.job.status) && !stopsTraining)
			throw new GammaError("call.invalid", `${nameOfJob(tracked)} has ended already.`);
		const nowMs = Date.now();
		const lost = stopLoss(tracked, await this.#checkpoints(tracked), nowMs);
		const loss = stopsTraining ? `${lost ?? ""} ${trainingLoss(training, nowMs)}`.trim() : lost;
		if (loss !== null) {
			const stop = vscode.l10n.t("Stop Job");
			const question = vscode.l10n.t("Stop {0}?", nameOfJob(tracked));
			const answer = await vscode.window.showWarningMessage(question, { modal: true, detail: loss }, stop);
			if (answer !== stop) return;
		}
		// SageMaker first: a relay cannot stop it, and hears of its end.
		if (stopsTraining) await (await this.parts.trainings()).stop(training);
		if (relay && !isEnd(tracked.job.status)) await relay.stop(id);
	}

	/** `gamma.retryJob` */
	async retry(id: string): Promise<void> {
		await this.#retry(this.#job(id));
	}

	/** `gamma.rerunJob` */
	async rerunWithParams(id: string): Promise<void> {
		const tracked = this.#job(id);
		this.#relay(tracked);
		this.#demandEnd(tracked);
		const [run] = this.parts.runsOf(tracked);
		const changes = await askParams(vscode.l10n.t("Re-run {0}", nameOfJob(tracked)), run?.params ?? {});
		if (changes) await this.#retry(tracked, toParams(changes));
	}

	async #retry(tracked: TrackedJob, params?: Params): Promise<void> {
		const relay = this.#relay(tracked);
		this.#demandEnd(tracked);
		const made = await relay.retry(tracked.job.id, params);
		this.parts.openJob(made.id);
	}

	#demandEnd(tracked: TrackedJob): void {
		if (!isEnd(tracked.job.status)) {
			throw new GammaError("call.invalid", `${nameOfJob(tracked)} has not ended: stop it, or wait until it ends.`);
		}
	}

	#job(id: string): TrackedJob {
		const tracked = this.parts.jobs.snapshot.jobs.get(id);
		if (tracked) return tracked;
		throw new GammaError("job.missing", "This job is no longer known: it was deleted, or its project is not shown.");
	}

	#relay(tracked: TrackedJob): Relay {
		demandTrust();
		const relay = tracked.source === "relay" ? this.parts.relay() : null;
		if (relay) return relay;
		throw new GammaError(
			"job.unmanaged",
			`No relay runs ${nameOfJob(tracked)}: ${tracked.url === null ? "stop and start it where it trains" : "open it on GitHub to stop it or run it again"}, or connect a relay for the next ones.`,
		);
	}

	async #checkpoints(tracked: TrackedJob): Promise<readonly Checkpoint[] | "unknown"> {
		const [run] = this.parts.runsOf(tracked);
		if (!run) return "unknown";
		const signal = AbortSignal.timeout(checkpointsWithinMs);
		return this.parts.checkpoints(run, signal).catch(() => "unknown");
	}
}

function demandTrust(): void {
	if (vscode.workspace.isTrusted) return;
	const message = "A job is not stopped or run again from a workspace you do not trust: trust it, then try again.";
	throw new GammaError("workspace.untrusted", message);
}
