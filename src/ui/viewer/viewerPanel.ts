import * as vscode from "vscode";
import { Emitter } from "../../core/emitter";
import type { RolloutSizes } from "../../core/rollouts/rolloutArrays";
import { problemOfModel } from "../../core/viewer/problemOfModel";
import type { ViewedFile, ViewedSubject } from "../../core/viewer/viewedPath";
import type { Handlers } from "../../shared/call";
import { GammaError } from "../../shared/errors";
import { type PolicyFiles, type ViewedActor, type ViewerState, viewerCalls } from "../../shared/panels/viewerPanel";
import type { Rollout } from "../../shared/policy/rollout";
import { Panel } from "../panels/panel";
import type { ModelSource } from "./modelSource";
import { plainBytes } from "./plainBytes";
import type { ViewerPorts } from "./viewerPorts";

/** What is played in the viewer: read when the panel asks for it. */
export type ActorSource = {
	readonly name: string;
	/** Where it is among the artifacts of the model's own place; null for a file. */
	readonly file: ViewedFile | null;
} & (
	| { readonly kind: "rollout"; readonly read: (sizes: RolloutSizes) => Promise<Rollout> }
	| { readonly kind: "policy"; readonly read: () => Promise<PolicyFiles> }
);

/** Two at once: the second is a ghost, or stands beside the first. */
const mostActors = 2;

/** The viewer of one model in an editor tab. */
export class ViewerPanel extends Panel<typeof viewerCalls, ViewerState> {
	readonly #actors: { readonly id: number; readonly source: ActorSource }[] = [];
	readonly #actorsChanged = this.own(new Emitter<readonly ViewedFile[]>());
	/** Those out of the model's own place, whenever others are shown. */
	readonly onDidChangeActors = this.#actorsChanged.event;
	#nextId = 1;
	#revision = 1;
	#wanted: ViewerState["wanted"] = null;

	constructor(
		panel: vscode.WebviewPanel,
		readonly source: ModelSource,
		private readonly ports: ViewerPorts,
		private readonly chooseActor: (kind: ActorSource["kind"], panel: ViewerPanel) => Promise<void>,
		/** Of a model among artifacts. */
		readonly place: Pick<ViewedSubject, "placeId" | "model"> | null = null,
	) {
		super(
			panel,
			{ viewType: "gamma.viewer", script: "viewer", calls: viewerCalls, runsWasm: true },
			ports.extensionUri,
			ports.logger,
		);
		this.own(source);
		this.own(
			source.onDidChange(() => {
				this.#revision++;
				this.invalidate();
			}),
		);
	}

	get isActive(): boolean {
		return this.panel.active;
	}

	reveal(): void {
		this.panel.reveal();
	}

	/** What is shown beside the model out of its own place, so that a reloaded window finds it again. */
	get #files(): readonly ViewedFile[] {
		return this.#actors.flatMap(({ source: { file } }) => (file ? [file] : []));
	}

	/** Shows one more; of more than two the latest. */
	add(source: ActorSource): void {
		this.#actors.push({ id: this.#nextId++, source });
		this.#actors.splice(0, this.#actors.length - mostActors);
		this.#showActors();
	}

	/** Shows this one alone. */
	showOnly(source: ActorSource): void {
		this.#actors.length = 0;
		this.add(source);
	}

	savePicture(): void {
		this.#wanted = { id: this.#nextId++, action: "savePicture" };
		this.invalidate();
	}

	protected state(): ViewerState {
		const { webview } = this.panel;
		const wasm = (name: string) =>
			webview.asWebviewUri(vscode.Uri.joinPath(this.ports.extensionUri, "dist", "webview", `${name}.wasm`)).toString();
		return {
			hostNowMs: Date.now(),
			uri: this.source.uri.toString(),
			title: this.source.title,
			revision: this.#revision,
			wasm: { mujoco: wasm("mujoco"), onnx: wasm("onnxruntime") },
			actors: this.#actors.map(({ id, source: { kind, name } }): ViewedActor => ({ id, kind, name })),
			wanted: this.#wanted,
			subject: this.place && JSON.stringify({ ...this.place, actors: this.#files } satisfies ViewedSubject),
		};
	}

	protected handlers(): Handlers<typeof viewerCalls> {
		return {
			readModel: () => this.#readModel().catch(problemOfModel),
			readRollout: async ({ id, sizes }) => {
				const source = this.#actor(id);
				if (source.kind !== "rollout") throw new GammaError("call.invalid", `${source.name} is no rollout.`);
				return source.read(sizes);
			},
			readPolicy: async ({ id }) => {
				const source = this.#actor(id);
				if (source.kind !== "policy") throw new GammaError("call.invalid", `${source.name} is no policy.`);
				const { spec, onnx } = await source.read();
				return { spec, onnx: plainBytes(onnx) };
			},
			choose: ({ kind }) => this.chooseActor(kind, this),
			remove: ({ id }) => {
				const at = this.#actors.findIndex((actor) => actor.id === id);
				if (at >= 0) this.#actors.splice(at, 1);
				this.#showActors();
			},
			openSource: ({ path, line }) => this.#openSource(path, line),
			save: ({ format, base64 }) => this.#save(format, base64),
		};
	}

	#showActors(): void {
		this.#actorsChanged.fire(this.#files);
		this.invalidate();
	}

	async #readModel() {
		const { files, ...model } = await this.source.read();
		return { ...model, files: files.map(({ path, bytes }) => ({ path, bytes: plainBytes(bytes) })) };
	}

	#actor(id: number): ActorSource {
		const found = this.#actors.find((actor) => actor.id === id);
		if (found) return found.source;
		throw new GammaError("call.invalid", "This recording or policy is not open any more.");
	}

	async #openSource(path: string, line: number | null): Promise<void> {
		const uri = this.source.uriOf(path);
		if (!uri) return;
		const at = new vscode.Position(Math.max(0, (line ?? 1) - 1), 0);
		await vscode.window.showTextDocument(uri, {
			selection: new vscode.Range(at, at),
			viewColumn: vscode.ViewColumn.Beside,
		});
	}

	async #save(format: "png" | "webm", base64: string): Promise<boolean> {
		const name = (this.source.title.split("/").at(-1) ?? "model").replace(/\.\w+$/, "");
		const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
		const target = await vscode.window.showSaveDialog({
			filters: { [format.toUpperCase()]: [format] },
			...(folder ? { defaultUri: vscode.Uri.joinPath(folder, `${name}.${format}`) } : {}),
		});
		if (!target) return false;
		await vscode.workspace.fs.writeFile(target, Buffer.from(base64, "base64"));
		return true;
	}
}
