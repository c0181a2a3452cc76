import * as z from "zod/mini";
import { type FlatYaml, parseFlatYaml, type YamlScalar } from "../../core/mlflow/flatYaml";
import { lazy } from "../lazy/lazy";

/** MLflow's own are below 2 kB. */
export const maxMetaBytes = 1 << 16;
/** What the whole YAML parser is given at most: hostile nesting and anchors of this length take it 30 ms. */
const maxForeignLength = 1 << 13;

const mapping = z.record(z.string(), z.unknown());

/** A `meta.yaml`: MLflow's own form at once, anything else by the YAML package; null for what is no mapping. */
export async function parseMeta(text: string): Promise<FlatYaml | null> {
	const flat = parseFlatYaml(text);
	if (flat !== null) return flat.size > 0 ? flat : null;
	if (text.length > maxForeignLength || text.includes("\0")) return null;
	const { parseDocument } = await lazy<typeof import("../lazy/yaml")>("yaml");
	try {
		const document = parseDocument(text, { version: "1.1", logLevel: "silent" });
		const parsed = mapping.safeParse(document.errors.length > 0 ? null : document.toJS({ maxAliasCount: 10 }));
		return parsed.success ? new Map(Object.entries(parsed.data).map(([key, value]) => [key, toScalar(value)])) : null;
	} catch {
		return null;
	}
}

function toScalar(value: unknown): YamlScalar {
	if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
	return value instanceof Date ? value.toISOString() : null;
}
