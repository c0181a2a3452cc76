import * as z from "zod/mini";
import { unreadable } from "../previews/unreadable";
import type { CheckpointContents } from "./checkpointContents";

/** Models of a trillion parameters come in fewer files. */
const mostShards = 1_000;
const mostFacts = 50;
export const mostIndexBytes = 32 * 2 ** 20;

const indexSchema = z.object({
	metadata: z.optional(z.record(z.string(), z.unknown())),
	weight_map: z.record(z.string(), z.string()),
});

/** A checkpoint of several files: which tensor lies in which. */
export interface ShardIndex {
	/** Names of files beside the index, each once. */
	readonly shards: readonly string[];
	readonly shardOf: ReadonlyMap<string, string>;
	readonly facts: CheckpointContents["facts"];
}

export function isShardIndexName(name: string): boolean {
	return /\.(safetensors|bin|pt|pth)\.index\.json$/i.test(name);
}

/**
 * The index beside a checkpoint in several files. Rejects with `artifact.unreadable` for what is none, and for one that names a
 * file elsewhere. Format: Hugging Face, "Serialization", `model.safetensors.index.json`.
 */
export function parseShardIndex(text: string): ShardIndex {
	const parsed = indexSchema.safeParse(parseJson(text));
	if (!parsed.success) throw unreadable("its index does not say which tensor lies in which file");
	const shardOf = new Map(Object.entries(parsed.data.weight_map));
	const shards = [...new Set(shardOf.values())].sort();
	if (shards.length > mostShards) throw unreadable("its index names more files than any model has");
	if (shards.some((name) => name === "" || name.startsWith(".") || /[/\\\0]/.test(name)))
		throw unreadable("its index names a file that does not lie beside it");
	const facts = Object.entries(parsed.data.metadata ?? {})
		.slice(0, mostFacts)
		.map(([name, value]) => [name, typeof value === "string" ? value : (JSON.stringify(value) ?? "")] as const);
	return { shards, shardOf, facts };
}

/** One checkpoint of its files; null for a file that is not there. What the index promises and no file holds is said. */
export function joinShards(
	{ shards, shardOf, facts }: ShardIndex,
	contents: ReadonlyMap<string, CheckpointContents | null>,
): CheckpointContents {
	const here = shards.flatMap((name) => {
		const shard = contents.get(name);
		return shard ? [{ name, shard }] : [];
	});
	const tensors = here.flatMap(({ name, shard }) =>
		// Places are numbered in each file anew.
		shard.tensors.map((tensor) => ({ ...tensor, place: tensor.place === null ? null : `${name}:${tensor.place}` })),
	);
	const found = new Set(tensors.map(({ name }) => name));
	const missing = [...shardOf.keys()].filter((name) => !found.has(name));
	const gone = shards.filter((name) => !contents.get(name));
	return {
		format: here[0]?.shard.format ?? "safetensors",
		tensors: tensors.sort((a, b) => (a.name < b.name ? -1 : 1)),
		facts: [
			["files", String(shards.length)],
			...(gone.length > 0 ? [["files that are missing", gone.join(", ").slice(0, 300)] as const] : []),
			...(missing.length > 0 ? [["tensors that no file holds", missing.join(", ").slice(0, 300)] as const] : []),
			...facts,
		],
		isCut: here.some(({ shard }) => shard.isCut),
	};
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
