import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { evaluateEpisode } from "../../../src/adapters/mujoco/evaluateEpisode";
import { MujocoSimulation } from "../../../src/adapters/mujoco/mujocoSimulation";
import { OnnxNetwork } from "../../../src/adapters/mujoco/onnxNetwork";
import { readModel } from "../../../src/adapters/mujoco/openModel";
import { toOnnx } from "../../../src/core/rollouts/writeOnnx";

const models = resolve(import.meta.dirname, "../../fixtures/models");
const heapBytes = (simulation: MujocoSimulation) => simulation.state.qpos.buffer.byteLength;

test("fifty openings of 20 MB each keep less than one of them, refused models among them", async () => {
	const model = await readModel(join(models, "mesh.xml"));
	const broken = {
		main: "a.xml",
		files: [{ path: "a.xml", bytes: new TextEncoder().encode("<mujoco><geom/></mujoco>") }],
	};
	// What is not given back shows soon. The engine's heap grows by a fifth at a time, and its gaps make it do so once in a while.
	const large = new TextEncoder().encode(
		'<mujoco><size memory="20M"/><worldbody><body><freejoint/><geom size="1"/></body></worldbody></mujoco>',
	);
	const sizes: number[] = [];
	for (let opening = 0; opening < 50; opening++) {
		const simulation = await MujocoSimulation.open(model);
		const other = await MujocoSimulation.open({ main: "b.xml", files: [{ path: "b.xml", bytes: large }] });
		simulation.step();
		other.step();
		sizes.push(heapBytes(simulation));
		simulation.dispose();
		other.dispose();
		await expect(MujocoSimulation.open(broken)).rejects.toMatchObject({ code: "model.damaged" });
	}
	expect(sizes[49]).toBeLessThan((sizes[1] ?? 0) + 20e6);
});

test("numbers that were looked at are the engine's own after its memory has grown", async () => {
	const simulation = await MujocoSimulation.open(await readModel(join(models, "pendulums.xml")));
	const before = simulation.state.qpos;
	const text = '<mujoco><size memory="300M"/><worldbody><body><freejoint/><geom size="1"/></body></worldbody></mujoco>';
	const large = { main: "b.xml", files: [{ path: "b.xml", bytes: new TextEncoder().encode(text) }] };
	const other = await MujocoSimulation.open(large);
	expect(before.length).toBe(0);
	expect(simulation.state.qpos.length).toBe(2);
	simulation.step();
	expect(simulation.state.qpos[0]).not.toBe(0);
	other.dispose();
	simulation.dispose();
});

test("a network of two layers is what its numbers say, and one that does not fit is refused with a sentence", async () => {
	const layers = [
		{
			inputs: 2,
			outputs: 2,
			weights: Float32Array.of(1, 0.5, -1, 2),
			bias: Float32Array.of(0.1, 0),
			activation: "tanh",
		},
		{ inputs: 2, outputs: 1, weights: Float32Array.of(2, -3), bias: Float32Array.of(0.25), activation: "none" },
	] as const;
	const network = await OnnxNetwork.open("policy.onnx", toOnnx(layers));
	const [answer = 0] = await network.run(Float32Array.of(0.3, -0.2));
	const hidden = [Math.tanh(0.3 * 1 + -0.2 * -1 + 0.1), Math.tanh(0.3 * 0.5 + -0.2 * 2)];
	expect(answer).toBeCloseTo(2 * (hidden[0] ?? 0) - 3 * (hidden[1] ?? 0) + 0.25, 6);
	await expect(network.run(Float32Array.of(1, 2, 3))).rejects.toMatchObject({ code: "policy.invalid" });
	const simulation = await MujocoSimulation.open(await readModel(join(models, "tendons.xml")));
	const order = { number: 0, seed: 1, maxSteps: 5, records: false };
	await expect(evaluateEpisode(simulation, { model: "tendons.xml" }, network, order)).rejects.toThrow(
		"policy.onnx does not take an observation of 4 numbers",
	);
	simulation.dispose();
	await network.dispose();
	await expect(OnnxNetwork.open("other.onnx", Uint8Array.of(1, 2, 3))).rejects.toThrow("other.onnx is no ONNX network");
});
