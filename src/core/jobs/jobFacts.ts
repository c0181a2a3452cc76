import { toFailure } from "../../shared/errors";
import type { Loaded, LogExcerpt } from "../../shared/panels/jobPanel";
import type { Run } from "../../shared/run";
import { Owner } from "../disposable";
import type { Comment, Relay, StateChange } from "../relay/relay";
import type { Checkpoint } from "./checkpoints";
import { keyOfOrigin, logOriginOf, workflowOf } from "./logOrigin";
import { readFailure } from "./readFailure";
import type { TrackedJob } from "./trackedJob";
import type { WorkflowDoor, WorkflowJob } from "./workflowJobs";

export interface JobFactsParts {
	/** Null while none is known. */
	readonly relay: () => Relay | null;
	/** Of any job whose log is kept somewhere. */
	readonly readLog: Relay["readLog"];
	/** Null where GitHub may not be asked: nobody is signed in at this host. */
	readonly workflows: (host: string) => Promise<WorkflowDoor | null>;
	readonly checkpoints: (run: Run, signal: AbortSignal) => Promise<readonly Checkpoint[]>;
	/** The files of a commit; empty where they are not known. */
	readonly paths: (sha: string) => Promise<ReadonlySet<string>>;
	/** Something was read. */
	readonly onDidRead: () => void;
}

/** An event tells of each comment, unless it was missed while the relay was away for long. */
const commentsEveryMs = 300_000;
/** No event tells of a checkpoint. */
const checkpointsEveryMs = 15_000;
/** Of a run that goes on; one that has ended is read once. */
const stepsEveryMs = 15_000;

const noPaths: ReadonlySet<string> = new Set();

/** What a job's page shows that is not told but asked for. Each part is read when it may be another, and only while looked at. */
export class JobFacts extends Owner {
	readonly #failure = new Fact<LogExcerpt | null>();
	readonly #checkpoints = new Fact<readonly Checkpoint[]>();
	readonly #history = new Fact<readonly StateChange[]>();
	readonly #comments = new Fact<readonly Comment[]>();
	readonly #steps = new Fact<readonly WorkflowJob[] | null>();
	readonly #end = new AbortController();

	constructor(private readonly parts: JobFactsParts) {
		super();
		this.own({ dispose: () => this.#end.abort() });
	}

	get failure(): Loaded<LogExcerpt | null> {
		return this.#failure.value;
	}

	get checkpoints(): Loaded<readonly Checkpoint[]> {
		return this.#checkpoints.value;
	}

	get history(): Loaded<readonly StateChange[]> {
		return this.#history.value;
	}

	get comments(): Loaded<readonly Comment[]> {
		return this.#comments.value;
	}

	/** The jobs of its workflow run; null where GitHub may not be asked for them. */
	get steps(): Loaded<readonly WorkflowJob[] | null> {
		return this.#steps.value;
	}

	/** The page is seen, or the job is another than before. */
	look(tracked: TrackedJob, run: Run | undefined, nowMs: number): void {
		const { id, status, reason } = tracked.job;
		const relay = tracked.source === "relay" ? this.parts.relay() : null;
		const { signal } = this.#end;
		if (run) {
			const key = `${run.key} ${Math.floor(nowMs / checkpointsEveryMs)} ${run.status}`;
			this.#read(this.#checkpoints, key, () => this.parts.checkpoints(run, signal));
		}
		this.#readSteps(tracked, nowMs);
		const origin = logOriginOf(tracked);
		if (status === "failed" && origin && (origin.kind !== "relay" || relay)) {
			void this.#readFailure(tracked, keyOfOrigin(origin));
		}
		if (!relay) return;
		this.#read(this.#history, `${status} ${reason}`, () => relay.history(id, signal));
		const comments = `${tracked.lastCommentEvent ?? 0} ${Math.floor(nowMs / commentsEveryMs)}`;
		this.#read(this.#comments, comments, () => relay.comments(id, signal));
	}

	#readSteps(tracked: TrackedJob, nowMs: number): void {
		const run = workflowOf(tracked);
		if (!run) return;
		const { value } = this.#steps;
		const goesOn = value.kind !== "ready" || value.value === null || value.value.some(({ stage }) => stage < 2);
		const age = goesOn || tracked.job.status === "running" ? Math.floor(nowMs / stepsEveryMs) : "over";
		this.#read(this.#steps, `${run.runId} ${run.attempt} ${tracked.job.status} ${age}`, async () => {
			const door = await this.parts.workflows(run.host);
			return door === null ? null : door.jobs(run, this.#end.signal);
		});
	}

	/** Resolves when the relay has the comment and the list has it too. */
	async comment(tracked: TrackedJob, relay: Relay, text: string): Promise<void> {
		await relay.addComment(tracked.job.id, text);
		const comments = await relay.comments(tracked.job.id, this.#end.signal);
		this.#comments.take(comments);
		this.parts.onDidRead();
	}

	/** Its places are links only once the commit's files are known: it is read again then. */
	async #readFailure({ job, logSizeBytes }: TrackedJob, origin: string): Promise<void> {
		const paths = await this.parts.paths(job.commitSha).catch(() => noPaths);
		if (this.isDisposed) return;
		this.#read(this.#failure, `${origin} ${logSizeBytes} ${paths.size}`, () =>
			readFailure(this.parts, job.id, paths, this.#end.signal),
		);
	}

	/** What could not be read is asked for again at the next look, under another key. */
	#read<T>(fact: Fact<T>, key: string, ask: () => Promise<T>): void {
		if (!fact.begin(key)) return;
		const told = ask().then(
			(value) => fact.take(value),
			(error: unknown) => fact.fail(toFailure(error).message),
		);
		void told.then(() => {
			if (!this.isDisposed) this.parts.onDidRead();
		});
	}
}

/** One part: what was read stays until it is read anew. */
class Fact<T> {
	#value: Loaded<T> = { kind: "reading" };
	#key: string | null = null;
	#isReading = false;

	get value(): Loaded<T> {
		return this.#value;
	}

	/** Whether it is to be read: it was not under this key, and is not being read. */
	begin(key: string): boolean {
		if (this.#isReading || this.#key === key) return false;
		this.#key = key;
		this.#isReading = true;
		return true;
	}

	take(value: T): void {
		this.#isReading = false;
		this.#value = { kind: "ready", value };
	}

	fail(message: string): void {
		this.#isReading = false;
		if (this.#value.kind !== "ready") this.#value = { kind: "failed", message };
	}
}
