import { dirname } from "node:path";
import * as vscode from "vscode";
import { type Disposable, Owner } from "../../core/disposable";
import { Emitter, type Event } from "../../core/emitter";
import type { CollectedModel } from "../../core/mujoco/collectModelFiles";
import type { RunLibrary } from "../../core/stores/runLibrary";
import type { RunKey } from "../../shared/run";
import type { ViewerReaders } from "./viewerPorts";

/** Several files are saved at once; a file is written in more than one go. */
const settleMs = 150;

/** Where a viewer's model comes from. */
export interface ModelSource extends Disposable {
	/** Names it: the file's address, or that of an artifact. */
	readonly uri: vscode.Uri;
	readonly title: string;
	/** One of its files was saved; null where they stay as they are. */
	readonly onDidChange: Event<void> | null;
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

/** A model among a run's artifacts. */
export class LoggedModel implements ModelSource {
	constructor(
		private readonly library: RunLibrary,
		private readonly key: RunKey,
		private readonly path: string,
		/** All of the run's artifacts: path and size. */
		private readonly sizes: ReadonlyMap<string, number | null>,
		private readonly readers: () => Promise<ViewerReaders>,
		readonly title: string,
	) {}

	readonly onDidChange = null;

	dispose(): void {}

	get uri(): vscode.Uri {
		return vscode.Uri.from({ scheme: "gamma-model", path: `/${this.key}/${this.path}` });
	}

	async read(): Promise<CollectedModel> {
		const { collectModelFiles } = await this.readers();
		return collectModelFiles(this.path, {
			sizeOf: async (path) => (this.sizes.has(path) ? (this.sizes.get(path) ?? 0) : null),
			read: async (path) => (this.sizes.has(path) ? (await this.library.readArtifact(this.key, path)).bytes : null),
		});
	}

	uriOf(): null {
		return null;
	}
}
