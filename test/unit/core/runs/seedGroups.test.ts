import { expect, test } from "vitest";
import { isSeedParam, seedGroup } from "../../../../src/core/runs/seedGroups";
import { aRun } from "../../../support/aRun";

test("a seed is told by its name, whatever its spelling", () => {
	for (const name of [
		"seed",
		"SEED",
		"random_state",
		"random_seed",
		"train.np_seed",
		"torch-seed",
		"rngSeed",
		"randomState",
		"cfg/rng",
	]) {
		expect(isSeedParam(name), name).toBe(true);
	}
	for (const name of ["seeded", "seed_ratio", "linseed", "lr", "string", "seedling"])
		expect(isSeedParam(name), name).toBe(false);
});

test("runs of one experiment group by everything but the seed", () => {
	const of = (params: Record<string, string>, experimentId = "1") => seedGroup(aRun({ params, experimentId }));
	expect(of({ lr: "1", seed: "1" })).toBe(of({ seed: "2", lr: "1" }));
	expect(of({ lr: "1", seed: "1" })).not.toBe(of({ lr: "2", seed: "1" }));
	expect(of({ lr: "1" })).not.toBe(of({ lr: "1" }, "2"));
});
