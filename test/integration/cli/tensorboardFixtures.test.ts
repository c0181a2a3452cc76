import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { fixturesFolder, fixturesPresent } from "../../support/fixtures";
import { GammaCommand } from "../../support/gammaCommand";
import { treeDigest } from "../../support/treeDigest";

const point = z.object({ step: z.number(), wall_time: z.number(), value: z.union([z.number(), z.string()]) });
const expectedSchema = z.object({
	runs: z.record(
		z.string(),
		z.object({
			scalars: z.record(z.string(), z.object({ n: z.number(), first: z.nullable(point), last: z.nullable(point) })),
		}),
	),
});
const printedRuns = z.array(
	z.looseObject({ id: z.string(), name: z.string(), experimentName: z.string(), status: z.string() }),
);
const printedMetric = z.object({
	key: z.string(),
	steps: z.array(z.number()),
	values: z.array(z.union([z.number(), z.string()])),
	timestampsMs: z.array(z.number()),
});

const gamma = new GammaCommand();
beforeAll(() => gamma.build());
afterAll(() => gamma.dispose());

describe.skipIf(!fixturesPresent)("gamma over TensorBoard's event files (skipped without fixtures)", () => {
	const folder = fixturesPresent ? join(fixturesFolder(), "tensorboard") : "";
	const logs = join(folder, "logs");
	const expected = fixturesPresent
		? expectedSchema.parse(JSON.parse(readFileSync(join(folder, "EXPECTED.json"), "utf8")))
		: undefined!;

	test("runs lists each folder with event files by its path, in the experiment of the log folder", async () => {
		const before = treeDigest(folder);
		const runs = printedRuns.parse(await gamma.json(["runs", "--store", logs]));
		expect(runs.map(({ id }) => id).sort()).toEqual(Object.keys(expected.runs).sort());
		expect(new Set(runs.map(({ experimentName }) => experimentName))).toEqual(new Set(["logs"]));
		expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(["FINISHED"]));
		expect(treeDigest(folder)).toBe(before);
	});

	test("metric prints as many points as TensorBoard reads, with its first and last", async () => {
		for (const [id, { scalars }] of Object.entries(expected.runs)) {
			for (const [key, { n, first, last }] of Object.entries(scalars)) {
				const { steps, values, timestampsMs } = printedMetric.parse(
					await gamma.json(["metric", "--store", logs, id, key]),
				);
				expect(steps.length, `${id} ${key}`).toBe(n);
				for (const end of [first, last]) {
					if (end === null) continue;
					const at = timestampsMs.findIndex((time, i) => time === end.wall_time * 1000 && steps[i] === end.step);
					expect(Number(values[at]), `${id} ${key}`).toBe(Number(end.value));
				}
			}
		}
	});

	test("MLflow's search works here too", async () => {
		const found = printedRuns.parse(
			await gamma.json(["runs", "--store", logs, "--filter", "metrics.`val/acc` > 0.9 AND run_name LIKE 'lr%'"]),
		);
		expect(found.map(({ id }) => id).sort()).toEqual(["lr0.01/seed1", "lr0.01/seed2"]);
	});
});
