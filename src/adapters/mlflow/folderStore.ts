import { type Disposable, Owner } from "../../core/disposable";
import type { ArtifactBytes, ByteRange, RunDelta, RunSearch, TrackingStore } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import type { ArtifactEntry, Experiment, MediaContent, MediaSeries, Run, Series } from "../../shared/run";

/** Whether a folder is an MLflow file store: it holds an experiment, not only artifacts. */
export async function isMlflowFolder(_path: string): Promise<boolean> {
	return false;
}

/** An MLflow file store (`mlruns`), 2.x and 3.x. */
export class MlflowFolderStore extends Owner implements TrackingStore {
	readonly kind = "mlflow-folder";
	readonly id: string;
	readonly uri: string;
	readonly label: string;

	constructor(options: { readonly id: string; readonly root: string; readonly label: string }) {
		super();
		this.id = options.id;
		this.uri = options.root;
		this.label = options.label;
	}

	experiments(_signal?: AbortSignal): Promise<readonly Experiment[]> {
		return unread();
	}
	// biome-ignore lint/correctness/useYield: nothing to read yet
	async *refresh(_signal?: AbortSignal): AsyncGenerator<RunDelta> {
		await unread();
	}
	search(_search: RunSearch, _signal?: AbortSignal): Promise<readonly Run[]> {
		return unread();
	}
	run(_runId: string, _signal?: AbortSignal): Promise<Run> {
		return unread();
	}
	history(_runId: string, _metric: string, _signal?: AbortSignal): Promise<Series> {
		return unread();
	}
	artifacts(_runId: string, _path: string, _signal?: AbortSignal): Promise<readonly ArtifactEntry[]> {
		return unread();
	}
	readArtifact(_runId: string, _path: string, _range?: ByteRange, _signal?: AbortSignal): Promise<ArtifactBytes> {
		return unread();
	}
	media(_runId: string, _signal?: AbortSignal): Promise<readonly MediaSeries[]> {
		return unread();
	}
	readMedia(_runId: string, _tag: string, _index: number, _signal?: AbortSignal): Promise<MediaContent> {
		return unread();
	}
	watch(_onHint: () => void): Disposable {
		return { dispose() {} };
	}
}

async function unread(): Promise<never> {
	throw new GammaError("platform.unsupported", "SQLite stores are not read yet.");
}
