import { type FlatYaml, parseFlatYaml } from "./flatYaml";

/** What a run was given, as its `inputs/<id>/meta.yaml` says. */
export interface DatasetInput {
	/** The folder in the experiment's `datasets`. */
	readonly datasetId: string;
	/** Of MLflow's tag `mlflow.data.context`, e.g. `training`. */
	readonly context: string | null;
}

const contextTag = "mlflow.data.context";

/** Null for an input of another kind (a logged model), `undefined` for a damaged file. */
export function parseDatasetInput(text: string): DatasetInput | null | undefined {
	const yaml = parseEntries(text, ["source_id", "source_type"]);
	const datasetId = yaml?.get("source_id");
	const kind = yaml?.get("source_type");
	if (typeof datasetId !== "string" || typeof kind !== "string" || !/^[\w-]+$/.test(datasetId)) return undefined;
	if (kind !== "DATASET") return null;
	const tags = entriesOf(text).find((entry) => entry.startsWith("tags:"));
	const context = entriesOf((tags ?? "").replaceAll(/^ {2}/gm, "")).find((entry) => entry.startsWith(`${contextTag}:`));
	const value = context && parseFlatYaml(`context${context.slice(contextTag.length)}`)?.get("context");
	return { datasetId, context: typeof value === "string" ? value : null };
}

/** Name and digest of a `datasets/<id>/meta.yaml`; its schema and profile, often long, are passed over. Null for a damaged file. */
export function parseDatasetMeta(text: string): { readonly name: string; readonly digest: string } | null {
	const yaml = parseEntries(text, ["name", "digest"]);
	const name = yaml?.get("name");
	const digest = yaml?.get("digest");
	return typeof name === "string" && typeof digest === "string" ? { name, digest } : null;
}

function parseEntries(text: string, keys: readonly string[]): FlatYaml | null {
	const wanted = entriesOf(text).filter((entry) => keys.some((key) => entry.startsWith(`${key}:`)));
	return parseFlatYaml(wanted.join(""));
}

/** Each key of the outermost level with its lines: whatever goes on below it is indented. */
function entriesOf(text: string): readonly string[] {
	return text.split(/^(?=[^\s#])/m);
}
