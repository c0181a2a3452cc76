import { PointColumns } from "../../core/mlflow/pointColumns";
import type { Series } from "../../shared/run";
import type { FileReader } from "./fileReader";
import { MetricFile } from "./metricFile";

interface History {
	readonly columns: PointColumns;
	readonly file: MetricFile;
}

/** Histories read so far, least recently asked first; of each a further question reads only what was appended. */
export class FolderHistories {
	readonly #byPath = new Map<string, History>();

	constructor(
		private readonly reader: FileReader,
		private readonly maxBytes = 512 << 20,
	) {}

	/** Throws `UnreadableFile`. */
	read(path: string): Series {
		const known = this.#byPath.get(path);
		this.#byPath.delete(path);
		const history = known ?? this.#make(path);
		history.file.update(known === undefined ? null : this.reader.stamp(path));
		this.#byPath.set(path, history);
		this.#forgetOldest();
		return history.columns.toSeries();
	}

	#make(path: string): History {
		const columns = new PointColumns();
		const file = new MetricFile(
			this.reader,
			path,
			(step, value, timestampMs) => columns.push(step, value, timestampMs),
			() => columns.clear(),
		);
		return { columns, file };
	}

	#forgetOldest(): void {
		let sizeBytes = 0;
		for (const { columns } of this.#byPath.values()) sizeBytes += columns.sizeBytes;
		for (const [path, { columns }] of this.#byPath) {
			if (sizeBytes <= this.maxBytes) return;
			sizeBytes -= columns.sizeBytes;
			this.#byPath.delete(path);
		}
	}
}
