import { GammaError, toFailure } from "../../shared/errors";
import type { Project, Role } from "../../shared/relay/project";
import { Owner } from "../disposable";
import { Emitter, type Event } from "../emitter";
import type { ForgeAddress } from "../git/forgeAddress";
import type { Logger } from "../logger";
import type { Relay } from "../relay/relay";
import type { RelayAccess } from "../relay/relayAccess";
import { type ProjectSummary, summariseJobs } from "./projectSummary";

/** A project as a list shows it. */
export interface ProjectEntry {
	readonly project: Project;
	/** What the person may do in it; null while nobody said. */
	readonly role: Role | null;
	/** Null while its jobs have not been read. */
	readonly summary: ProjectSummary | null;
	/** It is of the repository that this window has open. */
	readonly isHere: boolean;
	/** Others may be in it: a local relay has one person. */
	readonly isShared: boolean;
}

export type ProjectsState =
	| { readonly kind: "noRelay" | "signedOut" | "reading" | "ready" }
	/** What was read before stays. */
	| { readonly kind: "failed"; readonly reason: string };

export interface ProjectsSnapshot {
	readonly state: ProjectsState;
	/** This repository's first, then by name. */
	readonly entries: readonly ProjectEntry[];
	/** This clone's `owner/name`, where the relay was read and has no project of it; null otherwise. */
	readonly addable: string | null;
	/** Of whom the list is; null on a local relay, which has one person. */
	readonly userId: string | null;
}

export type ProjectRelay = Pick<Relay, "projects" | "jobs" | "members">;

export interface ProjectModelParts {
	readonly access: Pick<RelayAccess, "snapshot" | "onDidChange" | "token">;
	/** The relay that `access` names. */
	readonly relay: () => Promise<ProjectRelay>;
	readonly forge: () => ForgeAddress | null;
	/** The user whom an access token is of; null for one that does not say. */
	readonly userOf: (token: string) => string | null;
	/** The clone's forge may be another. */
	readonly onDidChangeForge: Event<unknown>;
	/** Until then the person has seen what failed. */
	readonly lookedMs: () => number;
	readonly logger: Logger;
}

/** The newest of each project that are looked at for its summary. */
const jobsPerProject = 50;
const atOnce = 4;

/** The projects of a relay that the person is in, with how each is doing. Reads when it is told to. */
export class ProjectModel extends Owner {
	#state: ProjectsState = { kind: "reading" };
	#entries: readonly Omit<ProjectEntry, "isHere" | "isShared">[] = [];
	#userId: string | null = null;
	#reading: { readonly done: Promise<void>; readonly abort: AbortController } | null = null;

	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly parts: ProjectModelParts) {
		super();
		this.own(parts.access.onDidChange(() => this.#forget()));
		this.own(parts.onDidChangeForge(() => this.#changed.fire()));
		this.own({ dispose: () => this.#reading?.abort.abort() });
		this.#forget();
	}

	get snapshot(): ProjectsSnapshot {
		const here = this.parts.forge()?.repository.toLowerCase() ?? null;
		const isHere = ({ repository }: Project) => repository.toLowerCase() === here;
		const entries = this.#entries
			.map((entry) => ({ ...entry, isHere: isHere(entry.project), isShared: !this.#isLocal }))
			.sort((a, b) => Number(b.isHere) - Number(a.isHere) || a.project.name.localeCompare(b.project.name));
		const isAddable = this.#state.kind === "ready" && here !== null && !entries.some((entry) => entry.isHere);
		return {
			state: this.#state,
			entries,
			addable: isAddable ? (this.parts.forge()?.repository ?? null) : null,
			userId: this.#userId,
		};
	}

	entry(id: string): ProjectEntry | undefined {
		return this.snapshot.entries.find(({ project }) => project.id === id);
	}

	/** Reads everything anew; one reading at a time. What goes wrong is a state. */
	refresh(): Promise<void> {
		if (this.parts.access.snapshot.state !== "ready" || this.isDisposed) return Promise.resolve();
		if (this.#reading) return this.#reading.done;
		const abort = new AbortController();
		const done = this.#read(abort.signal).finally(() => {
			if (this.#reading?.abort === abort) this.#reading = null;
		});
		this.#reading = { done, abort };
		return done;
	}

	#forget(): void {
		this.#reading?.abort.abort();
		this.#reading = null;
		this.#entries = [];
		const { state } = this.parts.access.snapshot;
		this.#announce({ kind: state === "none" ? "noRelay" : state === "signedOut" ? "signedOut" : "reading" });
	}

	async #read(signal: AbortSignal): Promise<void> {
		try {
			const relay = await this.parts.relay();
			const isLocal = this.#isLocal;
			const userId = isLocal ? null : this.parts.userOf(await this.parts.access.token(signal));
			// Another person at the same relay sees other projects, in other roles.
			if (userId !== this.#userId) this.#entries = [];
			this.#userId = userId;
			const projects = await relay.projects(signal);
			if (signal.aborted) return;
			const before = new Map(this.#entries.map((entry) => [entry.project.id, entry]));
			this.#entries = projects.map((project) => ({
				project,
				role: before.get(project.id)?.role ?? (isLocal || project.ownerId === this.#userId ? "owner" : null),
				summary: before.get(project.id)?.summary ?? null,
			}));
			this.#announce({ kind: "ready" });
			const waiting = [...projects];
			const work = async () => {
				for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
					await this.#readOne(relay, next, signal);
				}
			};
			await Promise.all(Array.from({ length: atOnce }, work));
		} catch (error) {
			if (signal.aborted || GammaError.is(error, "call.cancelled")) return;
			const reason = toFailure(error).message;
			this.parts.logger.warn("the relay's projects could not be read", { reason });
			this.#announce({ kind: "failed", reason });
		}
	}

	async #readOne(relay: ProjectRelay, project: Project, signal: AbortSignal): Promise<void> {
		const isOwner = this.#isLocal || project.ownerId === this.#userId;
		const [{ items }, members] = await Promise.all([
			relay.jobs({ project: project.id, limit: jobsPerProject }, signal),
			isOwner ? [] : relay.members(project.id, signal),
		]);
		if (signal.aborted) return;
		const role = isOwner ? "owner" : (members.find(({ userId }) => userId === this.#userId)?.role ?? null);
		const summary = summariseJobs(items, this.parts.lookedMs());
		this.#entries = this.#entries.map((entry) =>
			entry.project.id === project.id ? { project, role, summary } : entry,
		);
		this.#announce(this.#state);
	}

	get #isLocal(): boolean {
		const { snapshot } = this.parts.access;
		return snapshot.state === "ready" && snapshot.kind === "local";
	}

	#announce(state: ProjectsState): void {
		this.#state = state;
		if (!this.isDisposed) this.#changed.fire();
	}
}
