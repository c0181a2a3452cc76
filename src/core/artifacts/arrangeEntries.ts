import type { PlaceEntry } from "./artifactPlace";
import type { CheckpointMark } from "./markCheckpoints";

export const artifactSorts = ["name", "size", "time", "step", "metric"] as const;
export type ArtifactSort = (typeof artifactSorts)[number];

export interface Arrangement {
	readonly sort: ArtifactSort;
	/** Parts of names, all of which must be in a path; empty for everything. */
	readonly filter: string;
	/** By which `metric` sorts. */
	readonly metric: string | null;
}

/** Folders first, then files as asked: names in the order people count in, everything else the greatest first. */
export function arrangeEntries(
	entries: readonly PlaceEntry[],
	marks: ReadonlyMap<string, CheckpointMark>,
	{ sort, filter, metric }: Arrangement,
): readonly PlaceEntry[] {
	const rank = (entry: PlaceEntry): number | null => {
		const mark = marks.get(entry.path);
		switch (sort) {
			case "name":
				return null;
			case "size":
				return entry.sizeBytes;
			case "time":
				return entry.modifiedMs ?? mark?.timestampMs ?? null;
			case "step":
				return mark?.step ?? null;
			case "metric":
				return mark?.metrics[metric ?? ""] ?? null;
		}
	};
	return entries
		.filter((entry) => entry.isDir || matches(entry.path, filter))
		.map((entry) => ({ entry, rank: rank(entry) ?? Number.NEGATIVE_INFINITY }))
		.sort(
			(a, b) =>
				Number(b.entry.isDir) - Number(a.entry.isDir) ||
				compareRanks(b.rank, a.rank) ||
				a.entry.path.localeCompare(b.entry.path, "en", { numeric: true }),
		)
		.map(({ entry }) => entry);
}

export function matches(path: string, filter: string): boolean {
	const lower = path.toLowerCase();
	return filter
		.toLowerCase()
		.split(/\s+/)
		.every((part) => lower.includes(part));
}

/** NaN, as a metric may be, comes after every number. */
function compareRanks(a: number, b: number): number {
	const [x, y] = [Number.isNaN(a) ? Number.NEGATIVE_INFINITY : a, Number.isNaN(b) ? Number.NEGATIVE_INFINITY : b];
	return x === y ? 0 : x - y;
}
