import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseTrainSettings, type TrainSettings, trainSettingsPath } from "../../core/mmp/trainSettings";
import { defaultScript, toJobCommand, toParamEnvironment } from "../../core/runner/jobCommand";
import { type JobEnd, type StopReason, toJobEnd } from "../../core/runner/jobEnd";
import { LastError } from "../../core/runner/lastError";
import type { RecordedRun } from "../../core/sidecar/recordedRun";
import type { StoreLocation } from "../../core/stores/trackingStore";
import { GammaError, toFailure } from "../../shared/errors";
import type { Claim } from "../../shared/relay/queue";
import { commandLine, describeRun } from "../sidecar/describeRun";
import { whenAborted } from "../sidecar/runCommand";
import { trainUnderSidecar } from "../sidecar/sidecar";
import { startRun } from "../sidecar/startRun";
import type { Code, CodeSource } from "./codeSource";
import { endMarked, guardGroup, markVariable } from "./guard";
import { JobFolder } from "./jobFolder";
import { JobLink, type LinkEnd } from "./jobLink";
import { JobLog } from "./jobLog";
import { sayLeftFiles } from "./leftFiles";
import { linkData } from "./linkData";
import { outOfMemoryKills } from "./outOfMemory";
import type { QueueClient } from "./queueClient";
import { ReportedRun } from "./reportedRun";
import { ReportSpool } from "./reportSpool";
import { storeOfRuns } from "./runStore";

/** Where trainings leave them when the repository does not say: the checkout goes with the job. */
const usualCheckpoints = ["checkpoints/**"];
/** How long a runner that was asked to end tries to say how its job ended. */
export const lastWordsMs = 10_000;

/** What a runner would have to have. */
type WantedLabels = readonly string[];

export interface JobTrainingOptions {
	readonly client: QueueClient;
	readonly code: CodeSource;
	readonly dataDir: string;
	/** Where what an MLflow server did not take yet waits. */
	readonly spoolFolder: string;
	readonly runner: { readonly name: string; readonly labels: readonly string[] };
	/** The GPU of this job as `CUDA_VISIBLE_DEVICES` names it; null: what the runner itself sees. */
	readonly gpu: string | null;
	/** The runner's own, without its secrets. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly toLocation: (uri: string) => StoreLocation;
	/** One line for whoever watches the runner. */
	readonly say: (line: string) => void;
}

/** One job from its claim to its end. */
export class JobTraining {
	readonly #folder: JobFolder;
	readonly #log: JobLog;
	readonly #reports: ReportSpool;
	readonly #link: JobLink;
	readonly #code: Code;
	readonly #stop = new AbortController();
	readonly #giveUp = new AbortController();
	#stopReason: StopReason | null = null;
	#isLost = false;

