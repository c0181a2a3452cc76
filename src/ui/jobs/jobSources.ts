import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import { Emitter } from "../../core/emitter";
import { chooseForge, type ForgeAddress } from "../../core/git/forgeAddress";
import type { JobModel } from "../../core/jobs/jobModel";
import type { RelayJobs, RelayJobsParts } from "../../core/jobs/relayJobs";
import type { JobSource, JobsChange } from "../../core/jobs/trackedJob";
import { WithEarlierJobs } from "../../core/jobs/withEarlierJobs";
import type { Logger } from "../../core/logger";
import type { Relay } from "../../core/relay/relay";
import type { RelayAccess, RelayAccessState } from "../../core/relay/relayAccess";
import { GammaError, toFailure } from "../../shared/errors";
import type { Job } from "../../shared/relay/job";
import type { Project } from "../../shared/relay/project";
import type { Repository } from "../repository";

const firstWordWithinMs = 3_000;

export interface RelayConnection {
	readonly relay: Relay;
	readonly jobs: RelayJobs;
}

export type ConnectionParts = Pick<RelayJobsParts, "url" | "isShown" | "ownCommits" | "urlOf">;

export interface JobSourcesParts {
	readonly access: RelayAccess;
	readonly model: JobModel;
	/** In use while there is no relay; beside one, what it has not heard of. */
	readonly local: JobSource;
	readonly repository: Repository;
	readonly connect: (parts: ConnectionParts) => Promise<RelayConnection>;
	readonly logger: Logger;
}

/** Which source the jobs come from: the relay of this window once it may be asked and the workspace is trusted, else the clone. */
export class JobSources extends Owner {
	#connection: (RelayConnection & { readonly url: string; readonly shown: WithEarlierJobs }) | null = null;
	/** What is being set up; a later one takes its place. */
	#wanted = "";
	#choosing: Promise<void> = Promise.resolve();
	#forge: ForgeAddress | null = null;

	readonly #changed = this.own(new Emitter<void>());
	/** The relay is another one, or none. */
	readonly onDidChange = this.#changed.event;

	constructor(private readonly parts: JobSourcesParts) {
		super();
		const choose = () => {
			this.#choosing = this.#choose();
		};
		this.own(parts.access.onDidChange(choose));
		this.own(vscode.workspace.onDidGrantWorkspaceTrust(choose));
		this.own(parts.repository.onDidChange(() => void this.#readForge()));
		this.own({ dispose: () => this.#disconnect() });
		choose();
	}

	/** Null while there is none that may be asked. */
	get relay(): Relay | null {
		return this.#connection?.relay ?? null;
	}

	/** The relay, once it is connected; rejects with `relay.unauthorized` where there is none that may be asked. */
	async demandRelay(): Promise<Relay> {
		await this.#choosing;
		if (this.relay) return this.relay;
		const message = vscode.l10n.t("There is no relay to ask: start a local one, or connect to your team's.");
		throw new GammaError("relay.unauthorized", message);
	}

	/** Reads the relay's projects anew. */
	async refresh(): Promise<void> {
		await this.#connection?.jobs.look();
	}

	async #choose(): Promise<void> {
		const state = this.#state();
		const wanted = JSON.stringify(state);
		if (wanted === this.#wanted) return;
		this.#wanted = wanted;
		this.#disconnect();
		if (state.state === "ready") return this.#connect(state, wanted);
		this.parts.model.use(state.state === "none" ? this.parts.local : signedOutOf(state.url));
		this.#changed.fire();
	}

	/** In an untrusted workspace nothing is contacted. */
	#state(): RelayAccessState {
		return vscode.workspace.isTrusted ? this.parts.access.snapshot : { state: "none" };
	}

	async #connect({ url, kind }: Extract<RelayAccessState, { state: "ready" }>, wanted: string): Promise<void> {
		try {
			const connection = await this.parts.connect({
				url,
				isShown: (project) => kind === "local" || this.#isOfClone(project),
				ownCommits: async (shas) => (kind === "local" ? new Set(shas) : this.#ownCommits(shas)),
				urlOf: (job, project) => this.#urlOf(job, project, kind),
			});
			if (this.isDisposed || this.#wanted !== wanted) return connection.jobs.dispose();
			const shown = new WithEarlierJobs(connection.jobs, this.parts.local);
			this.#connection = { ...connection, url, shown };
			this.#changed.fire();
			await firstWord(connection.jobs);
			if (!this.isDisposed && this.#wanted === wanted) this.parts.model.use(shown);
		} catch (error) {
			this.parts.logger.error("the relay cannot be used", { reason: toFailure(error).message });
		}
	}

	#disconnect(): void {
		this.#connection?.shown.dispose();
		this.#connection?.jobs.dispose();
		this.#connection = null;
	}

	async #readForge(): Promise<void> {
		const remotes = await this.parts.repository.git?.remotes().catch(() => []);
		const forge = chooseForge(remotes ?? []);
		if (JSON.stringify(forge) === JSON.stringify(this.#forge)) return;
		this.#forge = forge;
		await this.refresh();
	}

	#isOfClone({ repository }: Project): boolean {
		return this.#forge?.repository.toLowerCase() === repository.toLowerCase();
	}

	async #ownCommits(shas: readonly string[]): Promise<ReadonlySet<string>> {
		const lines = await this.parts.repository.git?.commitLines(shas);
		return new Set([...(lines ?? [])].flatMap(([sha, { isOwn }]) => (isOwn ? [sha] : [])));
	}

	/** A local relay's repository may lie on this disk only. */
	#urlOf(job: Job, project: Project, kind: "local" | "shared"): string | null {
		const isClone = this.#isOfClone(project);
		if (kind === "local" && !isClone) return null;
		const host = (isClone && this.#forge?.host) || "github.com";
		const page = job.workflowRunId === null ? `commit/${job.commitSha}` : `actions/runs/${job.workflowRunId}`;
		return `https://${host}/${project.repository}/${page}`;
	}
}

/** What was shown stays until there is something to show in its place, but not longer than a few seconds. */
function firstWord(source: JobSource): Promise<void> {
	const isConnecting = () => source.snapshot.state.kind === "connecting";
	if (!isConnecting()) return Promise.resolve();
	return new Promise((done) => {
		const end = () => {
			clearTimeout(timer);
			following.dispose();
			done();
		};
		const timer = setTimeout(end, firstWordWithinMs);
		const following = source.onDidChange(() => {
			if (!isConnecting()) end();
		});
	});
}

function signedOutOf(url: string): JobSource {
	const never = new Emitter<JobsChange>();
	return { snapshot: { state: { kind: "signedOut", url }, projects: [], jobs: new Map() }, onDidChange: never.event };
}
