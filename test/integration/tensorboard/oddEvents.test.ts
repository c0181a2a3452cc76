import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { openStore } from "../../../src/adapters/library/openStore";
import { toJsonText } from "../../../src/cli/toJsonText";
import { GammaCommand } from "../../support/gammaCommand";
import { treeDigest } from "../../support/treeDigest";

const python = process.env.GAMMA_PYTHON;

const value = z.union([z.number(), z.string()]);
const told = z.record(
	z.string(),
	z.object({ points: z.record(z.string(), z.array(z.tuple([z.number(), z.number(), value]))) }),
);
type Point = readonly [timestampMs: number, step: number, value: number | string];

const printedRuns = z.array(z.looseObject({ id: z.string(), metrics: z.record(z.string(), value) }));

/** NaN stands anywhere among its equals: two lists are compared with it first. */
function inOrder(points: readonly Point[]): Point[] {
	const number = (point: Point) => (point[2] === "NaN" ? Number.NEGATIVE_INFINITY : Number(point[2]));
	return points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1] || (number(a) < number(b) ? -1 : 1));
}

function lastOf(points: readonly Point[]): number | string | undefined {
	const number = (point: Point) => (point[2] === "NaN" ? Number.NEGATIVE_INFINITY : Number(point[2]));
	return points.toSorted((a, b) => a[1] - b[1] || a[0] - b[0] || (number(a) < number(b) ? -1 : 1)).at(-1)?.[2];
}

describe.skipIf(!python)("event files full of odd things (skipped without GAMMA_PYTHON)", () => {
	const folder = mkdtempSync(join(tmpdir(), "gamma-odd-events-"));
	const root = join(folder, "100% späte logs");
	const gamma = new GammaCommand();
	let expected: z.infer<typeof told>;
	let digest: string;

	beforeAll(async () => {
		const script = resolve(import.meta.dirname, "../../support/python/oddEvents.py");
		const [{ stdout }] = await Promise.all([
			promisify(execFile)(python ?? "", [script, root], { maxBuffer: 2 ** 26 }),
			gamma.build(),
		]);
		expected = told.parse(JSON.parse(stdout));
		// A link to a run of the same log folder would be that run again: TensorBoard shows it twice, Gamma once.
		delete expected.linked;
		digest = treeDigest(root);
	});
	afterAll(() => {
		gamma.dispose();
		rmSync(folder, { recursive: true, force: true });
	});

	test("are the runs TensorBoard finds, with its tags and their last values", async () => {
		const runs = printedRuns.parse(await gamma.json(["runs", "--store", root]));
		expect(runs.map(({ id }) => id).sort()).toEqual(Object.keys(expected).sort());
		expect(runs.length).toBeGreaterThan(30);
		for (const { id, metrics } of runs) {
			if (id === "damage/bad data") continue;
			const points = Object.entries(expected[id]?.points ?? {}).filter(([, points]) => points.length > 0);
			const last = points.map(([tag, points]) => [tag, lastOf(points.map(inMs))] as const);
			expect(new Map(Object.entries(metrics)), id).toEqual(new Map(last));
		}
	});

	test("have every point that TensorBoard keeps", async () => {
		for (const [id, { points }] of Object.entries(expected)) {
			// Asked in a store of its own, as the command does it: nothing is known of the run yet.
			const store = await openStore({ uri: root });
			for (const [tag, ofTag] of Object.entries(points)) {
				if (ofTag.length === 0 || id === "damage/bad data") continue;
				const { steps, values, timestampsMs } = await store.history(id, tag);
				const found = Array.from(steps, (step, at) => [timestampsMs[at], step, values[at]]);
				const printed = z.array(z.tuple([z.number(), z.number(), value])).parse(JSON.parse(toJsonText(found)));
				expect(inOrder(printed), `${id} ${tag.slice(0, 40)}`).toEqual(inOrder(ofTag.map(inMs)));
				expect(found.map(([time]) => time)).toEqual([...timestampsMs].sort((a, b) => a - b));
			}
			store.dispose();
		}
	});

	test("a record that does not check is passed over, where EventAccumulator gives up the rest of its file", async () => {
		const { steps } = z
			.object({ steps: z.array(z.number()) })
			.parse(await gamma.json(["metric", "--store", root, "damage/bad data", "a"]));
		expect(steps).toEqual(Array.from({ length: 20 }, (_, step) => step).filter((step) => step !== 6));
		expect(expected["damage/bad data"]?.points.a?.length).toBe(6);
		expect(expected["damage/bad length"]?.points.a?.length).toBe(6);
	});

	test("a run and a tag that start with a dash are asked for behind two dashes", async () => {
		const { code, out } = await gamma.run(["metric", "--store", root, "--json", "--", "-v", "loss"]);
		expect([code, JSON.parse(out)]).toMatchObject([0, { key: "loss", steps: [10] }]);
	});

	test("are as they were", () => {
		expect(treeDigest(root)).toBe(digest);
	});
});

function inMs([wallTime, step, value]: readonly [number, number, number | string]): Point {
	return [wallTime * 1000, step, value];
}
