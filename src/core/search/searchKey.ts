/** What an MLflow filter or order may name (mlflow/utils/search_utils.py, SearchUtils). */
export type SearchKey =
	| { readonly entity: "metric"; readonly key: string }
	| { readonly entity: "param"; readonly key: string }
	| { readonly entity: "tag"; readonly key: string }
	| { readonly entity: "number"; readonly key: NumberAttribute }
	| { readonly entity: "text"; readonly key: TextAttribute }
	| { readonly entity: "dataset"; readonly key: DatasetAttribute };

export const numberAttributes = ["start_time", "end_time"] as const;
export type NumberAttribute = (typeof numberAttributes)[number];

export const textAttributes = ["run_name", "status", "run_id", "user_id", "artifact_uri"] as const;
export type TextAttribute = (typeof textAttributes)[number];

export const datasetAttributes = ["name", "digest", "context"] as const;
export type DatasetAttribute = (typeof datasetAttributes)[number];

/** Case matters: MLflow refuses `METRICS.x`. */
const entities: ReadonlyMap<string, "metric" | "param" | "tag" | "attribute" | "dataset"> = new Map([
	["metric", "metric"],
	["metrics", "metric"],
	["parameter", "param"],
	["parameters", "param"],
	["param", "param"],
	["params", "param"],
	["tag", "tag"],
	["tags", "tag"],
	["attribute", "attribute"],
	["attributes", "attribute"],
	["attr", "attribute"],
	["run", "attribute"],
	["dataset", "dataset"],
	["datasets", "dataset"],
]);

const attributeAliases: ReadonlyMap<string, NumberAttribute | TextAttribute> = new Map([
	["created", "start_time"],
	["Created", "start_time"],
	["run name", "run_name"],
	["Run name", "run_name"],
	["Run Name", "run_name"],
]);

/**
 * The key a written identifier names; text says why there is none. Everything before the first dot is the entity, everything
 * after it the key, whose outer quotes and backticks are not part of it. Without a dot it is an attribute.
 */
export function toSearchKey(identifier: string): SearchKey | string {
	const dot = identifier.indexOf(".");
	const prefix = trimPair(identifier.slice(0, Math.max(dot, 0)), "`");
	const key = trimPair(trimPair(trimPair(identifier.slice(dot + 1), "'"), '"'), "`");
	const entity = dot < 0 ? "attribute" : entities.get(prefix);
	switch (entity) {
		case "metric":
		case "param":
		case "tag":
			return { entity, key };
		case "attribute":
			return toAttribute(key);
		case "dataset": {
			const attribute = datasetAttributes.find((name) => name === key);
			return attribute ? { entity, key: attribute } : `dataset.${key} is none of ${datasetAttributes.join(", ")}`;
		}
		case undefined:
			return `${prefix} is none of metrics, params, tags, attributes, datasets`;
	}
}

function toAttribute(written: string): SearchKey | string {
	const key = attributeAliases.get(written) ?? written;
	const number = numberAttributes.find((name) => name === key);
	if (number) return { entity: "number", key: number };
	const text = textAttributes.find((name) => name === key);
	if (text) return { entity: "text", key: text };
	return `${written} is no attribute of a run (${[...numberAttributes, ...textAttributes].join(", ")})`;
}

function trimPair(text: string, quote: string): string {
	return text.length >= 2 && text.startsWith(quote) && text.endsWith(quote) ? text.slice(1, -1) : text;
}
