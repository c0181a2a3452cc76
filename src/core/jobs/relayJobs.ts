import { toFailure } from "../../shared/errors";
import type { Job } from "../../shared/relay/job";
import type { Project } from "../../shared/relay/project";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { Logger } from "../logger";
import { backOffMs } from "../relay/backOff";
import type { FeedReader, ProjectFeed } from "../relay/projectFeed";
import type { Relay } from "../relay/relay";
import { JobBook, type JobSetting } from "./jobBook";
import { joinFeedStates } from "./joinFeedStates";
import type { JobSource, JobsChange, JobsSnapshot, JobsState } from "./trackedJob";

/** No event tells of a new project: they are looked up so often, and sooner where something went wrong. */
const lookEveryMs = 60_000;
/** Of each project the newest, and whatever has not ended. */
const pageSize = 200;

export interface RelayJobsParts {
	readonly url: string;
	readonly relay: Pick<Relay, "projects" | "jobs">;
	/** Opens a project's stream. */
	readonly follow: (projectId: string, reader: FeedReader) => ProjectFeed;
	/** Whether this window shows the project's jobs. */
	readonly isShown: (project: Project) => boolean;
	/** Which of these commits the person made, as far as this clone can tell. */
	readonly ownCommits: (shas: readonly string[]) => Promise<ReadonlySet<string>>;
	/** The job's page at its forge. */
	readonly urlOf: (job: Job, project: Project) => string | null;
	readonly logger: Logger;
}

/** The jobs of a relay's projects: one list of each, then every event that its stream tells. */
export class RelayJobs extends Owner implements JobSource {
	readonly #book = new JobBook((job) => this.#settingOf(job));
	#projects: readonly Project[] = [];
	/** Why the projects cannot be read, and since when. */
	#away: { readonly sinceMs: number; readonly reason: string } | null = null;
	#hasLooked = false;
	/** Looks that failed, and streams that were gone, since all was well. */
	#failures = 0;
	readonly #startedMs = Date.now();
	readonly #feeds = new Map<string, ProjectFeed>();
	/** By commit. */
	readonly #own = new Map<string, boolean>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#looking: Promise<void> | null = null;
	readonly #end = new AbortController();

