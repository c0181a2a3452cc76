import { expect, test } from "vitest";
import { parseDatasetInput, parseDatasetMeta } from "../../../../src/core/mlflow/datasetMeta";

test("a data set's name and digest are read, whatever its schema holds", () => {
	const text = `digest: '12345'\nname: "a\\nprofile: x 'q' # é \\U0001F680 word\n  more words"\nprofile: 'name: no\n\n  digest: no'\nschema: ${"s".repeat(300_000)}`;
	expect(parseDatasetMeta(text)).toEqual({ name: "a\nprofile: x 'q' # é 🚀 word more words", digest: "12345" });
	expect(parseDatasetMeta("digest: '1'\n")).toBeNull();
	expect(parseDatasetMeta("")).toBeNull();
});

test("an input names its data set and what it was used for", () => {
	const head = "destination_id: b9\ndestination_type: RUN\nsource_id: b9dd\nsource_type: DATASET\n";
	expect(parseDatasetInput(`${head}tags: {}\n`)).toEqual({ datasetId: "b9dd", context: null });
	const tags = "tags:\n  a: ''\n  mlflow.data.context: 'eval: ''x''\n\n    two'\n  'other key: x': '1'\n";
	expect(parseDatasetInput(head + tags)).toEqual({ datasetId: "b9dd", context: "eval: 'x'\ntwo" });
});

test("a model is no data set, and an id that leads elsewhere is damage", () => {
	expect(parseDatasetInput("source_id: m-1\nsource_type: MODEL_INPUT\ntags: {}\n")).toBeNull();
	expect(parseDatasetInput("source_id: ../../etc\nsource_type: DATASET\n")).toBeUndefined();
	expect(parseDatasetInput("source_id: {}\nsource_type: DATASET\n")).toBeUndefined();
	expect(parseDatasetInput("")).toBeUndefined();
});
