import type { Run } from "../../shared/run";
import { compareByCodePoint } from "../codePoints";

/** What `gamma compare` prints: values by key, then by run id; a run without the key is left out. */
export interface Comparison {
	readonly params: Readonly<Record<string, Readonly<Record<string, string>>>>;
	/** Last values, as MLflow counts them. */
	readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
	/** Params that not all runs have with the same value, sorted. */
	readonly differingParams: readonly string[];
}

export function compareRuns(runs: readonly Run[]): Comparison {
	const params = byKey(runs, (run) => run.params);
	return {
		params: toRecord(params),
		metrics: toRecord(byKey(runs, (run) => run.metrics)),
		differingParams: [...params]
			.filter(([, values]) => values.size < runs.length || new Set(values.values()).size > 1)
			.map(([key]) => key),
	};
}

/** The values of each key by run id, keys in code point order. */
function byKey<T>(
	runs: readonly Run[],
	recordOf: (run: Run) => Readonly<Record<string, T>>,
): ReadonlyMap<string, ReadonlyMap<string, T>> {
	const found = new Map<string, Map<string, T>>();
	for (const run of runs) {
		for (const [key, value] of Object.entries(recordOf(run))) {
			const values = found.get(key) ?? new Map<string, T>();
			found.set(key, values.set(run.id, value));
		}
	}
	return new Map([...found].sort(([a], [b]) => compareByCodePoint(a, b)));
}

/** `Object.fromEntries` defines its keys: one named `__proto__` stays a key. */
function toRecord<T>(found: ReadonlyMap<string, ReadonlyMap<string, T>>): Record<string, Record<string, T>> {
	return Object.fromEntries([...found].map(([key, values]) => [key, Object.fromEntries(values)]));
}
