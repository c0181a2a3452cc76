import { join } from "node:path";
import { lazy } from "../adapters/lazy/lazy";
import { Owner } from "../core/disposable";
import { once } from "../core/once";
import { JobSources } from "../ui/jobs/jobSources";
import type { WatchedView } from "../ui/jobs/jobsAttention";
import { JobsPart } from "../ui/jobs/jobsPart";
import { JobsWithoutRelay } from "../ui/jobs/jobsWithoutRelay";
import { TrainingDesk } from "../ui/jobs/trainings/trainingDesk";
import { SeenTogether } from "../ui/seenTogether";
import { SummaryDesk } from "../ui/summaries/summaryDesk";
import { type Ground, loadAws } from "./ground";
import { loadPanels, type RunParts } from "./runParts";

const loadGithub = () => lazy<typeof import("../adapters/lazy/github")>("github");
const loadJobDialogs = () => lazy<typeof import("../ui/jobs/jobDialogs")>("jobs");

class OnGround extends Owner {
	constructor(
		protected readonly ground: Ground,
		protected readonly runs: RunParts,
	) {
		super();
	}
}

/** The jobs in the editor: where they are heard of, their view, and what trains them. */
export class JobParts extends OnGround {
	readonly withoutRelay = this.own(
		new JobsWithoutRelay({
			load: () => lazy<typeof import("../core/jobs/makeLocalJobs")>("localJobs"),
			repository: this.ground.repository,
			runs: this.ground.model,
			shown: this.ground.jobs,
			lister: async (host) => {
				const { ActionsClient, githubApiUrl } = await loadGithub();
				return new ActionsClient({ apiUrl: githubApiUrl(process.env, host) });
			},
			dialogs: loadJobDialogs,
			setContext: this.ground.setContext,
			logger: this.ground.logger.child("jobs"),
		}),
	);
	readonly sources = this.own(
		new JobSources({
			access: this.ground.relay.access,
			model: this.ground.jobs,
			local: this.withoutRelay.jobs,
			repository: this.ground.repository,
			connect: async (parts) => {
				const { connectRelay } = await lazy<typeof import("../adapters/lazy/relay")>("relay");
				return connectRelay({ ...parts, access: this.ground.relay.access, logger: this.ground.logger.child("relay") });
			},
			logger: this.ground.logger.child("relay"),
		}),
	);
	readonly #summaries = this.own(
		new SummaryDesk({
			context: this.ground.context,
			load: () => lazy<typeof import("../adapters/lazy/anthropic")>("anthropic"),
			loadSummaries: () => lazy<typeof import("../ui/summaries/summaries")>("summaries"),
			repository: this.ground.repository,
			jobs: this.ground.jobs,
			relay: () => this.sources.relay,
			relayAccess: this.ground.relay.access,
			jobOfRow: (row) => this.part.jobOfRow(row),
			openJob: (id) => this.part.actions.openJob(id),
			logger: this.ground.logger.child("summaries"),
		}),
	);
	readonly part: JobsPart = this.own(
		new JobsPart({
			deps: this.runs.deps,
			loadPanels,
			dialogs: loadJobDialogs,
			loadLogs: () => lazy<typeof import("../ui/jobs/log/jobLogParts")>("logs"),
			jobs: this.ground.jobs,
			relay: () => this.sources.relay,
			trainings: () => this.#trainings.load(),
			trainingLog: async (name) => (await loadAws()).trainingLog(this.ground.aws.access, name),
			workflows: once(async () => {
				const { GithubRuns, githubApiUrl } = await loadGithub();
				return new GithubRuns({
					apiUrlOf: (host) => githubApiUrl(process.env, host),
					tokenOf: (host) => this.withoutRelay.account.token(host),
				});
			}),
			github: this.withoutRelay.account,
			repository: this.ground.repository,
			code: this.runs.code,
			summaries: this.#summaries,
			memory: this.ground.memory,
			refresh: async () => {
				await Promise.all([this.sources.refresh(), this.withoutRelay.jobs.refresh()]);
				(await this.#trainings.load()).refresh();
			},
			setContext: this.ground.setContext,
		}),
	);
	readonly #priceLists = once(async () => {
		const folder = join(this.ground.context.globalStorageUri.fsPath, "prices");
		return new (await loadAws()).PriceLists({ folder });
	});
	/** Where trainings are looked at. */
	readonly #seen = this.own(new SeenTogether());
	readonly #trainings: TrainingDesk = this.own(
		new TrainingDesk({
			access: this.ground.aws.access,
			jobs: this.ground.jobs,
			repository: this.ground.repository,
			relay: () => this.sources.relay,
			runsOf: (id) => this.part.runsOf(id),
			view: this.#seen,
			load: () => lazy<typeof import("../ui/jobs/trainings/trainings")>("trainings"),
			connect: async (choice) => new (await loadAws()).TrainingService(choice),
			prices: async (region, signal) => (await this.#priceLists()).list(region, signal),
			endRun: async (uri, runId, status) => {
				const { uri: url, ...server } = await this.ground.stores.serverAt(uri);
				await (await loadAws()).endServerRun({ url, ...server }, runId, status, Date.now());
			},
			storeUri: (id) => {
				const store = this.ground.model.snapshot.stores.find((each) => each.id === id);
				return store ? { uri: store.uri, isServer: store.kind === "mlflow-server" } : null;
			},
		}),
	);

	constructor(ground: Ground, runs: RunParts) {
		super(ground, runs);
		this.withoutRelay.follow(this.part.view);
		this.watchTrainingsIn(this.part.view);
		this.watchTrainingsIn(this.part.pages);
	}

	/** The relay that this window asks; null while none is known, or none may be asked. */
	get relay() {
		return this.sources.relay;
	}

	/** SageMaker is asked while this can be seen, too. */
	watchTrainingsIn(view: WatchedView): void {
		this.#seen.add(view);
	}

	/** SageMaker's part, loaded when it is first needed. */
	trainings() {
		return this.#trainings.load();
	}

	commands() {
		return { ...this.part.commands(), ...this.withoutRelay.commands(), ...this.#summaries.commands() };
	}
}
