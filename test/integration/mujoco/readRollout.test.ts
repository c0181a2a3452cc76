import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readRollout, readRolloutFile } from "../../../src/adapters/rollouts/readRollout";
import { toNpy, toNpz, toRolloutJson } from "../../../src/core/rollouts/writeRollout";
import { momentAt, type Rollout } from "../../../src/shared/policy/rollout";

const sizes = { nq: 2, nv: 2, nu: 1, na: 0, timestep: 0.01 };
const folder = mkdtempSync(join(tmpdir(), "gamma-rollouts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const bytesOf = (text: string) => new TextEncoder().encode(text);
const whole: Rollout = {
	...{ nq: 2, nv: 2, nu: 1, length: 3, dt: 0.5 },
	qpos: Float64Array.of(0, 1, 2, 3, 4, 5),
	qvel: Float64Array.of(9, 8, 7, 6, 5, 4),
	...{ ctrl: Float64Array.of(1, 2, 0), reward: Float64Array.of(0.1, 0.2, 0), time: Float64Array.of(0, 0.5, 1) },
};

describe("a rollout", () => {
	test("written as npz or JSON is read again as it was", async () => {
		expect(await readRollout("a.npz", toNpz(whole), sizes)).toEqual(whole);
		expect(await readRollout("a.json", bytesOf(JSON.stringify(toRolloutJson(whole))), sizes)).toEqual(whole);
	});

	test("of a CSV with names takes them in their order, and one control less than moments", async () => {
		const text = "time,qpos_1,qpos_0,other,reward\n0,1,0,5,0.1\n0.5,3,2,5,0.2\n1,5,4,5,0\n";
		const read = await readRollout("a.csv", bytesOf(text), sizes);
		expect(read).toEqual({ ...whole, qvel: null, ctrl: null });
		const json = {
			qpos: [
				[0, 1],
				[2, 3],
				[4, 5],
			],
			ctrl: [[1], [2]],
			dt: 0.5,
		};
		expect((await readRollout("a.json", bytesOf(JSON.stringify(json)), sizes)).ctrl).toEqual(whole.ctrl);
	});

	test("of a table without names is told by its columns; a clock in front is MuJoCo's full state", async () => {
		expect((await readRollout("a.npy", toNpy(whole.qpos, [3, 2]), sizes)).dt).toBe(0.01);
		const five = Float64Array.of(0, 0, 1, 9, 8, 0.5, 2, 3, 7, 6, 1, 4, 5, 5, 4);
		const full = await readRollout("a.npy", toNpy(five, [1, 3, 5]), sizes);
		expect(full).toEqual({ ...whole, ctrl: null, reward: null });
		const controlled = await readRollout("a.csv", bytesOf("0 1 9 8 1\n2 3 7 6 2\n4 5 5 4 0\n"), sizes);
		expect(controlled).toEqual({ ...whole, dt: 0.01, reward: null, time: null });
	});

	test.each<[string, Uint8Array, string]>([
		[
			"a.npy",
			toNpy(new Float64Array(21), [3, 7]),
			"its rows have 7 numbers; of this model 2 (qpos), 4 (with qvel), 5 (with ctrl)",
		],
		["a.npz", toNpz({ ...whole, nq: 3, qpos: new Float64Array(9) }), "qpos has 3 columns, the model has 2"],
		["a.npz", toNpz({ ...whole, ctrl: Float64Array.of(1), length: 1 }).subarray(0, 200), "zip"],
		["a.npy", toNpy(whole.qpos, [3, 2]).subarray(0, 140), "an array ends before its last number"],
		["a.npy", toNpy(new Float64Array(1), [1_000_000, 1_000_000]), "is too large"],
		["a.json", bytesOf('{"qvel": []}'), "qpos is not a list of rows of numbers"],
		["a.json", bytesOf("{"), "it is not JSON"],
		["a.csv", bytesOf("1,2\n3\n"), "line 2 has 1 values, the first has 2"],
		["a.csv", bytesOf("1,2\n3,x\n"), 'line 2 has "x" where a number is expected'],
		["a.csv", bytesOf(""), 'it has no "qpos"'],
	])("%s that does not fit is refused with what was expected", async (name, bytes, sentence) => {
		await expect(readRollout(name, bytes, sizes)).rejects.toThrow(sentence);
	});

	test("of HDF5 says what to save instead", async () => {
		const bytes = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);
		await expect(readRollout("a.h5", bytes, sizes)).rejects.toThrow(
			"HDF5 is not read by Gamma; save it with numpy.savez",
		);
		await expect(readRolloutFile(join(folder, "none.npz"), sizes)).rejects.toThrow("there is no file");
	});

	const python = process.env.GAMMA_PYTHON_MUJOCO;
	test.skipIf(!python)("as NumPy writes it, packed and in Fortran's order (needs MuJoCo for Python)", async () => {
		const program = `
import numpy
q = numpy.arange(6.0).reshape(3, 2)
numpy.savez_compressed("p.npz", qpos=numpy.asfortranarray(q.astype("f4")), actions=numpy.array([[1], [2]]), rewards=[0.1, 0.2, 0], dt=0.5)`;
		expect(spawnSync(String(python), ["-c", program], { cwd: folder, encoding: "utf8" }).stderr).toBe("");
		const read = await readRolloutFile(join(folder, "p.npz"), sizes);
		expect(read).toEqual({ ...whole, qvel: null, time: null });
		expect(readFileSync(join(folder, "p.npz")).length).toBeGreaterThan(100);
	});

	test("shows the moment of a time", () => {
		expect([-1, 0, 0.49, 0.5, 0.99, 1, 9].map((seconds) => momentAt(whole, seconds))).toEqual([0, 0, 0, 1, 1, 2, 2]);
		expect([0, 0.5, 0.7, 9].map((seconds) => momentAt({ ...whole, time: null }, seconds))).toEqual([0, 1, 1, 2]);
	});
});
