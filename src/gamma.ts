import type * as vscode from "vscode";
import { lazy } from "./adapters/lazy/lazy";
import { AgentParts } from "./compose/agentParts";
import { Ground, InContext, loadAws } from "./compose/ground";
import { JobParts } from "./compose/jobParts";
import { RunParts } from "./compose/runParts";
import type { Run, RunKey } from "./shared/run";
import { ArtifactDesk } from "./ui/artifacts/artifactDesk";
import { CommitFiles } from "./ui/code/commitFiles";
import { registerCommands } from "./ui/commands/registerCommands";
import { EndNotices } from "./ui/endNotices";
import { type GammaApi, PublicApi } from "./ui/gammaApi";
import { Links } from "./ui/links";
import { MmpDesk } from "./ui/mmp/mmpDesk";
import { openOnStart } from "./ui/openOnStart";
import { ProjectDesk } from "./ui/projects/projectDesk";
import { SettingsFollower } from "./ui/settingsFollower";
import { ServerRefresh } from "./ui/stores/serverRefresh";
import { ViewerDesk } from "./ui/viewer/viewerDesk";

const loadArtifacts = () => lazy<typeof import("./adapters/lazy/artifacts")>("artifacts");

/** The extension: its parts in the order in which they need each other. */
class Gamma extends InContext {
	readonly #ground = this.own(new Ground(this.context));
	readonly #runs: RunParts = this.own(
		new RunParts(
			this.#ground,
			(id) => this.#jobs.part.actions.openJob(id),
			(...asked) => this.#artifacts.download(...asked),
		),
	);
	readonly #jobs = this.own(new JobParts(this.#ground, this.#runs));
	readonly #agent = this.own(new AgentParts(this.#ground, this.#runs, this.#jobs));
	readonly #mmp = this.own(
		new MmpDesk({
			repository: this.#ground.repository,
			relay: this.#ground.relay.access,
			load: () => lazy<typeof import("./adapters/lazy/mmp")>("mmp"),
			dialogs: () => lazy<typeof import("./ui/mmp/setupParts")>("setup"),
			context: this.#ground.keys,
		}),
	);
	readonly #viewer = this.own(
		new ViewerDesk({
			extensionUri: this.context.extensionUri,
			library: this.#ground.library,
			model: this.#ground.model,
			memory: this.#ground.memory,
			placeOf: (id) => this.#artifacts.place(id),
			load: () => lazy<typeof import("./ui/viewer/viewerParts")>("viewer"),
			readers: () => lazy<typeof import("./adapters/lazy/viewerReaders")>("viewerReaders"),
			logger: this.#ground.logger.child("viewer"),
		}),
	);
	readonly #artifacts: ArtifactDesk = this.own(
		new ArtifactDesk({
			load: () => lazy<typeof import("./ui/artifacts/artifacts")>("artifactsView"),
			readers: {
				openFolder: async (path) => new (await loadArtifacts()).FolderArtifacts(path),
				openS3: async (place) => (await loadAws()).openS3Artifacts(this.#ground.aws.access.choice, place),
				openLent: async (lent) => new (await loadArtifacts()).RelayArtifacts(lent),
				preview: async (...given) => (await loadArtifacts()).previewArtifact(...given),
				contents: async (...given) => (await loadArtifacts()).readCheckpointContents(...given),
			},
			library: this.#ground.library,
			runs: this.#ground.model,
			jobs: this.#ground.jobs,
			aws: this.#ground.aws.access,
			relay: () => this.#jobs.relay,
			continueTraining: async (...given) => (await this.#jobs.trainings()).continueFrom(...given),
			memory: this.#ground.memory,
			openRelayJob: (id) => this.#jobs.part.actions.openJob(id),
			setContext: this.#ground.setContext,
			logger: this.#ground.logger.child("artifacts"),
		}),
	);
	readonly #projects = this.own(
		new ProjectDesk({
			access: this.#ground.relay.access,
			relay: () => this.#jobs.sources.demandRelay(),
			load: () => lazy<typeof import("./ui/projects/projects")>("projects"),
			jobs: this.#ground.jobs,
			local: this.#jobs.withoutRelay.jobs,
			memory: this.#ground.memory,
			refreshJobs: () => this.#jobs.sources.refresh(),
			setContext: this.#ground.setContext,
			logger: this.#ground.logger.child("projects"),
		}),
	);
	readonly api = this.own(new PublicApi(this.#ground.model, this.#ground.jobs, this.#runs.actions));

	constructor(context: vscode.ExtensionContext) {
		super(context);
		this.#jobs.watchTrainingsIn(this.#artifacts.seen);
		this.own(new SettingsFollower(this.#ground.choices, this.#ground.memory));
		this.own(new CommitFiles(() => this.#ground.repository.git));
		this.own(
			new ServerRefresh(
				this.#ground.library,
				this.#ground.model,
				() => this.#runs.view.isVisible,
				this.#runs.view.onDidChangeVisibility,
			),
		);
		this.own(
			openOnStart(process.env.GAMMA_OPEN, {
				model: this.#ground.model,
				choices: this.#ground.choices,
				actions: this.#runs.actions,
			}),
		);
		const isToldAsJob = (run: Run) => {
			const tracked = this.#ground.jobOf(run);
			return tracked !== undefined && this.#jobs.part.tells(tracked);
		};
		this.own(new EndNotices(this.#ground.model, this.#ground.choices, isToldAsJob, (keys) => this.#openEnded(keys)));
		this.own(
			new Links(
				this.#ground.model,
				this.#runs.actions,
				(query) => this.#runs.openLink(query),
				() => this.#ground.stores.snapshot.isSearching,
				(query) => this.#ground.relay.takeCallback(query),
			),
		);
		this.own(
			registerCommands(
				{
					...this.#runs.commands(),
					...this.#jobs.commands(),
					...this.#artifacts.commands(),
					...this.#projects.commands(),
					...this.#ground.relay.commands(),
					...this.#mmp.commands(),
					...this.#agent.commands(),
					...this.#ground.aws.commands(),
					...this.#viewer.commands(),
				},
				this.#ground.logger.child("commands"),
			),
		);
		void this.#ground.stores.look();
		void this.#ground.repository.open();
	}

	#openEnded([first, ...others]: readonly RunKey[]): void {
		if (first !== undefined && others.length === 0) this.#runs.actions.openRun(first);
		else this.#runs.actions.openCharts();
	}
}

export function activate(context: vscode.ExtensionContext): GammaApi {
	const gamma = new Gamma(context);
	context.subscriptions.push(gamma);
	return gamma.api;
}
