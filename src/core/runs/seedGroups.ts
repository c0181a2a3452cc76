import type { Run } from "../../shared/run";

/** Params that say which seed, not which experiment: `seed`, `random_state`, `train.np_seed`, `rngSeed`. */
const seedLike = [/(^|[^a-z])(seeds?|random_?state|rng)$/i, /[a-z](Seed|RandomState|Rng)$/];

export function isSeedParam(name: string): boolean {
	return seedLike.some((pattern) => pattern.test(name));
}

/** Equal for runs of one experiment whose params are equal but for the seed: "group by everything but seed". */
export function seedGroup(run: Run): string {
	const params = Object.entries(run.params)
		.filter(([name]) => !isSeedParam(name))
		.sort(([a], [b]) => (a < b ? -1 : 1));
	return JSON.stringify([run.storeId, run.experimentId, params]);
}
