import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { MujocoSimulation } from "../../../src/adapters/mujoco/mujocoSimulation";
import { readModel } from "../../../src/adapters/mujoco/openModel";

const python = process.env.GAMMA_PYTHON_MUJOCO;
const root = resolve(import.meta.dirname, "../../..");
const models = join(root, "test/fixtures/models");

interface Comparison {
	readonly path: string;
	readonly keyframe: string | null;
	readonly steps: readonly number[];
	/** Largest difference over max(1, |qpos|), at each of the steps. */
	readonly within: readonly number[];
	readonly why: string;
}

const smooth = "smooth motion: the two builds differ by rounding alone";
const chaotic =
	"contacts come and go: rounding grows at each touch, so the fall itself is held to 1e-9, the rest after it to less";

const comparisons: readonly Comparison[] = [
	{ path: "pendulums.xml", keyframe: null, steps: [100, 1000], within: [1e-12, 1e-9], why: smooth },
	{ path: "tendons.xml", keyframe: null, steps: [100, 1000], within: [1e-12, 1e-9], why: smooth },
	{ path: "actuators.xml", keyframe: null, steps: [100, 1000], within: [1e-12, 1e-9], why: smooth },
	{ path: "tumbling.xml", keyframe: "spin", steps: [100, 1000], within: [1e-12, 1e-9], why: smooth },
	{ path: "equality.xml", keyframe: null, steps: [100, 1000], within: [1e-12, 1e-9], why: smooth },
	{ path: "mesh.xml", keyframe: null, steps: [100, 1000], within: [1e-12, 1e-9], why: smooth },
	{ path: "contacts.xml", keyframe: null, steps: [100, 1000], within: [1e-9, 1e-9], why: chaotic },
	{
		path: "../../../examples/cartpole/cartpole.xml",
		keyframe: null,
		steps: [100, 1000],
		within: [1e-12, 1e-9],
		why: smooth,
	},
];

describe.skipIf(!python)("MuJoCo in WebAssembly beside its Python package (needs the Python package)", () => {
	const told: { version: string; answers: { nq: number; states: number[][] }[] } = python
		? JSON.parse(
				spawnSync(python, [join(root, "test/support/python/mujocoStates.py")], {
					input: JSON.stringify(comparisons.map((one) => ({ ...one, path: join(models, one.path) }))),
					encoding: "utf8",
					maxBuffer: 2 ** 26,
				}).stdout,
			)
		: { version: "", answers: [] };

	test("both are the same version", () => expect(told.version).toBe("3.14.0"));

	test.each(comparisons.map((one, at) => ({ ...one, at })))(
		"$path: $why",
		async ({ path, keyframe, steps, within, at }) => {
			const states = await statesOf(join(models, path), keyframe, steps);
			const expected = told.answers[at];
			expect(states[0]?.length).toBe(expected?.nq);
			for (const [index, state] of states.entries()) {
				const distance = farthest(state, expected?.states[index] ?? []);
				expect(distance, `after ${steps[index]} steps`).toBeLessThanOrEqual(within[index] ?? 0);
			}
			// It moved: two builds that stand still agree as well.
			expect(farthest(states[0] ?? [], states[1] ?? [])).toBeGreaterThan(1e-4);
		},
	);
});

async function statesOf(path: string, keyframe: string | null, steps: readonly number[]): Promise<number[][]> {
	const simulation = await MujocoSimulation.open(await readModel(path));
	const states: number[][] = [];
	simulation.reset(keyframe);
	for (let step = 0; step < Math.max(...steps); step++) {
		const { ctrl } = simulation.state;
		for (let at = 0; at < ctrl.length; at++) ctrl[at] = 0.3 * Math.sin(step / 50 + at);
		simulation.step();
		if (steps.includes(step + 1)) states.push([...simulation.state.qpos]);
	}
	simulation.dispose();
	return states;
}

function farthest(one: readonly number[], other: readonly number[]): number {
	return Math.max(
		...one.map((value, at) => Math.abs(value - (other[at] ?? Number.NaN)) / Math.max(1, Math.abs(other[at] ?? 0))),
	);
}
