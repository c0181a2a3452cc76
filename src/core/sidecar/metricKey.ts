/** MLflow's limit (utils/validation.py). */
const longestKey = 250;

/**
 * A name as MLflow takes it for a metric: letters, digits, `_ - . /` and space, a path that says nothing twice.
 * `metrics/mAP50(B)` becomes `metrics/mAP50B`, as Ultralytics itself logs it; null where nothing is left.
 */
export function toMetricKey(name: string): string | null {
	const key = name
		.slice(0, 4 * longestKey)
		.replace(/[()[\]{}]/g, "")
		.replace(/[^\p{L}\p{N}_./ -]/gu, "_")
		.split("/")
		.map((part) => part.trim())
		.filter((part) => part !== "" && part !== "." && part !== "..")
		.join("/")
		.slice(0, longestKey)
		.replace(/[/ ]+$/, "");
	return key === "" ? null : key;
}

/** Numbers that stand beside metrics and are none. */
const notMetrics = new Set(
	(
		"epoch epochs step steps global_step iter iters iteration iterations it batch batches v_num pid port eta rank local_rank " +
		"world_size seed version line id gpu device node host localhost timestamp date year attempt retry retries worker level"
	).split(" "),
);
const sourceFile = /\.(py|pyx|ipynb|c|cc|cpp|cu|h|hpp|rs|go|js|ts|java|sh|yaml|yml|json)$/i;

export function isMetricName(name: string): boolean {
	return !notMetrics.has(name.toLowerCase()) && !sourceFile.test(name);
}
