import { join } from "node:path";
import * as vscode from "vscode";
import { lazy } from "./adapters/lazy/lazy";
import { watchForStores } from "./adapters/library/watchForStores";
import { WorkerLibrary } from "./adapters/library/workerLibrary";
import { Owner } from "./core/disposable";
import { jobOfRun } from "./core/jobs/jobAttempts";
import { JobModel } from "./core/jobs/jobModel";
import { once } from "./core/once";
import { RunChoices } from "./core/runs/runChoices";
import { RunModel } from "./core/runs/runModel";
import { lazyAuth } from "./core/session/lazyAuth";
import type { ByteRange } from "./core/stores/trackingStore";
import type { Run, RunKey } from "./shared/run";
import { AgentChatDesk } from "./ui/agent/agentChatDesk";
import { ArtifactDesk } from "./ui/artifacts/artifactDesk";
import { AwsDesk } from "./ui/aws/awsDesk";
import { CodeActions } from "./ui/code/codeActions";
import { CommitFiles } from "./ui/code/commitFiles";
import { StoredDiffDocuments } from "./ui/code/storedDiffDocuments";
import { lazyCommands } from "./ui/commands/lazyCommands";
import { registerCommands } from "./ui/commands/registerCommands";
import { ContextKeys } from "./ui/contextKeys";
import { EditDesk } from "./ui/edits/editDesk";
import { EndNotices } from "./ui/endNotices";
import { type GammaApi, PublicApi } from "./ui/gammaApi";
import { findGitPath } from "./ui/gitPath";
import { InsightDesk } from "./ui/insights/insightDesk";
import { JobSources } from "./ui/jobs/jobSources";
import { JobsPart } from "./ui/jobs/jobsPart";
import { JobsWithoutRelay } from "./ui/jobs/jobsWithoutRelay";
import { TrainingDesk } from "./ui/jobs/trainings/trainingDesk";
import { Links } from "./ui/links";
import { WorkspaceMemory } from "./ui/memory";
import { MmpDesk } from "./ui/mmp/mmpDesk";
import { openOnStart } from "./ui/openOnStart";
import { toLogger } from "./ui/outputLog";
import { ChartsPanels } from "./ui/panels/chartsPanels";
import { ComparePanels } from "./ui/panels/comparePanels";
import type { PanelDeps } from "./ui/panels/panelDeps";
import { RunPanels } from "./ui/panels/runPanels";
import { TablePanels } from "./ui/panels/tablePanels";
import { ProjectDesk } from "./ui/projects/projectDesk";
import { Repository } from "./ui/repository";
import type { RunActions } from "./ui/runActions";
import { ServerSecrets } from "./ui/secrets";
import { RelayDesk } from "./ui/session/relayDesk";
import { SettingsFollower } from "./ui/settingsFollower";
import { ServerRefresh } from "./ui/stores/serverRefresh";
import { WorkspaceStores } from "./ui/stores/workspaceStores";
import { RunsPart } from "./ui/tree/runsPart";
import { ViewerDesk } from "./ui/viewer/viewerDesk";

/** A class's fields are made before its own constructor's parameters are kept, so a base keeps them. */
class InContext extends Owner {
	constructor(protected readonly context: vscode.ExtensionContext) {
		super();
	}
}

const loadArtifacts = () => lazy<typeof import("./adapters/lazy/artifacts")>("artifacts");
const loadAws = () => lazy<typeof import("./adapters/lazy/aws")>("aws");
const loadCode = () => lazy<typeof import("./ui/code/codeParts")>("code");
const loadGithub = () => lazy<typeof import("./adapters/lazy/github")>("github");
const loadJobDialogs = () => lazy<typeof import("./ui/jobs/jobDialogs")>("jobs");
const loadEngine = () => lazy<typeof import("./ui/agent/engine")>("engine");
const loadPanels = () => lazy<typeof import("./ui/panels/panelParts")>("panels");

