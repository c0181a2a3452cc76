import type { ArtifactPlace } from "../../core/artifacts/artifactPlace";
import { views } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import { once } from "../../core/once";
import { lazyCommands } from "../commands/lazyCommands";
import type { WatchedView } from "../jobs/jobsAttention";
import { LazyTree } from "../tree/lazyTree";
import type { ArtifactPorts } from "./artifactPorts";
import type { ArtifactRow } from "./artifactRows";
import { ArtifactScheme } from "./artifactScheme";
import type { Artifacts } from "./artifacts";

export interface ArtifactDeskParts extends ArtifactPorts {
	readonly load: () => Promise<typeof import("./artifacts")>;
}

/** The view "Artifacts & Checkpoints" as it stands at the start: its frame, its files' scheme and its commands' names. */
export class ArtifactDesk extends Owner {
	readonly #tree = this.own(
		new LazyTree<ArtifactRow>(views.artifacts, async () => (await this.#artifacts()).tree, {
			...{ canSelectMany: true, showCollapseAll: true },
		}),
	);
	readonly #artifacts: () => Promise<Artifacts> = once(async () => {
		const { Artifacts } = await this.parts.load();
		return this.own(new Artifacts(this.parts, this.#tree.view));
	});

	constructor(private readonly parts: ArtifactDeskParts) {
		super();
		this.own(new ArtifactScheme(async () => (await this.#artifacts()).documents));
	}

	get seen(): WatchedView {
		const { view } = this.#tree;
		const isVisible = () => view.visible;
		return {
			get isVisible() {
				return isVisible();
			},
			onDidChangeVisibility: view.onDidChangeVisibility,
		};
	}

	/** A place by its id, for who shows what lies there. */
	async place(id: string): Promise<ArtifactPlace> {
		return (await this.#artifacts()).tree.places.place(id);
	}

	async download(...[key, path, isDir]: Parameters<Artifacts["download"]>): Promise<void> {
		await (await this.#artifacts()).download(key, path, isDir);
	}

	commands() {
		return lazyCommands<ReturnType<Artifacts["commands"]>>(
			{
				previewArtifact: true,
				downloadArtifacts: true,
				uploadArtifacts: true,
				copyArtifactS3Uri: true,
				copyArtifactRunUri: true,
				copyArtifactLink: true,
				compareCheckpoints: true,
				openArtifactInViewer: true,
				deleteArtifact: true,
				continueFromCheckpoint: true,
				sortArtifacts: true,
				filterArtifacts: true,
				clearArtifactFilter: true,
				chooseArtifactMetric: true,
				searchArtifacts: true,
				addArtifactPlace: true,
				removeArtifactPlace: true,
				refreshArtifacts: true,
				showMoreArtifacts: true,
			},
			async () => (await this.#artifacts()).commands(),
		);
	}
}
