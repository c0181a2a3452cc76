import type { Run } from "../../shared/run";
import { compareByCodePoint } from "../codePoints";

/** The params that are not the same in all of these runs (a missing one differs from any value), sorted. */
export function differingParams(runs: readonly Run[]): readonly string[] {
	const differing = new Set<string>();
	const [first] = runs;
	if (!first) return [];
	const size = Object.keys(first.params).length;
	for (const run of runs) {
		const keys = Object.keys(run.params);
		for (const key of keys) if (run.params[key] !== paramOf(first, key)) differing.add(key);
		if (keys.length < size || differing.size > 0) {
			for (const key of Object.keys(first.params)) if (!Object.hasOwn(run.params, key)) differing.add(key);
		}
	}
	return [...differing].sort(compareByCodePoint);
}

function paramOf(run: Run, key: string): string | undefined {
	return Object.hasOwn(run.params, key) ? run.params[key] : undefined;
}