/** The extension: its parts in the order in which they need each other. */
class Gamma extends InContext {
	readonly #channel = this.own(vscode.window.createOutputChannel("Gamma", { log: true }));
	readonly #logger = toLogger(this.#channel);
	readonly #memory = new WorkspaceMemory(this.context.workspaceState);
	readonly #secrets = new ServerSecrets(this.context.secrets);
	readonly #context = new ContextKeys();

	readonly #library = this.own(
		new WorkerLibrary({
			workerPath: join(this.context.extensionPath, "dist", "libraryWorker.cjs"),
			logger: this.#logger.child("library"),
		}),
	);
	readonly #model = this.own(new RunModel(this.#library));
	readonly #choices = this.own(new RunChoices(this.#memory));
	readonly #repository = this.own(
		new Repository({
			find: async (folder) => {
				const { findRepository } = await lazy<typeof import("./adapters/lazy/git")>("git");
				return findRepository(folder, await findGitPath());
			},
			logger: this.#logger.child("git"),
		}),
	);
	readonly #stores = this.own(
		new WorkspaceStores({
			library: this.#library,
			memory: this.#memory,
			secrets: this.#secrets,
			variables: process.env,
			watchForStores,
			logger: this.#logger.child("stores"),
		}),
	);
	readonly #relay = this.own(
		new RelayDesk({
			secrets: this.context.secrets,
			authOf: (service) =>
				lazyAuth(async () => {
					const { SupabaseAuth } = await lazy<typeof import("./adapters/lazy/supabase")>("supabase");
					return new SupabaseAuth(service);
				}),
			localRelay: async () => {
				const { LocalRelayProcess, relayFolder } =
					await lazy<typeof import("./adapters/lazy/localRelay")>("localRelay");
				const programPath = join(this.context.extensionPath, "dist", "server", "main.js");
				return new LocalRelayProcess({ folder: relayFolder(process.env), programPath, environment: process.env });
			},
			checkRelay: async (url, token) => {
				const { checkRelay } = await lazy<typeof import("./adapters/lazy/relay")>("relay");
				await checkRelay(url, token);
			},
			dialogs: () => lazy<typeof import("./ui/session/sessionParts")>("session"),
			logger: this.#logger.child("relay"),
		}),
	);
	readonly #mmp = this.own(
		new MmpDesk({
			repository: this.#repository,
			relay: this.#relay.access,
			load: () => lazy<typeof import("./adapters/lazy/mmp")>("mmp"),
			dialogs: () => lazy<typeof import("./ui/mmp/setupParts")>("setup"),
			context: this.#context,
		}),
	);
	readonly #aws = this.own(
		new AwsDesk({
			dialogs: () => lazy<typeof import("./ui/aws/awsDialogs")>("awsDialogs"),
			readProfiles: async () => (await loadAws()).readProfiles(),
		}),
	);
	readonly #viewer = this.own(
		new ViewerDesk({
			extensionUri: this.context.extensionUri,
			library: this.#library,
			model: this.#model,
			memory: this.#memory,
			load: () => lazy<typeof import("./ui/viewer/viewerParts")>("viewer"),
			readers: () => lazy<typeof import("./adapters/lazy/viewerReaders")>("viewerReaders"),
			logger: this.#logger.child("viewer"),
		}),
	);
	readonly #jobs = this.own(new JobModel());
	readonly #servers = once(async () => {
		const { ServerConnection } = await lazy<typeof import("./ui/stores/serverConnection")>("servers");
		return new ServerConnection({ stores: this.#stores, model: this.#model, secrets: this.#secrets });
	});

	readonly actions: RunActions = {
		openCharts: (keys) => this.#charts.open(keys),
		openTable: () => this.#table.open(),
		openRun: (key) => this.#runPages.open(key),
		previewRun: (key) => this.#runPages.preview(key),
		compare: (keys) => this.#comparison.open(keys),
		openCodeDiff: (base, other) => this.#code.openCodeDiff(base, other),
		openCommit: (key) => this.#code.openCommit(key),
		openUncommittedDiff: (key) => this.#code.openUncommittedDiff(key),
		checkOutCommit: (key) => this.#code.checkOutCommit(key),
	};
	readonly #deps: PanelDeps = {
		extensionUri: this.context.extensionUri,
		library: this.#library,
		model: this.#model,
		choices: this.#choices,
		actions: this.actions,
		logger: this.#logger.child("panels"),
	};
	readonly #charts = this.own(new ChartsPanels(this.#deps, loadPanels));
	readonly #table = this.own(new TablePanels(this.#deps, loadPanels));
	readonly #comparison = this.own(new ComparePanels(this.#deps, loadPanels, this.#repository.commits));
	readonly #downloads = once(async () => {
		const { ArtifactDownloads } = await lazy<typeof import("./ui/downloads/artifactDownloads")>("downloads");
		return new ArtifactDownloads(this.#library, this.#model);
	});
	readonly #runPages = this.own(
		new RunPanels(this.#deps, loadPanels, {
			preview: async (key, path, sizeBytes, signal) => {
				const { previewArtifact } = await lazy<typeof import("./adapters/lazy/previews")>("previews");
				const read = (range: ByteRange) => this.#library.readArtifact(key, path, range, signal);
				return previewArtifact(read, path, sizeBytes, signal);
			},
			download: async (...asked) => (await this.#downloads()).download(...asked),
			hasGit: () => this.#repository.git !== null,
			branchOf: (run) => this.#repository.names.branchOf(run),
			onDidChangeGit: this.#repository.onDidChange,
			jobOf: (run) => this.#jobOf(run),
			openJob: (id) => this.#jobsView.actions.openJob(id),
			onDidChangeJobs: this.#jobs.onDidChange,
		}),
	);
	readonly #code = new CodeActions({
		git: () => this.#repository.git,
		load: loadCode,
		model: this.#model,
		choices: this.#choices,
		storedDiffs: this.own(new StoredDiffDocuments(this.#library, this.#model, loadCode)),
		openRun: (key) => this.actions.openRun(key),
	});

	readonly #withoutRelay = this.own(
		new JobsWithoutRelay({
			load: () => lazy<typeof import("./core/jobs/makeLocalJobs")>("localJobs"),
			repository: this.#repository,
			runs: this.#model,
			shown: this.#jobs,
			lister: async (host) => {
				const { ActionsClient, githubApiUrl } = await loadGithub();
				return new ActionsClient({ apiUrl: githubApiUrl(process.env, host) });
			},
			dialogs: loadJobDialogs,
			setContext: (key, value) => this.#context.set(key, value),
			logger: this.#logger.child("jobs"),
		}),
	);
	readonly #jobSources = this.own(
		new JobSources({
			access: this.#relay.access,
			model: this.#jobs,
			local: this.#withoutRelay.jobs,
			repository: this.#repository,
			connect: async (parts) => {
				const { connectRelay } = await lazy<typeof import("./adapters/lazy/relay")>("relay");
				return connectRelay({ ...parts, access: this.#relay.access, logger: this.#logger.child("relay") });
			},
			logger: this.#logger.child("relay"),
		}),
	);
	readonly #jobsView = this.own(
		new JobsPart({
			deps: this.#deps,
			loadPanels,
			dialogs: loadJobDialogs,
			loadLogs: () => lazy<typeof import("./ui/jobs/log/jobLogParts")>("logs"),
			jobs: this.#jobs,
			relay: () => this.#jobSources.relay,
			trainings: () => this.#trainings.load(),
			trainingLog: async (name) => (await loadAws()).trainingLog(this.#aws.access, name),
			workflows: once(async () => {
				const { GithubRuns, githubApiUrl } = await loadGithub();
				return new GithubRuns({
					apiUrlOf: (host) => githubApiUrl(process.env, host),
					tokenOf: (host) => this.#withoutRelay.account.token(host),
				});
			}),
			github: this.#withoutRelay.account,
			repository: this.#repository,
			code: this.#code,
			memory: this.#memory,
			refresh: async () => {
				await Promise.all([this.#jobSources.refresh(), this.#withoutRelay.jobs.refresh()]);
				(await this.#trainings.load()).refresh();
			},
			setContext: (key, value) => this.#context.set(key, value),
		}),
	);
	readonly #trainings: TrainingDesk = this.own(
		new TrainingDesk({
			access: this.#aws.access,
			jobs: this.#jobs,
			repository: this.#repository,
			relay: () => this.#jobSources.relay,
			runsOf: (id) => this.#jobsView.runsOf(id),
			view: this.#jobsView.view,
			load: () => lazy<typeof import("./ui/jobs/trainings/trainings")>("trainings"),
			connect: async (choice) => new (await loadAws()).TrainingService(choice),
			endRun: async (uri, runId, status) => {
				const { uri: url, ...server } = await this.#stores.serverAt(uri);
				await (await loadAws()).endServerRun({ url, ...server }, runId, status, Date.now());
			},
			storeUri: (id) => {
				const store = this.#model.snapshot.stores.find((each) => each.id === id);
				return store ? { uri: store.uri, isServer: store.kind === "mlflow-server" } : null;
			},
		}),
	);
	readonly #runs = this.own(
		new RunsPart({
			loadCommands: () => lazy<typeof import("./ui/commands/runsCommands")>("commands"),
			model: this.#model,
			choices: this.#choices,
			repository: this.#repository,
			stores: this.#stores,
			servers: this.#servers,
			memory: this.#memory,
			actions: this.actions,
			jobOf: (run) => this.#jobOf(run),
			openRunOfCommit: (...given) => this.#code.openRunOfCommit(...given),
			refresh: () => this.#refresh(),
			showLog: () => this.#channel.show(),
			setContext: (key, value) => this.#context.set(key, value),
		}),
	);
	readonly #artifacts = this.own(
		new ArtifactDesk({
			load: () => lazy<typeof import("./ui/artifacts/artifacts")>("artifactsView"),
			readers: {
				openFolder: async (path) => new (await loadArtifacts()).FolderArtifacts(path),
				openS3: async (place) => (await loadAws()).openS3Artifacts(this.#aws.access.choice, place),
				preview: async (...given) => (await loadArtifacts()).previewArtifact(...given),
				contents: async (...given) => (await loadArtifacts()).readCheckpointContents(...given),
			},
			library: this.#library,
			runs: this.#model,
			jobs: this.#jobs,
			aws: this.#aws.access,
			relay: () => this.#jobSources.relay,
			memory: this.#memory,
			cacheUri: this.context.globalStorageUri,
			openRelayJob: (id) => this.#jobsView.actions.openJob(id),
			setContext: (key, value) => this.#context.set(key, value),
			logger: this.#logger.child("artifacts"),
		}),
	);
	readonly #projects = this.own(
		new ProjectDesk({
			access: this.#relay.access,
			relay: () => this.#jobSources.demandRelay(),
			load: () => lazy<typeof import("./ui/projects/projects")>("projects"),
			jobs: this.#jobs,
			local: this.#withoutRelay.jobs,
			memory: this.#memory,
			refreshJobs: () => this.#jobSources.refresh(),
			setContext: (key, value) => this.#context.set(key, value),
			logger: this.#logger.child("projects"),
		}),
	);
	readonly #edits = this.own(
		new EditDesk({
			storage: this.context.storageUri ? vscode.Uri.joinPath(this.context.storageUri, "edits") : null,
			load: () => lazy<typeof import("./ui/edits/editReview")>("review"),
			writers: () => lazy<typeof import("./adapters/lazy/edits")>("edits"),
			repository: this.#repository,
			relay: () => this.#jobSources.relay,
			jobs: this.#jobs,
			ask: (prompt) => this.#chat.ask(prompt),
			setContext: (key, value) => this.#context.set(key, value),
			logger: this.#logger.child("edits"),
		}),
	);
	/** The agent's engine, loaded with the first use of the chat. */
	readonly agent = once(async () => {
		const { makeAgent } = await loadEngine();
		return makeAgent({
			context: this.context,
			load: () => lazy<typeof import("./adapters/lazy/anthropic")>("anthropic"),
			gitPath: findGitPath,
			library: this.#library,
			runs: this.#model,
			choices: this.#choices,
			jobs: this.#jobs,
			relay: () => this.#jobSources.relay,
			relayAccess: this.#relay.access,
			edits: this.#edits.edits,
			logger: this.#logger.child("agent"),
		});
	});
	readonly #chat: AgentChatDesk = this.own(
		new AgentChatDesk({
			extensionUri: this.context.extensionUri,
			load: () => lazy<typeof import("./ui/agent/agentChat")>("chat"),
			agent: this.agent,
			edits: this.#edits.edits,
			runs: this.#model,
			choices: this.#choices,
			jobs: this.#jobs,
			actions: this.actions,
			memory: this.#memory,
			logger: this.#logger.child("agent"),
		}),
	);
	readonly #insights = this.own(
		new InsightDesk({
			load: () => lazy<typeof import("./ui/insights/insights")>("insights"),
			model: this.#model,
			library: this.#library,
			openRun: (key) => this.actions.openRun(key),
			ask: (prompt) => this.#chat.ask(prompt),
			stopRun: async (run) => {
				const [job, relay] = [this.#jobOf(run), this.#jobSources.relay];
				if (job?.source !== "relay" || !relay) return false;
				await relay.stop(job.job.id);
				return true;
			},
			logger: this.#logger.child("insights"),
		}),
	);
	readonly api = this.own(new PublicApi(this.#model, this.#jobs, this.actions));

	constructor(context: vscode.ExtensionContext) {
		super(context);
		this.own(new SettingsFollower(this.#choices, this.#memory));
		this.own(new CommitFiles(() => this.#repository.git));
		this.#withoutRelay.follow(this.#jobsView.view);
		this.own(
			new ServerRefresh(
				this.#library,
				this.#model,
				() => this.#runs.view.isVisible,
				this.#runs.view.onDidChangeVisibility,
			),
		);
		this.own(
			openOnStart(process.env.GAMMA_OPEN, { model: this.#model, choices: this.#choices, actions: this.actions }),
		);
		const isToldAsJob = (run: Run) => {
			const tracked = this.#jobOf(run);
			return tracked !== undefined && this.#jobsView.tells(tracked);
		};
		this.own(new EndNotices(this.#model, this.#choices, isToldAsJob, (keys) => this.#openEnded(keys)));
		this.own(
			new Links(
				this.#model,
				this.actions,
				(query) => this.#charts.openLink(query),
				() => this.#stores.snapshot.isSearching,
				(query) => this.#relay.takeCallback(query),
			),
		);
		this.own(
			registerCommands(
				{
					...this.#runs.commands(),
					...this.#jobsView.commands(),
					...this.#withoutRelay.commands(),
					...this.#artifacts.commands(),
					...this.#projects.commands(),
					...this.#relay.commands(),
					...this.#mmp.commands(),
					...this.#edits.commands(),
					...lazyCommands<ReturnType<typeof import("./ui/agent/engine").keyCommands>>(
						{ setAgentKey: true, forgetAgentKey: true },
						async () => (await loadEngine()).keyCommands(this.context.secrets),
					),
					...this.#chat.commands(),
					...this.#aws.commands(),
					...this.#viewer.commands(),
					...this.#insights.commands(),
				},
				this.#logger.child("commands"),
			),
		);
		void this.#stores.look();
		void this.#repository.open();
	}

	#jobOf(run: Run) {
		return jobOfRun(run, this.#jobs.snapshot.jobs.values());
	}

	#openEnded([first, ...others]: readonly RunKey[]): void {
		if (first !== undefined && others.length === 0) this.actions.openRun(first);
		else this.actions.openCharts();
	}

	async #refresh(): Promise<void> {
		await this.#stores.look();
		await this.#library.refresh();
	}
}

export function activate(context: vscode.ExtensionContext): GammaApi {
	const gamma = new Gamma(context);
	context.subscriptions.push(gamma);
	return gamma.api;
}
