import * as vscode from "vscode";
import * as z from "zod/mini";
import { Owner } from "../../core/disposable";
import { type LoggedPolicy, nearestPolicy, policiesAmong } from "../../core/viewer/policyAtStep";
import { GammaError } from "../../shared/errors";
import type { RunKey } from "../../shared/run";
import { walkArtifacts } from "../downloads/walkArtifacts";
import { loggedPolicy, policyFile, rolloutFile } from "./actorFiles";
import { LoggedModel, ModelFile } from "./modelSource";
import { type ActorSource, ViewerPanel } from "./viewerPanel";
import type { ViewerPorts } from "./viewerPorts";

export const viewerType = "gamma.viewer";
const models = ["xml", "mjcf", "urdf"];
const rollouts = ["npz", "npy", "csv", "tsv", "txt", "json"];
const policyAtStep = z.object({ runKey: z.string(), step: z.optional(z.number()) });

/** The file of the text editor in front, where it may be a model. */
function modelInFront(): vscode.Uri | undefined {
	const uri = vscode.window.activeTextEditor?.document.uri;
	return models.some((extension) => uri?.path.endsWith(`.${extension}`)) ? uri : undefined;
}

/** All open viewers: of files as read-only editors, of runs' checkpoints as panels. */
export class Viewers extends Owner {
	readonly #open = new Map<string, ViewerPanel>();
	/** What is to be shown in a viewer that the editor is opening just now. */
	readonly #awaited = new Map<string, ActorSource>();

	constructor(private readonly ports: ViewerPorts) {
		super();
		this.own({ dispose: () => [...this.#open.values()].map((panel) => panel.dispose()) });
	}

	/** The editor made a tab for a file and wants it filled. */
	fill(uri: vscode.Uri, panel: vscode.WebviewPanel): void {
		const source = new ModelFile(uri, this.ports.readers);
		const viewer = this.#add(panel, new ViewerPanel(panel, source, this.ports, this.#choose));
		const key = uri.toString();
		const awaited = this.#awaited.get(key);
		this.#awaited.delete(key);
		if (awaited) viewer.add(awaited);
	}

	commands() {
		return {
			openViewer: (given: unknown) => this.#openViewer(given),
			openPolicyAtStep: (given: unknown) => this.#openPolicyAtStep(given),
			saveViewerPicture: async () => [...this.#open.values()].find(({ isActive }) => isActive)?.savePicture(),
		};
	}

	async #openViewer(given: unknown): Promise<void> {
		const known = given instanceof vscode.Uri ? given : modelInFront();
		const uri = known ?? (await pick(vscode.l10n.t("A robot model"), [...models, "json"]));
		if (!uri) return;
		if (!uri.path.endsWith(".json")) {
			await this.#openFile(uri, null);
			return;
		}
		const { model, source } = await policyFile(uri);
		await this.#openFile(model, source);
	}

	async #openFile(uri: vscode.Uri, actor: ActorSource | null): Promise<void> {
		const open = this.#open.get(uri.toString());
		if (actor && open) open.showOnly(actor);
		else if (actor) this.#awaited.set(uri.toString(), actor);
		await vscode.commands.executeCommand("vscode.openWith", uri, viewerType);
	}

	async #openPolicyAtStep(given: unknown): Promise<void> {
		const asked = given === undefined ? await this.#askRun() : policyAtStep.parse(given);
		if (!asked) return;
		const { runKey: key } = asked;
		const run = this.ports.model.snapshot.runs.get(key);
		if (!run) throw new GammaError("run.missing", "This run is not known here any more.");
		const sizes = await this.#artifactsOf(key);
		const policies = policiesAmong([...sizes.keys()]);
		if (policies.length === 0) {
			throw new GammaError(
				"artifact.missing",
				`${run.name} has logged no policy: a checkpoint as ONNX with its step in its name, and a policy.json beside or above it.`,
			);
		}
		const step = asked.step ?? (await askStep(policies));
		const policy = step === undefined ? undefined : nearestPolicy(policies, step);
		if (!policy) return;
		const { modelPath, source } = await loggedPolicy(this.ports.library, key, policy);
		const model = new LoggedModel(
			this.ports.library,
			key,
			modelPath,
			sizes,
			this.ports.readers,
			`${run.name} · ${modelPath}`,
		);
		const open = this.#open.get(model.uri.toString());
		if (open) {
			open.showOnly(source);
			open.reveal();
			return;
		}
		const panel = vscode.window.createWebviewPanel("gamma.loggedViewer", run.name, vscode.ViewColumn.Beside, {
			enableScripts: true,
		});
		this.#add(panel, new ViewerPanel(panel, model, this.ports, this.#choose)).add(source);
	}

	async #askRun(): Promise<{ readonly runKey: RunKey; readonly step?: number | undefined } | undefined> {
		const runs = [...this.ports.model.snapshot.runs.values()];
		const rows = runs.map(({ key, name, experimentName }) => ({ label: name, description: experimentName, key }));
		const chosen = await vscode.window.showQuickPick(rows, {
			placeHolder: vscode.l10n.t("The run whose policy is to be seen"),
		});
		return chosen && { runKey: chosen.key };
	}

	async #artifactsOf(key: RunKey): Promise<ReadonlyMap<string, number | null>> {
		const sizes = new Map<string, number | null>();
		for await (const { path, sizeBytes } of walkArtifacts(this.ports.library, key, "", new AbortController().signal)) {
			sizes.set(path, sizeBytes);
		}
		return sizes;
	}

	#add(panel: vscode.WebviewPanel, viewer: ViewerPanel): ViewerPanel {
		const key = viewer.source.uri.toString();
		this.#open.set(key, viewer);
		panel.onDidDispose(() => {
			if (this.#open.get(key) === viewer) this.#open.delete(key);
		});
		return viewer;
	}

	readonly #choose = async (kind: ActorSource["kind"], panel: ViewerPanel): Promise<void> => {
		if (kind === "rollout") {
			const uri = await pick(vscode.l10n.t("A recorded rollout"), rollouts);
			if (uri) panel.add(rolloutFile(uri, this.ports.readers));
			return;
		}
		const uri = await pick(vscode.l10n.t("A policy.json"), ["json"]);
		if (uri) panel.add((await policyFile(uri)).source);
	};
}

async function pick(title: string, endings: readonly string[]): Promise<vscode.Uri | undefined> {
	const filters = { [title]: [...endings] };
	const [uri] = (await vscode.window.showOpenDialog({ canSelectMany: false, title, filters })) ?? [];
	return uri;
}

async function askStep(policies: readonly LoggedPolicy[]): Promise<number | undefined> {
	const rows = policies.toReversed().map(({ path, step }) => ({ label: `step ${step}`, description: path, step }));
	return (await vscode.window.showQuickPick(rows, { placeHolder: vscode.l10n.t("The step of its training") }))?.step;
}
