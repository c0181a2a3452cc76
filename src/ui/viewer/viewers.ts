import * as vscode from "vscode";
import * as z from "zod/mini";
import { Owner } from "../../core/disposable";
import { placedModel } from "../../core/viewer/placedPolicy";
import { PlaceFiles } from "../../core/viewer/placeFiles";
import { type LoggedPolicy, nearestPolicy } from "../../core/viewer/policyAtStep";
import { subjectOfArtifact } from "../../core/viewer/subjectOfArtifact";
import type { ViewedSubject } from "../../core/viewer/viewedPath";
import { GammaError } from "../../shared/errors";
import type { RunKey } from "../../shared/run";
import { policiesOf } from "../panels/policySteps";
import { placedActor, policyFile, rolloutFile } from "./actorFiles";
import { LoggedModel, ModelFile, runKeyOf } from "./modelSource";
import { keptSubject, ShownActors } from "./shownActors";
import { type ActorSource, ViewerPanel } from "./viewerPanel";
import type { ViewerPorts } from "./viewerPorts";

export const viewerType = "gamma.viewer";
const models = ["xml", "mjcf", "urdf"];
const rollouts = ["npz", "npy", "csv", "tsv", "txt", "json"];
export const loggedViewerType = "gamma.loggedViewer";
const policyAtStep = z.object({ runKey: z.string(), step: z.optional(z.number()) });
const artifact = z.object({ placeId: z.string(), path: z.string() });
const keptPage = z.object({ subject: z.string() });

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

	readonly #shown: ShownActors;

	constructor(private readonly ports: ViewerPorts) {
		super();
		this.#shown = new ShownActors(ports.memory);
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

	/** A panel that stood in a window before its reload. */
	restore(panel: vscode.WebviewPanel, kept: unknown): void {
		const page = keptPage.safeParse(kept);
		const subject = page.success ? parseSubject(page.data.subject) : undefined;
		if (!subject) {
			panel.dispose();
			return;
		}
		this.#fillLogged(panel, { ...subject, actors: this.#shown.of(subject) ?? subject.actors });
	}

	async #openViewer(given: unknown): Promise<void> {
		const placed = artifact.safeParse(given);
		if (placed.success) {
			const { placeId, path } = placed.data;
			const files = new PlaceFiles(await this.ports.placeOf(placeId));
			this.#showLogged(await subjectOfArtifact(files, placeId, path));
			return;
		}
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
		const policies = await policiesOf(this.ports.library, key, new AbortController().signal);
		if (policies.length === 0) {
			throw new GammaError(
				"artifact.missing",
				`${run.name} has logged no policy: a checkpoint as ONNX with its step in its name, and a policy.json beside or above it.`,
			);
		}
		const step = asked.step ?? (await askStep(policies));
		const policy = step === undefined ? undefined : nearestPolicy(policies, step);
		if (!policy) return;
		const placeId = `run:${key}`;
		const files = new PlaceFiles(await this.ports.placeOf(placeId));
		const model = await placedModel(files, policy.specPath);
		this.#showLogged({ placeId, model, actors: [{ kind: "policy", spec: policy.specPath, onnx: policy.path }] });
	}

	/** In the panel of this model where there is one: what moved in it before gives way. */
	#showLogged(subject: ViewedSubject): void {
		const open = [...this.#open.values()].find(
			({ place }) => place?.placeId === subject.placeId && place.model === subject.model,
		);
		if (!open) {
			const run = this.ports.model.run(runKeyOf(subject.placeId) ?? "");
			const title = run?.name ?? subject.model.slice(subject.model.lastIndexOf("/") + 1);
			const place = vscode.ViewColumn.Beside;
			const panel = vscode.window.createWebviewPanel(loggedViewerType, title, place, { enableScripts: true });
			this.#fillLogged(panel, subject);
			return;
		}
		const files = this.#filesOf(subject.placeId);
		subject.actors.forEach((actor, at) => {
			const source = placedActor(files, actor, this.ports.readers);
			if (at === 0) open.showOnly(source);
			else open.add(source);
		});
		open.reveal();
	}

	#fillLogged(panel: vscode.WebviewPanel, { placeId, model, actors }: ViewedSubject): void {
		const files = this.#filesOf(placeId);
		const { ports } = this;
		const source = new LoggedModel(files, placeId, model, ports.readers, ports.model);
		const viewer = this.#add(panel, new ViewerPanel(panel, source, ports, this.#choose, { placeId, model }));
		// Ends with the panel, whose event it is.
		viewer.onDidChangeActors((shown) => this.#shown.keep({ placeId, model }, shown));
		for (const actor of actors) viewer.add(placedActor(files, actor, ports.readers));
	}

	/** Opened when it is first read, and again after a failure. */
	#filesOf(placeId: string): () => Promise<PlaceFiles> {
		let opened: Promise<PlaceFiles> | undefined;
		return () => {
			opened ??= this.ports.placeOf(placeId).then((place) => new PlaceFiles(place));
			opened.catch(() => {
				opened = undefined;
			});
			return opened;
		};
	}

	async #askRun(): Promise<{ readonly runKey: RunKey; readonly step?: number | undefined } | undefined> {
		const runs = [...this.ports.model.snapshot.runs.values()];
		const rows = runs.map(({ key, name, experimentName }) => ({ label: name, description: experimentName, key }));
		const chosen = await vscode.window.showQuickPick(rows, {
			placeHolder: vscode.l10n.t("The run whose policy is to be seen"),
		});
		return chosen && { runKey: chosen.key };
	}

	#add(panel: vscode.WebviewPanel, viewer: ViewerPanel): ViewerPanel {
		const key = viewer.source.uri.toString();
		this.#open.set(key, viewer);
		panel.onDidDispose(() => {
			if (this.#open.get(key) === viewer) this.#open.delete(key);
		});
		return viewer;
	}

	/** Another policy of the same run; null for one in a file, undefined for none. */
	async #chooseCheckpoint(key: RunKey): Promise<LoggedPolicy | null | undefined> {
		const policies = await policiesOf(this.ports.library, key, new AbortController().signal);
		const rows = policies.toReversed().map((policy) => ({ ...rowOf(policy), policy }));
		const file = { label: vscode.l10n.t("In a file…"), policy: null };
		const placeHolder = vscode.l10n.t("The policy to compare with");
		return (await vscode.window.showQuickPick([...rows, file], { placeHolder }))?.policy;
	}

	readonly #choose = async (kind: ActorSource["kind"], panel: ViewerPanel): Promise<void> => {
		if (kind === "rollout") {
			const uri = await pick(vscode.l10n.t("A recorded rollout"), rollouts);
			if (uri) panel.add(rolloutFile(uri, this.ports.readers));
			return;
		}
		const { place } = panel;
		const key = place && runKeyOf(place.placeId);
		const other = place && key ? await this.#chooseCheckpoint(key) : null;
		if (other === undefined) return;
		if (place && other) {
			const file = { kind: "policy", spec: other.specPath, onnx: other.path } as const;
			panel.add(placedActor(this.#filesOf(place.placeId), file, this.ports.readers));
			return;
		}
		const uri = await pick(vscode.l10n.t("A policy.json"), ["json"]);
		if (uri) panel.add((await policyFile(uri)).source);
	};
}

function parseSubject(text: string): ViewedSubject | undefined {
	try {
		return keptSubject.safeParse(JSON.parse(text)).data;
	} catch {
		return undefined;
	}
}

async function pick(title: string, endings: readonly string[]): Promise<vscode.Uri | undefined> {
	const filters = { [title]: [...endings] };
	const [uri] = (await vscode.window.showOpenDialog({ canSelectMany: false, title, filters })) ?? [];
	return uri;
}

async function askStep(policies: readonly LoggedPolicy[]): Promise<number | undefined> {
	const rows = policies.toReversed().map((policy) => ({ ...rowOf(policy), step: policy.step }));
	return (await vscode.window.showQuickPick(rows, { placeHolder: vscode.l10n.t("The step of its training") }))?.step;
}

function rowOf({ path, step }: LoggedPolicy) {
	return { label: `step ${step}`, description: path };
}
