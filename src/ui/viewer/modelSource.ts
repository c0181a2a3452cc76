import { dirname } from "node:path";
import * as vscode from "vscode";
import { type Disposable, Owner } from "../../core/disposable";
import { Emitter, type Event } from "../../core/emitter";
import type { CollectedModel } from "../../core/mujoco/collectModelFiles";
import type { RunModel } from "../../core/runs/runModel";
import type { PlaceFiles } from "../../core/viewer/placeFiles";
import type { RunKey } from "../../shared/run";
import type { ViewerReaders } from "./viewerPorts";

/** Several files are saved at once; a file is written in more than one go. */
const settleMs = 150;

/** Where a viewer's model comes from. */
export interface ModelSource extends Disposable {
	/** Names it: the file's address, or that of an artifact. */
	readonly uri: vscode.Uri;
	readonly title: string;
	/** Its files are to be read anew: one was saved, or they can be read by now. */
	readonly onDidChange: Event<void>;
	read(): Promise<CollectedModel>;
	/** Where a path of the model lies, if it is a file that an editor can show. */
	uriOf(path: string): vscode.Uri | null;
}

/** A file, with all that it names within its workspace folder; says when one of them is saved. */
export class ModelFile extends Owner implements ModelSource {
	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;
	readonly #root: string;
	#paths: ReadonlySet<string>;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(
		readonly uri: vscode.Uri,
		private readonly readers: () => Promise<ViewerReaders>,
	) {
		super();
		const folder = vscode.workspace.getWorkspaceFolder(uri);
		this.#root = folder?.uri.scheme === "file" ? folder.uri.fsPath : dirname(uri.fsPath);
		this.#paths = new Set([uri.fsPath]);
		const pattern = new vscode.RelativePattern(vscode.Uri.file(this.#root), "**/*");
		const watcher = this.own(vscode.workspace.createFileSystemWatcher(pattern));
		const look = (changed: vscode.Uri) => {
			if (!this.#paths.has(changed.fsPath)) return;
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => this.#changed.fire(), settleMs);
		};
		this.own(watcher.onDidChange(look));
		this.own(watcher.onDidCreate(look));
		this.own({ dispose: () => clearTimeout(this.#timer) });
	}

	get title(): string {
		return vscode.workspace.asRelativePath(this.uri, false);
	}

	async read(): Promise<CollectedModel> {
		const model = await (await this.readers()).readModel(this.uri.fsPath, this.#root);
		this.#paths = new Set([this.uri, ...model.files.map(({ path }) => this.uriOf(path))].map(({ fsPath }) => fsPath));
		return model;
	}

	uriOf(path: string): vscode.Uri {
		return vscode.Uri.joinPath(vscode.Uri.file(this.#root), path);
	}
}

/** A model among artifacts. What comes back with a reloaded window is read anew once its run is known. */
export class LoggedModel extends Owner implements ModelSource {
	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;

	constructor(
		private readonly files: () => Promise<PlaceFiles>,
		private readonly placeId: string,
		private readonly path: string,
		private readonly readers: () => Promise<ViewerReaders>,
		private readonly runs: RunModel,
	) {
		super();
		if (!this.#isUnknown) return;
		const waiting = this.own(
			runs.onDidChange(() => {
				if (this.#isUnknown) return;
				waiting.dispose();
				this.#changed.fire();
			}),
		);
	}

	get uri(): vscode.Uri {
		return vscode.Uri.from({ scheme: "gamma-model", path: `/${this.placeId}/${this.path}` });
	}

	get title(): string {
		const run = this.runs.run(runKeyOf(this.placeId) ?? "");
		return run ? `${run.name} · ${this.path}` : this.path;
	}

	async read(): Promise<CollectedModel> {
		const { collectModelFiles } = await this.readers();
		return collectModelFiles(this.path, await this.files());
	}

	uriOf(): null {
		return null;
	}

	get #isUnknown(): boolean {
		const key = runKeyOf(this.placeId);
		return key !== null && this.runs.run(key) === undefined;
	}
}

/** The run whose artifacts a place is; null of another place. */
export function runKeyOf(placeId: string): RunKey | null {
	return placeId.startsWith("run:") ? placeId.slice("run:".length) : null;
}
