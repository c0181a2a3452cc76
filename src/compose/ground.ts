import { join } from "node:path";
import * as vscode from "vscode";
import { lazy } from "../adapters/lazy/lazy";
import { watchForStores } from "../adapters/library/watchForStores";
import { WorkerLibrary } from "../adapters/library/workerLibrary";
import type { ContextValues } from "../core/contributions";
import { Owner } from "../core/disposable";
import { jobOfRun } from "../core/jobs/jobAttempts";
import { JobModel } from "../core/jobs/jobModel";
import { RunChoices } from "../core/runs/runChoices";
import { RunModel } from "../core/runs/runModel";
import { lazyAuth } from "../core/session/lazyAuth";
import type { Run } from "../shared/run";
import { AwsDesk } from "../ui/aws/awsDesk";
import { ContextKeys } from "../ui/contextKeys";
import { findGitPath } from "../ui/gitPath";
import { WorkspaceMemory } from "../ui/memory";
import { toLogger } from "../ui/outputLog";
import { Repository } from "../ui/repository";
import { ServerSecrets } from "../ui/secrets";
import { RelayDesk } from "../ui/session/relayDesk";
import { WorkspaceStores } from "../ui/stores/workspaceStores";

/** A class's fields are made before its own constructor's parameters are kept, so a base keeps them. */
export class InContext extends Owner {
	constructor(readonly context: vscode.ExtensionContext) {
		super();
	}
}

export const loadAws = () => lazy<typeof import("../adapters/lazy/aws")>("aws");

/** What all other parts stand on: the runs, the jobs, the repository, and who may be asked with which account. */
export class Ground extends InContext {
	readonly #channel = this.own(vscode.window.createOutputChannel("Gamma", { log: true }));
	readonly logger = toLogger(this.#channel);
	readonly memory = new WorkspaceMemory(this.context.workspaceState);
	readonly secrets = new ServerSecrets(this.context.secrets);
	readonly keys = new ContextKeys();

	readonly library = this.own(
		new WorkerLibrary({
			workerPath: join(this.context.extensionPath, "dist", "libraryWorker.cjs"),
			logger: this.logger.child("library"),
		}),
	);
	readonly model = this.own(new RunModel(this.library));
	readonly choices = this.own(new RunChoices(this.memory));
	readonly repository = this.own(
		new Repository({
			find: async (folder) => {
				const { findRepository } = await lazy<typeof import("../adapters/lazy/git")>("git");
				return findRepository(folder, await findGitPath());
			},
			logger: this.logger.child("git"),
		}),
	);
	readonly stores = this.own(
		new WorkspaceStores({
			library: this.library,
			memory: this.memory,
			secrets: this.secrets,
			variables: process.env,
			watchForStores,
			logger: this.logger.child("stores"),
		}),
	);
	readonly relay = this.own(
		new RelayDesk({
			secrets: this.context.secrets,
			authOf: (service) =>
				lazyAuth(async () => {
					const { SupabaseAuth } = await lazy<typeof import("../adapters/lazy/supabase")>("supabase");
					return new SupabaseAuth(service);
				}),
			localRelay: async () => {
				const { LocalRelayProcess, relayFolder } =
					await lazy<typeof import("../adapters/lazy/localRelay")>("localRelay");
				const programPath = join(this.context.extensionPath, "dist", "server", "main.js");
				return new LocalRelayProcess({ folder: relayFolder(process.env), programPath, environment: process.env });
			},
			checkRelay: async (url, token) => {
				const { checkRelay } = await lazy<typeof import("../adapters/lazy/relay")>("relay");
				await checkRelay(url, token);
			},
			dialogs: () => lazy<typeof import("../ui/session/sessionParts")>("session"),
			logger: this.logger.child("relay"),
		}),
	);
	readonly aws = this.own(
		new AwsDesk({
			dialogs: () => lazy<typeof import("../ui/aws/awsDialogs")>("awsDialogs"),
			readProfiles: async () => (await loadAws()).readProfiles(),
		}),
	);
	readonly jobs = this.own(new JobModel());

	readonly setContext = <K extends keyof ContextValues>(key: K, value: ContextValues[K]): void =>
		this.keys.set(key, value);

	/** The job that a run was trained by, where it is known. */
	jobOf(run: Run) {
		return jobOfRun(run, this.jobs.snapshot.jobs.values());
	}

	showLog(): void {
		this.#channel.show();
	}
}
