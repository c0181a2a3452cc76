import { withQualifiedGroup } from "./tableHeader";

/** What a row of a table says; `epoch` null where the row is of the epoch before. */
export interface TableRow {
	readonly epoch: number | null;
	readonly values: readonly (readonly [name: string, value: number])[];
}

/** Columns of Ultralytics' tables that are no metrics. */
const otherColumns = new Set(["epoch", "gpu_mem", "instances", "size", "class", "images", "labels", "img_size"]);
const decimal = /^[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:e[+-]?\d{1,4})?$/i;
const special = /^[+-]?(nan|inf)$/i;
const widest = 400;

/**
 * Ultralytics' two tables: the training's, `Epoch GPU_mem box_loss …` over `1/3 2.61G 1.153 … 640: 100%|██`, and the
 * validation's, `Class Images Instances Box(P R mAP50 mAP50-95)` over `all 128 929 0.64 …`. Columns are named as printed.
 */
export class MetricTables {
	#columns: readonly string[] | null = null;

	/** The row's numbers, or null for a line that is no row of a table. */
	read(line: string): TableRow | null {
		if (line.length > widest) return null;
		const words = line.trim().split(/\s+/);
		const header = toHeader(words);
		if (header !== null) {
			this.#columns = header;
			return { epoch: null, values: [] };
		}
		const columns = this.#columns;
		if (columns === null || words.length < columns.length) return null;
		return columns[0] === "Epoch" ? trainingRow(columns, words) : validationRow(columns, words);
	}
}

function toHeader(words: readonly string[]): readonly string[] | null {
	const isTraining = words[0] === "Epoch" && /^GPU_mem$/i.test(words[1] ?? "") && words.length >= 4;
	const isValidation = words[0] === "Class" && words[1] === "Images" && words.length >= 5;
	if (isTraining) return words;
	return isValidation ? withQualifiedGroup(words) : null;
}

function trainingRow(columns: readonly string[], words: readonly string[]): TableRow | null {
	const epoch = /^(\d{1,9})\/\d{1,9}$/.exec(words[0] ?? "");
	return epoch === null ? null : { epoch: Number(epoch[1]), values: valuesOf(columns, words) };
}

/** The sum over all classes; the rows of single classes come after it, when asked for, and are left out. */
function validationRow(columns: readonly string[], words: readonly string[]): TableRow | null {
	return words[0] === "all" && words.length === columns.length
		? { epoch: null, values: valuesOf(columns, words) }
		: null;
}

function valuesOf(columns: readonly string[], words: readonly string[]): (readonly [string, number])[] {
	return columns.flatMap((name, column) => {
		const word = words[column] ?? "";
		if (otherColumns.has(name.toLowerCase())) return [];
		if (decimal.test(word)) return [[name, Number(word)] as const];
		if (!special.test(word)) return [];
		return [[name, /nan/i.test(word) ? Number.NaN : word.startsWith("-") ? -Infinity : Infinity] as const];
	});
}
