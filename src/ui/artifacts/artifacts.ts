import type * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import type { RunKey } from "../../shared/run";
import { artifactCommands } from "./artifactCommands";
import { ArtifactDocuments } from "./artifactDocuments";
import { ArtifactPlaces } from "./artifactPlaces";
import type { ArtifactPorts } from "./artifactPorts";
import { ArtifactPreviews } from "./artifactPreviews";
import type { ArtifactRow } from "./artifactRows";
import { ArtifactsTree } from "./artifactsTree";
import { ArtifactTransfers } from "./artifactTransfers";
import { CheckpointMarks } from "./checkpointMarks";

/**
 * A file of its own (dist/artifactsView.cjs), loaded when the view is seen or one of its commands runs: where artifacts are,
 * their rows, previews, downloads and uploads.
 */
export class Artifacts extends Owner {
	readonly documents = new ArtifactDocuments();
	readonly tree: ArtifactsTree;
	readonly #transfers = new ArtifactTransfers();

	constructor(
		private readonly ports: ArtifactPorts,
		private readonly view: vscode.TreeView<ArtifactRow>,
	) {
		super();
		this.tree = this.own(new ArtifactsTree(ports, new ArtifactPlaces(ports), new CheckpointMarks(ports)));
		ports.setContext("gamma.artifactsFiltered", this.tree.arrangement.filter !== "");
	}

	/** What a run logged, to where the person says; an empty path is all of it (for the page of a run). */
	async download(key: RunKey, path: string, isDir: boolean): Promise<void> {
		const place = await this.tree.places.place(`run:${key}`);
		if (!isDir) return this.#transfers.downloadFile(place, { path });
		const name = path || (this.ports.runs.run(key)?.name ?? "run");
		await this.#transfers.downloadInto(place, [{ path, isDir }], name);
	}

	commands() {
		return artifactCommands({
			...{ ports: this.ports, tree: this.tree, view: this.view, transfers: this.#transfers },
			previews: new ArtifactPreviews(this.ports.readers, this.documents),
		});
	}
}
