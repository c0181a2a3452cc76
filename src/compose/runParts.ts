import { lazy } from "../adapters/lazy/lazy";
import { Owner } from "../core/disposable";
import { once } from "../core/once";
import type { ByteRange } from "../core/stores/trackingStore";
import { CodeActions } from "../ui/code/codeActions";
import { StoredDiffDocuments } from "../ui/code/storedDiffDocuments";
import { ChartsPanels } from "../ui/panels/chartsPanels";
import { ComparePanels } from "../ui/panels/comparePanels";
import type { PanelDeps } from "../ui/panels/panelDeps";
import type { RunPanelOptions } from "../ui/panels/runPanelOptions";
import { RunPanels } from "../ui/panels/runPanels";
import { TablePanels } from "../ui/panels/tablePanels";
import type { RunActions } from "../ui/runActions";
import { RunsPart } from "../ui/tree/runsPart";
import { WhyPanels } from "../ui/why/whyPanels";
import type { Ground } from "./ground";

const loadCode = () => lazy<typeof import("../ui/code/codeParts")>("code");
export const loadPanels = () => lazy<typeof import("../ui/panels/panelParts")>("panels");

class OnGround extends Owner {
	constructor(
		protected readonly ground: Ground,
		protected readonly openJob: (id: string) => void,
		protected readonly download: RunPanelOptions["download"],
	) {
		super();
	}
}

/** The runs in the editor: their tree, their panels, and the code that they came from. */
export class RunParts extends OnGround {
	readonly #servers = once(async () => {
		const { ServerConnection } = await lazy<typeof import("../ui/stores/serverConnection")>("servers");
		return new ServerConnection({ stores: this.ground.stores, model: this.ground.model, secrets: this.ground.secrets });
	});

	readonly actions: RunActions = {
		openCharts: (...given) => this.#charts.open(...given),
		openTable: () => this.#table.open(),
		openRun: (key) => this.#runPages.open(key),
		previewRun: (key) => this.#runPages.preview(key),
		compare: (keys) => this.#comparison.open(keys),
		askWhy: (base, other) => this.#why.open(base, other),
		openCodeDiff: (base, other) => this.code.openCodeDiff(base, other),
		openCommit: (key) => this.code.openCommit(key),
		openUncommittedDiff: (key) => this.code.openUncommittedDiff(key),
		checkOutCommit: (key) => this.code.checkOutCommit(key),
	};
	readonly deps: PanelDeps = {
		extensionUri: this.ground.context.extensionUri,
		library: this.ground.library,
		model: this.ground.model,
		choices: this.ground.choices,
		actions: this.actions,
		logger: this.ground.logger.child("panels"),
	};
	readonly #charts = this.own(new ChartsPanels(this.deps, loadPanels));
	readonly #table = this.own(new TablePanels(this.deps, loadPanels));
	readonly #comparison = this.own(new ComparePanels(this.deps, loadPanels, this.ground.repository.commits));
	readonly #why = this.own(
		new WhyPanels(
			{
				deps: this.deps,
				repository: this.ground.repository,
				secrets: this.ground.context.secrets,
				jobs: this.ground.jobs,
				relayAccess: this.ground.relay.access,
				loadClaude: () => lazy<typeof import("../adapters/lazy/anthropic")>("anthropic"),
				writers: () => lazy<typeof import("../adapters/lazy/edits")>("edits"),
			},
			() => lazy<typeof import("../ui/why/whyPanel")>("why"),
		),
	);
	readonly #runPages = this.own(
		new RunPanels(this.deps, loadPanels, {
			preview: async (key, path, sizeBytes, signal) => {
				const { previewArtifact } = await lazy<typeof import("../adapters/lazy/previews")>("previews");
				const read = (range: ByteRange) => this.ground.library.readArtifact(key, path, range, signal);
				return previewArtifact(read, path, sizeBytes, signal);
			},
			download: (...asked) => this.download(...asked),
			hasGit: () => this.ground.repository.git !== null,
			branchOf: (run) => this.ground.repository.names.branchOf(run),
			onDidChangeGit: this.ground.repository.onDidChange,
			jobOf: (run) => this.ground.jobOf(run),
			openJob: this.openJob,
			onDidChangeJobs: this.ground.jobs.onDidChange,
		}),
	);
	readonly code = new CodeActions({
		git: () => this.ground.repository.git,
		load: loadCode,
		model: this.ground.model,
		choices: this.ground.choices,
		storedDiffs: this.own(new StoredDiffDocuments(this.ground.library, this.ground.model, loadCode)),
		openRun: (key) => this.actions.openRun(key),
	});

	readonly #tree = this.own(
		new RunsPart({
			loadCommands: () => lazy<typeof import("../ui/commands/runsCommands")>("commands"),
			model: this.ground.model,
			choices: this.ground.choices,
			repository: this.ground.repository,
			stores: this.ground.stores,
			servers: this.#servers,
			memory: this.ground.memory,
			actions: this.actions,
			jobOf: (run) => this.ground.jobOf(run),
			openRunOfCommit: (...given) => this.code.openRunOfCommit(...given),
			refresh: () => this.#refresh(),
			showLog: () => this.ground.showLog(),
			setContext: this.ground.setContext,
		}),
	);

	get view() {
		return this.#tree.view;
	}

	commands() {
		return this.#tree.commands();
	}

	openLink(query: string) {
		return this.#charts.openLink(query);
	}

	async #refresh(): Promise<void> {
		await this.ground.stores.look();
		await this.ground.library.refresh();
	}
}
