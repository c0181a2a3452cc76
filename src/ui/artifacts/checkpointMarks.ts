import type { ArtifactPlace, PlaceEntry } from "../../core/artifacts/artifactPlace";
import { type CheckpointMark, markCheckpoints } from "../../core/artifacts/markCheckpoints";
import { type Checkpoint, checkpointsAmong } from "../../core/jobs/checkpoints";
import { readCheckpoints } from "../../core/jobs/readCheckpoints";
import { guessShownMetrics } from "../../core/tree/shownMetrics";
import type { Run, Series } from "../../shared/run";
import type { ArtifactPorts } from "./artifactPorts";

export type Marks = ReadonlyMap<string, CheckpointMark>;

/** Histories that are read for the values at a checkpoint's step. */
const mostMetrics = 6;
const metricKey = "artifactMetric";

/** Which of a folder's files are checkpoints, with their metrics, the best and the last. */
export class CheckpointMarks {
	readonly #noted = new Map<string, Promise<readonly Checkpoint[]>>();
	readonly #histories = new Map<string, Promise<Readonly<Record<string, Series>>>>();

	constructor(private readonly ports: Pick<ArtifactPorts, "library" | "memory" | "logger">) {}

	/** By which metric the best is chosen and the row is told; null while the run says none. */
	metricOf(run: Run | undefined): string | null {
		const chosen = this.ports.memory.get(metricKey);
		if (typeof chosen === "string" && (run === undefined || Object.hasOwn(run.metrics, chosen))) return chosen;
		return run === undefined ? null : (guessShownMetrics([run])[0] ?? null);
	}

	choose(metric: string | null): void {
		this.ports.memory.set(metricKey, metric ?? undefined);
	}

	/** Never rejects: what cannot be read leaves the files without marks. */
	async of(place: ArtifactPlace, run: Run | undefined, entries: readonly PlaceEntry[]): Promise<Marks> {
		const metric = this.metricOf(run);
		const listed = checkpointsAmong(entries);
		const noted = run && place.id === `run:${run.key}` ? await this.#notedOf(run) : [];
		const checkpoints = noted.length > 0 ? noted : listed;
		if (checkpoints.length === 0) return new Map();
		const times = new Map(entries.map(({ path, modifiedMs }) => [path, modifiedMs]));
		const timed = checkpoints.map((each) => ({
			...each,
			timestampMs: each.timestampMs ?? times.get(each.path) ?? null,
		}));
		return markCheckpoints(timed, run ? await this.#historiesOf(run, metric) : {}, metric);
	}

	forget(): void {
		this.#noted.clear();
		this.#histories.clear();
	}

	#notedOf(run: Run): Promise<readonly Checkpoint[]> {
		return remembered(this.#noted, run.key, () => readCheckpoints(this.ports.library, run.key).catch(this.#told([])));
	}

	#historiesOf(run: Run, metric: string | null): Promise<Readonly<Record<string, Series>>> {
		return remembered(this.#histories, `${run.key} ${metric ?? ""}`, async () => {
			const guessed = guessShownMetrics([run], mostMetrics);
			const names = [...new Set([...(metric === null ? [] : [metric]), ...guessed])].filter((name) =>
				Object.hasOwn(run.metrics, name),
			);
			const read = names.map(async (name) => [name, await this.ports.library.history(run.key, name)] as const);
			return Promise.all(read).then((histories) => Object.fromEntries(histories), this.#told({}));
		});
	}

	#told<T>(instead: T): (error: unknown) => T {
		return (error) => {
			const reason = error instanceof Error ? error.message : String(error);
			this.ports.logger.warn("a run's checkpoints could not be marked", { reason });
			return instead;
		};
	}
}

function remembered<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
	const known = kept.get(key) ?? make();
	kept.set(key, known);
	return known;
}
