import { type Disposable, Owner } from "../../core/disposable";
import type {
	ArtifactBytes,
	ByteRange,
	RunDelta,
	RunSearch,
	StoreAuth,
	TrackingStore,
} from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import type { ArtifactEntry, Experiment, MediaContent, MediaSeries, Run, Series } from "../../shared/run";

export interface MlflowServerOptions {
	readonly id: string;
	readonly url: string;
	readonly label: string;
	readonly auth?: StoreAuth;
	readonly headers?: Readonly<Record<string, string>>;
}

/** An MLflow server, 2.x and 3.x, over REST. */
export class MlflowServerStore extends Owner implements TrackingStore {
	readonly kind = "mlflow-server";
	readonly id: string;
	readonly uri: string;
	readonly label: string;

	constructor(options: MlflowServerOptions) {
		super();
		this.id = options.id;
		this.uri = options.url;
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
