import { GammaError, toFailure } from "../../shared/errors";
import { isEnd } from "../../shared/relay/job";
import type { AwsAccess } from "../aws/awsAccess";
import type { AwsChoice } from "../aws/awsChoice";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { Attention } from "../jobs/workflowWatch";
import { belongingOf, hasPrefix, type ProjectTrainings } from "./belongs";
import { statusOfTraining, type Training } from "./training";

/** One line of SageMaker's list. Times are milliseconds since the epoch. */
export interface ListedTraining {
	readonly name: string;
	readonly arn: string;
	readonly status: string;
	readonly createdMs: number;
	readonly modifiedMs: number;
}

/**
 * The port to SageMaker's trainings. Every method rejects with an `aws.…` error, `aws.throttled` only after waiting several
 * times, or with `call.cancelled`.
 */
export interface TrainingReader {
	/** Those that were made since and changed since, the newest first, a bounded number. */
	list(
		since: { readonly createdMs: number; readonly modifiedMs: number },
		signal: AbortSignal,
	): Promise<readonly ListedTraining[]>;
	/** With its tags; `tags` are those known already. Null where there is no such training. */
	describe(name: string, tags: Readonly<Record<string, string>> | null, signal: AbortSignal): Promise<Training | null>;
}

export interface SagemakerWatchParts {
	readonly access: AwsAccess;
	readonly attention: Attention;
	/** Made anew for another choice of account. */
	readonly reader: () => Promise<TrainingReader>;
	/** Null where nothing says that this project trains in SageMaker: then nobody is asked. */
	readonly project: () => Promise<ProjectTrainings | null>;
}

/** Between two lists while a training of the project goes on, and while none does. */
const askEveryMs = { running: 15_000, idle: 60_000 };
const longestWaitMs = 15 * 60_000;
/** How far back trainings are looked for. */
const memoryMs = 30 * 24 * 3600_000;
/** Trainings asked about in one round: SageMaker takes a few questions a second from a whole account. */
const mostAsked = 60;
const askedAtOnce = 4;

export interface WatchState {
	/** Why what is shown may be old, in a sentence that says what to do; null where all is well. */
	readonly problem: string | null;
}

/** A project's trainings in SageMaker, asked for only while somebody looks: one list, then what changed. */
export class SagemakerWatch extends Owner {
	readonly #trainings = new Map<string, Training>();
	/** By name: when it was last changed as far as this was read, and whether it is the project's. */
	readonly #read = new Map<string, { readonly modifiedMs: number; readonly isOurs: boolean }>();
	#newestMs = 0;
	#problem: string | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#asking: AbortController | null = null;
	#dueMs = 0;
	#failures = 0;
	#hasMore = false;
	#choice: AwsChoice;

	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly parts: SagemakerWatchParts) {
		super();
		this.#choice = parts.access.choice;
		this.own(parts.attention.onDidChange(() => this.#schedule()));
		this.own(parts.access.onDidChange(() => this.#takeAccess()));
		this.own({ dispose: () => this.#stop() });
		this.#schedule();
	}

	/** By name. */
	get trainings(): ReadonlyMap<string, Training> {
		return this.#trainings;
	}

	get state(): WatchState {
		return { problem: this.#problem };
	}

	/** Asks now, where somebody looks. */
	refresh(): void {
		this.#stop();
		this.#dueMs = 0;
		this.#failures = 0;
		this.#schedule();
	}

	/** Another account has other trainings; the same one may be signed in again. */
	#takeAccess(): void {
		const { choice } = this.parts.access;
		const before = this.#choice;
		this.#choice = choice;
		if (JSON.stringify(choice) !== JSON.stringify(before)) {
			this.#trainings.clear();
			this.#read.clear();
			this.#newestMs = 0;
			this.#problem = null;
		}
		if (choice !== before) this.refresh();
		this.#changed.fire();
	}

	#schedule(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		const { attention, access } = this.parts;
		if (!attention.isPaid || !access.mayAsk || this.#asking || this.isDisposed) return;
		this.#timer = setTimeout(() => void this.#ask(), Math.max(0, this.#dueMs - Date.now()));
	}

	async #ask(): Promise<void> {
		const asking = new AbortController();
		this.#asking = asking;
		try {
			const project = await this.parts.project();
			if (asking.signal.aborted) return;
			if (project) await this.#look(project, asking.signal);
			if (asking.signal.aborted) return;
			this.#failures = 0;
			this.#problem = null;
			const isRunning = [...this.#trainings.values()].some((each) => statusOfTraining(each) === "running");
			this.#dueMs = Date.now() + (this.#hasMore ? 0 : isRunning ? askEveryMs.running : askEveryMs.idle);
		} catch (error) {
			if (asking.signal.aborted) return;
			this.#failures++;
			this.#dueMs = Date.now() + Math.min(askEveryMs.idle * 2 ** (this.#failures - 1), longestWaitMs);
			this.#problem = this.parts.access.failed(error) ? null : toFailure(error).message;
		} finally {
			if (this.#asking === asking) {
				this.#asking = null;
				this.#changed.fire();
				this.#schedule();
			}
		}
	}

	async #look(project: ProjectTrainings, signal: AbortSignal): Promise<void> {
		const reader = await this.parts.reader();
		const since = { createdMs: Date.now() - memoryMs, modifiedMs: this.#newestMs };
		const listed = await reader.list(since, signal);
		if (signal.aborted) return;
		this.parts.access.succeeded();
		const isNews = ({ name, modifiedMs }: ListedTraining) => {
			const before = this.#read.get(name);
			const training = this.#trainings.get(name);
			// Several things may happen within the time that a list tells apart.
			const goesOn = training !== undefined && !isEnd(statusOfTraining(training));
			// A training that is another's stays it.
			return before === undefined || (before.isOurs && (goesOn || before.modifiedMs < modifiedMs));
		};
		const likelihood = ({ name }: ListedTraining) =>
			Number(project.names.has(name)) * 2 + Number(hasPrefix(name, project));
		const news = listed.filter(isNews).sort((a, b) => likelihood(b) - likelihood(a) || b.createdMs - a.createdMs);
		const asked = news.slice(0, mostAsked);
		this.#hasMore = news.length > asked.length;
		for (let at = 0; at < asked.length; at += askedAtOnce) {
			await Promise.all(asked.slice(at, at + askedAtOnce).map((each) => this.#describe(reader, each, project, signal)));
			if (signal.aborted) return;
		}
		// A second is kept back: two changes of one second are one time in the list.
		if (!this.#hasMore)
			this.#newestMs = Math.max(this.#newestMs, ...listed.map(({ modifiedMs }) => modifiedMs - 1_000));
	}

	async #describe(
		reader: TrainingReader,
		{ name, modifiedMs }: ListedTraining,
		project: ProjectTrainings,
		signal: AbortSignal,
	): Promise<void> {
		const training = await reader.describe(name, this.#trainings.get(name)?.tags ?? null, signal);
		if (signal.aborted) return;
		const isOurs = training !== null && belongingOf(training, project) !== null;
		this.#read.set(name, { modifiedMs, isOurs });
		if (training && isOurs) this.#trainings.set(name, training);
		else this.#trainings.delete(name);
	}

	#stop(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#asking?.abort(new GammaError("call.cancelled", "SageMaker is asked anew."));
		this.#asking = null;
	}
}