	readonly #changed = this.own(new Emitter<JobsChange>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly parts: RelayJobsParts) {
		super();
		this.own({ dispose: () => clearTimeout(this.#timer) });
		this.own({ dispose: () => this.#end.abort() });
		this.own({ dispose: () => this.#unfollow([...this.#feeds.keys()]) });
		void this.look();
	}

	get snapshot(): JobsSnapshot {
		const hasShownProject = this.#feeds.size > 0;
		return { state: this.#state(), projects: this.#projects, hasShownProject, jobs: this.#book.jobs };
	}

	/** Reads the projects now, and follows those that are new. */
	look(): Promise<void> {
		clearTimeout(this.#timer);
		this.#looking ??= this.#look().finally(() => {
			this.#looking = null;
			this.#lookLater();
		});
		return this.#looking;
	}

	#lookLater(): void {
		if (this.isDisposed || this.#looking) return;
		clearTimeout(this.#timer);
		const delayMs = this.#failures > 0 ? backOffMs(this.#failures, null) : lookEveryMs;
		this.#timer = setTimeout(() => void this.look(), delayMs);
	}

	async #look(): Promise<void> {
		try {
			const projects = await this.parts.relay.projects(this.#end.signal);
			if (this.isDisposed) return;
			this.#projects = projects;
			if (this.#away) this.#failures = 0;
			this.#away = null;
			this.#hasLooked = true;
			this.#followAll(projects.filter((project) => this.parts.isShown(project)));
			await this.#askWhose([...this.#book.jobs.values()].map(({ job }) => job));
		} catch (error) {
			if (this.isDisposed) return;
			const reason = toFailure(error).message;
			if (!this.#away) this.parts.logger.info("the relay's projects cannot be read now", { reason });
			this.#away ??= { sinceMs: Date.now(), reason };
			this.#failures++;
			this.#tell([]);
		}
	}

	#followAll(shown: readonly Project[]): void {
		const ids = new Set(shown.map(({ id }) => id));
		const isOver = (feed: ProjectFeed) => feed.state.kind === "gone" || feed.state.kind === "refused";
		this.#unfollow([...this.#feeds].flatMap(([id, feed]) => (!ids.has(id) || isOver(feed) ? [id] : [])));
		for (const id of ids) if (!this.#feeds.has(id)) this.#follow(id);
		this.#tell([...this.#book.keepProjects(ids), ...this.#book.resettle()]);
	}

	#follow(projectId: string): void {
		const feed = this.parts.follow(projectId, {
			fetchAnew: (lastEventId, signal) => this.#fetchAnew(projectId, lastEventId, signal),
			take: (events) => {
				const changed = this.#book.take(events, Date.now());
				if (changed.length > 0) this.#tell(changed);
				const made = events.flatMap((event) => (event.kind === "job.created" ? [event.data] : []));
				if (made.length > 0) void this.#askWhose(made);
			},
		});
		feed.onDidChangeState(({ kind }) => {
			this.#tell([]);
			if (kind === "live") this.#heal();
			if (kind !== "gone") return;
			// Not at once: a project may be listed whose stream cannot be had.
			this.#failures++;
			this.#lookLater();
		});
		this.#feeds.set(projectId, feed);
	}

	/** A stream that lives shows that the relay is there: what could not be read is read now. */
	#heal(): void {
		this.#failures = 0;
		if (this.#away) void this.look();
	}

	#unfollow(ids: readonly string[]): void {
		for (const id of ids) {
			this.#feeds.get(id)?.dispose();
			this.#feeds.delete(id);
		}
	}

	async #fetchAnew(projectId: string, lastEventId: string, signal: AbortSignal): Promise<void> {
		const { relay } = this.parts;
		const newest = await relay.jobs({ project: projectId, limit: pageSize }, signal);
		const isAll = newest.next === null;
		const further = await Promise.all(
			(isAll ? [] : (["running", "pending"] as const)).map((status) =>
				relay.jobs({ project: projectId, status, limit: pageSize }, signal),
			),
		);
		if (this.isDisposed) return;
		// What was asked last is the newest word on a job that is in several of the lists.
		const rows = new Map([newest, ...further].flatMap(({ items }) => items.map((job) => [job.id, job])));
		this.#tell(this.#book.replace(projectId, [...rows.values()], lastEventId, Date.now()));
		void this.#askWhose([...rows.values()]);
	}

	/** Git is asked once per commit, and again at the next look for those that this clone did not have. */
	async #askWhose(jobs: readonly Job[]): Promise<void> {
		const unknown = [...new Set(jobs.map(({ commitSha }) => commitSha))].filter((sha) => this.#own.get(sha) !== true);
		if (unknown.length === 0) return;
		const own = await this.parts.ownCommits(unknown).catch(() => null);
		if (!own || this.isDisposed) return;
		for (const sha of unknown) this.#own.set(sha, own.has(sha));
		this.#tell(this.#book.resettle());
	}

	#settingOf(job: Job): JobSetting {
		const project = this.#projects.find(({ id }) => id === job.projectId);
		return {
			repository: project?.repository ?? null,
			isOwn: this.#own.get(job.commitSha) ?? false,
			url: project ? this.parts.urlOf(job, project) : null,
		};
	}

	#state(): JobsState {
		const { url } = this.parts;
		if (this.#away) return { kind: "offline", url, ...this.#away };
		if (!this.#hasLooked) return { kind: "connecting", url };
		return joinFeedStates(
			url,
			[...this.#feeds.values()].map(({ state }) => state),
			this.#startedMs,
		);
	}

	#tell(jobIds: readonly string[]): void {
		if (!this.isDisposed) this.#changed.fire({ jobIds });
	}
}
