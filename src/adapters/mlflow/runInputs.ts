import { join } from "node:path";
import { parseDatasetInput, parseDatasetMeta } from "../../core/mlflow/datasetMeta";
import type { RunDataset } from "../../shared/run";
import { type FileReader, UnreadableFile } from "./fileReader";

const maxInputBytes = 1 << 20;

type Dataset = Pick<RunDataset, "name" | "digest">;

/** The data sets runs were given (`inputs` of a run, `datasets` of its experiment), each read once: their ids are hashes. */
export class RunInputs {
	readonly #datasets = new Map<string, Dataset>();

	constructor(private readonly reader: FileReader) {}

	/** In no order of their own. `report` is told of what is damaged, which is left out. */
	read(runPath: string, report: (path: string, reason: string) => void): RunDataset[] {
		const found: RunDataset[] = [];
		for (const inputId of this.reader.listFolders(join(runPath, "inputs"))) {
			const file = join(runPath, "inputs", inputId, "meta.yaml");
			try {
				const input = parseDatasetInput(this.reader.readText(file, maxInputBytes));
				if (input === undefined) report(file, "is damaged");
				if (!input) continue;
				const dataset = this.#dataset(join(runPath, "..", "datasets", input.datasetId, "meta.yaml"), report);
				if (dataset) found.push({ ...dataset, context: input.context });
			} catch (error) {
				if (!(error instanceof UnreadableFile)) throw error;
				if (!error.isMissing) report(error.path, error.reason);
			}
		}
		return found;
	}

	#dataset(file: string, report: (path: string, reason: string) => void): Dataset | null {
		const known = this.#datasets.get(file);
		if (known) return known;
		let head = "";
		// MLflow sorts the keys: the first part has name and digest, what follows may be 16 MB of profile.
		this.reader.readFrom(file, 0, (bytes, end) => {
			head = new TextDecoder().decode(bytes.subarray(0, end));
			return 0;
		});
		const dataset = parseDatasetMeta(head);
		if (dataset) this.#datasets.set(file, dataset);
		else report(file, "is damaged");
		return dataset;
	}
}
