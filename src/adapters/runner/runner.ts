import { mkdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { backOffMs } from "../../core/relay/backOff";
import { GammaError, toFailure } from "../../shared/errors";
import type { Claim } from "../../shared/relay/queue";
import { endLeftRun } from "../sidecar/folderRun";
import { endMarked } from "./guard";
import { JobFolder } from "./jobFolder";
import { JobLink } from "./jobLink";
import { JobLog } from "./jobLog";
import { JobTraining, type JobTrainingOptions, lastWordsMs } from "./jobTraining";
import { ReportSpool } from "./reportSpool";

/** One question for a job lasts so long; the relay answers at once when there is one. */
const claimWaitMs = 25_000;
const longestRetryMs = 10_000;
/** What a relay was not told in so long, it need not hear. */
const keptMs = 7 * 24 * 3_600_000;

export interface RunnerOptions extends Omit<JobTrainingOptions, "gpu"> {
	/** One job each at a time: its GPU, or null for a runner that divides none. */
	readonly slots: readonly (string | null)[];
	/** Ends after one job. */
	readonly isOnce: boolean;
}

/** Claims jobs and trains them until it is asked to end. */
export class Runner {
	/** Ends the claims of all slots, the jobs with `shutdown`. */
	readonly #done = new AbortController();
	#isAway = false;

	constructor(private readonly options: RunnerOptions) {}

	/** Rejects where the relay refuses this runner for good. */
	async run(shutdown: AbortSignal): Promise<void> {
		const end = () => this.#done.abort();
		if (shutdown.aborted) end();
		shutdown.addEventListener("abort", end);
		// Remotes' addresses may hold passwords, as in the clone they are from.
		mkdirSync(this.options.dataDir, { recursive: true, mode: 0o700 });
		const left = await this.#clearLeft();
		const telling = left.map((folder) => this.#tellLeft(folder));
		const slots = this.options.isOnce ? this.options.slots.slice(0, 1) : this.options.slots;
		// A slot that fails ends the claims of the others; their jobs go on to their ends.
		const working = slots.map((gpu) => this.#work(gpu, shutdown).finally(end));
		const failed = (await Promise.allSettled(working)).find((slot) => slot.status === "rejected");
		await Promise.all(telling);
		shutdown.removeEventListener("abort", end);
		if (failed) throw failed.reason;
	}

	async #work(gpu: string | null, shutdown: AbortSignal): Promise<void> {
		while (!this.#done.signal.aborted) {
			const claim = await this.#claim();
			if (claim === null) continue;
			await new JobTraining(claim, { ...this.options, gpu }).run(shutdown);
			if (this.options.isOnce) return;
		}
	}

	/** Null when none came, and where it is to end. */
	async #claim(): Promise<Claim | null> {
		const { client, runner, say } = this.options;
		const { signal } = this.#done;
		for (let failures = 1; !signal.aborted; failures++) {
			try {
				const claim = await client.claim({ runner: runner.name, labels: runner.labels }, claimWaitMs, signal);
				if (this.#isAway) say("the relay is back");
				this.#isAway = false;
				return claim;
			} catch (error) {
				if (signal.aborted) return null;
				if (GammaError.is(error, "relay.unauthorized"))
					throw new GammaError(
						"relay.unauthorized",
						`The relay ${client.host} does not know the token: give the one it was started with, or sign in again.`,
					);
				if (GammaError.is(error, "lease.lost")) throw error;
				if (!this.#isAway) say(`${toFailure(error).message} It is asked again until it answers.`);
				this.#isAway = true;
				await wait(Math.min(longestRetryMs, backOffMs(failures, null)), undefined, { signal }).catch(() => {});
			}
		}
		return null;
	}

	/** What runners here left when they were ended without a word: their trainings and checkouts go; an end that is noted stays. */
	async #clearLeft(): Promise<readonly JobFolder[]> {
		const { dataDir, code, client, say } = this.options;
		const unsaid: JobFolder[] = [];
		for (const folder of JobFolder.takeLeft(dataDir)) {
			endMarked(folder.note.mark);
			try {
				await code.remove(folder.treePath);
			} catch (error) {
				say(`${folder.treePath} cannot be removed (${toFailure(error).message})`);
				continue;
			}
			const { end, endedMs, relay, runMeta } = folder.note;
			if (end === null && runMeta !== null) endLeftRun(runMeta, Date.now());
			if (end === null || Date.now() - (endedMs ?? 0) > keptMs) folder.remove();
			else if (relay === client.address) unsaid.push(folder);
		}
		return unsaid;
	}

	/** A training that ended while the relay was away: it hears of it now, unless the job has gone on without it. */
	async #tellLeft(folder: JobFolder): Promise<void> {
		const giveUp = new AbortController();
		const later = () => setTimeout(() => giveUp.abort(), lastWordsMs).unref();
		if (this.#done.signal.aborted) later();
		this.#done.signal.addEventListener("abort", later);
		const log = new JobLog(folder.logPath);
		const link = new JobLink({
			client: this.options.client,
			folder,
			log,
			reports: new ReportSpool(folder),
			leaseSeconds: claimWaitMs / 1000,
			onStop: () => {},
			onLost: () => {},
			onReach: () => {},
		});
		try {
			if ((await link.run(giveUp.signal)) !== "away") folder.remove();
		} finally {
			log.destroy();
			this.#done.signal.removeEventListener("abort", later);
		}
	}
}