	constructor(
		private readonly claim: Claim,
		private readonly options: JobTrainingOptions,
	) {
		const { client, dataDir } = options;
		const { job, project, lease } = claim;
		this.#code = { repository: project.repository, commitSha: job.commitSha, branch: job.branch };
		this.#folder = JobFolder.create(dataDir, client.address, claim);
		this.#log = new JobLog(this.#folder.logPath);
		this.#reports = new ReportSpool(this.#folder);
		this.#link = new JobLink({
			client,
			folder: this.#folder,
			log: this.#log,
			reports: this.#reports,
			leaseSeconds: lease.seconds,
			onStop: () => this.#end({ kind: "person" }),
			onLost: (reason) => {
				this.#isLost = true;
				this.#say(`the job is no longer this runner's (${reason}); it is ended here`);
				this.#stop.abort();
			},
			onReach: (isReached, reason) =>
				this.#say(isReached ? "the relay is back; it is told what it missed" : `${reason} The training goes on.`),
		});
	}

	/** Resolves once the relay knows how the job ended, or cannot be told: then its folder waits for the next runner here. */
	async run(shutdown: AbortSignal): Promise<LinkEnd> {
		const end = () => this.#end({ kind: "runner", name: this.options.runner.name });
		if (shutdown.aborted) end();
		shutdown.addEventListener("abort", end);
		const telling = this.#link.run(this.#giveUp.signal);
		this.#say("claimed");
		try {
			await this.#trainToEnd();
			this.#giveUpAfter(shutdown);
			const told = await telling;
			if (told !== "away") this.#folder.remove();
			return told;
		} finally {
			shutdown.removeEventListener("abort", end);
			this.#giveUp.abort();
		}
	}

	async #trainToEnd(): Promise<void> {
		const end = await this.#train();
		if (!("status" in end)) return this.#handBack(end);
		endMarked(this.#folder.note.mark);
		const how = end.error ?? (end.status === "stopped" ? "It was stopped." : "");
		this.#log.say(`${end.status}${how && `: ${how}`}`);
		this.#reports.end();
		await new Promise<void>((done) => this.#log.end(() => done()));
		// From here on it is the relay's to hear, of this runner or the next.
		if (!this.#isLost) this.#folder.update({ end, endedMs: Date.now() });
		this.#say(this.#isLost ? "ended" : `${end.status}${how && `: ${how}`}`);
		await this.#removeTree();
	}

	#handBack(labels: WantedLabels): Promise<void> {
		this.#say(`wants a runner with the label ${labels.join(", ")}: it is given back`);
		this.#link.handBack(labels);
		return this.#removeTree();
	}

	async #removeTree(): Promise<void> {
		await this.options.code.remove(this.#folder.treePath).catch((error: unknown) => {
			this.#say(`its checkout ${this.#folder.treePath} stays until the next start (${toFailure(error).message})`);
		});
	}

	/** Whatever goes wrong is the job's end. */
	async #train(): Promise<JobEnd | WantedLabels> {
		try {
			return await this.#trainCommit();
		} catch (error) {
			if (this.#stopReason !== null || this.#isLost)
				return toJobEnd(
					{ code: 143, signal: null, problem: null, ranOutOfMemory: false, lastError: null },
					this.#stopReason,
				);
			return { status: "failed", error: toFailure(error).message };
		}
	}

	async #trainCommit(): Promise<JobEnd | WantedLabels> {
		const { code, environment } = this.options;
		const { treePath } = this.#folder;
		const lacks = await code.checkOut(this.#code, treePath, this.#stop.signal);
		if (lacks !== null) this.#log.say(lacks);
		this.#say("checked out");
		const settings = await this.#readSettings();
		const wanted = settings.labels.filter((label) => !this.options.runner.labels.includes(label));
		if (wanted.length > 0) return wanted;
		const local = await code.localFor(this.#code);
		linkData(settings.links, local?.root ?? null, treePath);
		const ofProject = join(local?.root ?? treePath, ".venv", "bin", "python");
		const command = toJobCommand(settings, this.claim.params, existsSync(ofProject) ? ofProject : "python3");
		const uri = settings.env.MLFLOW_TRACKING_URI || environment.MLFLOW_TRACKING_URI?.trim() || null;
		const store = storeOfRuns({ uri, local, dataDir: this.options.dataDir });
		const run = await this.#startRun(command, settings, this.options.toLocation(store));
		this.#stop.signal.throwIfAborted();
		this.#log.say(`${this.claim.job.commitSha.slice(0, 7)} of ${this.#code.branch}: ${commandLine(command)}`);
		this.#say(`trains: ${commandLine(command)}`);
		return this.#runCommand(command, settings, run);
	}

	async #readSettings(): Promise<TrainSettings> {
		const text = await this.options.code.fileAt(this.#code, trainSettingsPath);
		const settings = parseTrainSettings(text ?? "{}");
		for (const key of settings.unknownKeys)
			this.#log.say(`${trainSettingsPath} has the key ${JSON.stringify(key)}, which nobody reads.`);
		if (settings.command === null && (await this.options.code.fileAt(this.#code, defaultScript)) === null)
			throw new GammaError(
				"settings.invalid",
				`The commit has no ${defaultScript}: say what to run as "command" in ${trainSettingsPath}.`,
			);
		return settings;
	}

	async #startRun(command: readonly string[], settings: TrainSettings, location: StoreLocation): Promise<RecordedRun> {
		const { job, project, params } = this.claim;
		const { environment, runner, spoolFolder } = this.options;
		const leaf = job.branch.replace(/^models\//, "");
		const described = await describeRun(command, this.#folder.treePath, {
			name: `${leaf} ${job.commitSha.slice(0, 7)}${job.attempt > 1 ? ` #${job.attempt}` : ""}`,
			experimentName:
				settings.experiment ?? project.mlflowExperiment ?? (environment.MLFLOW_EXPERIMENT_NAME || "Default"),
		});
		const tags = {
			...described.tags,
			"mlflow.source.git.commit": job.commitSha,
			"mlflow.source.git.branch": job.branch,
			"gamma.job": job.id,
			"gamma.attempt": String(job.attempt),
			"gamma.runner": runner.name,
			...(Object.keys(params).length > 0 && { "gamma.params": JSON.stringify(params).slice(0, 5000) }),
		};
		const run = await startRun(location, { ...described, tags }, spoolFolder);
		if (run.id !== null) this.#link.tellRun(run.id);
		this.#folder.update({ runMeta: run.metaPath });
		return new ReportedRun(run, (points) => this.#reports.add(points));
	}

	async #runCommand(command: readonly string[], settings: TrainSettings, run: RecordedRun): Promise<JobEnd> {
		const killsBefore = outOfMemoryKills();
		const lastError = new LastError();
		let letBe = () => {};
		const { treePath } = this.#folder;
		const checkpoints = settings.checkpoints.length > 0 ? settings.checkpoints : usualCheckpoints;
		const end = await trainUnderSidecar({
			command,
			folder: treePath,
			stdin: "ignore",
			endRequests: whenAborted(this.#stop.signal),
			endsGroup: true,
			env: this.#environment(settings),
			run,
			definitions: settings.metrics,
			checkpoints,
			stdout: this.#log,
			stderr: this.#log,
			notify: (notice) => this.#log.say(notice),
			onStart: (groupId) => {
				letBe = guardGroup(groupId);
			},
			onOutput: (name, bytes) => {
				if (name === "stderr") lastError.push(bytes);
			},
			onFraction: (fraction) => this.#link.tellProgress(fraction),
		}).finally(() => letBe());
		const left = await sayLeftFiles(treePath, checkpoints, "git").catch(() => null);
		if (left !== null) this.#log.say(left);
		const kills = outOfMemoryKills();
		const outcome = {
			...end,
			ranOutOfMemory: killsBefore !== null && kills !== null && kills > killsBefore,
			lastError: lastError.line,
		};
		return { ...toJobEnd(outcome, this.#stopReason), ...(run.id !== null && { mlflowRunId: run.id }) };
	}

	#environment(settings: TrainSettings): Record<string, string | undefined> {
		const { job, params } = this.claim;
		const { environment, gpu } = this.options;
		return {
			...environment,
			...settings.env,
			...toParamEnvironment(params),
			PWD: this.#folder.treePath,
			GAMMA_JOB_ID: job.id,
			[markVariable]: this.#folder.note.mark,
			...(gpu !== null && { CUDA_VISIBLE_DEVICES: gpu }),
		};
	}

	/** The first reason stays. */
	#end(reason: StopReason): void {
		this.#stopReason ??= reason;
		this.#stop.abort();
	}

	#giveUpAfter(shutdown: AbortSignal): void {
		const later = () => setTimeout(() => this.#giveUp.abort(), lastWordsMs).unref();
		if (shutdown.aborted) later();
		else shutdown.addEventListener("abort", later, { once: true });
	}

	#say(text: string): void {
		const { job } = this.claim;
		this.options.say(`${job.branch} ${job.commitSha.slice(0, 7)}: ${text}`);
	}
}
