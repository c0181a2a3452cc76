// Learns to balance the cart-pole by evolution strategies (Salimans et al., "Evolution Strategies as a Scalable Alternative to
// Reinforcement Learning", 2017): no gradients, no GPU, a few seconds. Prints one JSON line a generation, which `gamma exec` logs.
//
//   gamma exec --experiment cart-pole --checkpoints "checkpoints/*" -- node train.mjs
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const { values: given } = parseArgs({
	options: {
		simulator: { type: "string", default: join(here, "..", "..", "dist", "mujoco.cjs") },
		out: { type: "string", default: "checkpoints" },
		seed: { type: "string", default: "1" },
		generations: { type: "string", default: "30" },
	},
});
const { MujocoSimulation, RandomNumbers, evaluateEpisode, readModel, readPolicyFile, toOnnx } = createRequire(
	import.meta.url,
)(given.simulator);

const seed = Number(given.seed);
const generations = Number(given.generations);
const pairs = 12;
const deviation = 0.2;
const rate = 0.3;
const observations = 5;
const testEpisodes = 4;

const policy = readPolicyFile(readFileSync(join(here, "policy.json"), "utf8"));
const simulation = await MujocoSimulation.open(await readModel(join(here, "cartpole.xml")));
const random = new RandomNumbers(seed);

/** A linear policy: a weight for each number it sees, and one more. */
const run = (weights, seen) => {
	let sum = weights[observations];
	for (let at = 0; at < observations; at++) sum += weights[at] * seen[at];
	return Float32Array.of(sum);
};

/** Episodes of the same numbers start alike, for every policy. */
async function play(weights, number) {
	const network = { run: async (seen) => run(weights, seen) };
	const order = { number, seed, maxSteps: null, records: false };
	return evaluateEpisode(simulation, policy, network, order);
}

mkdirSync(given.out, { recursive: true });
copyFileSync(join(here, "cartpole.xml"), join(given.out, "cartpole.xml"));
const last = `policy-step-${generations}.onnx`;
writeFileSync(join(given.out, "policy.json"), `${JSON.stringify({ ...policy, onnx: last }, null, 2)}\n`);

function keep(weights, step) {
	const layer = {
		inputs: observations,
		outputs: 1,
		weights: Float32Array.from(weights.subarray(0, observations)),
		bias: Float32Array.of(weights[observations]),
		activation: "none",
	};
	const path = join(given.out, `policy-step-${step}.onnx`);
	writeFileSync(`${path}.part`, toOnnx([layer]));
	renameSync(`${path}.part`, path);
}

const say = (step, metrics) => process.stdout.write(`${JSON.stringify({ step, metrics })}\n`);

const weights = new Float32Array(observations + 1);
for (let generation = 0; generation <= generations; generation++) {
	// Episodes that training never sees: numbers from 1,000,000.
	const tests = [];
	for (let number = 0; number < testEpisodes; number++) tests.push(await play(weights, 1_000_000 + number));
	const mean = (pick) => tests.reduce((sum, test) => sum + pick(test), 0) / tests.length;
	if (generation % 5 === 0 || generation === generations) keep(weights, generation);
	const metrics = { "eval/return": mean((test) => test.return), "eval/length": mean((test) => test.length) };
	if (generation === generations) {
		say(generation, metrics);
		break;
	}
	const tried = [];
	for (let pair = 0; pair < pairs; pair++) {
		const noise = Float32Array.from(weights, () => random.normal());
		const returns = [];
		for (const side of [1, -1]) {
			const moved = weights.map((weight, at) => weight + side * deviation * noise[at]);
			returns.push((await play(moved, generation)).return);
		}
		tried.push({ noise, returns });
	}
	const all = tried.flatMap(({ returns }) => returns);
	const average = all.reduce((sum, value) => sum + value, 0) / all.length;
	const spread = Math.sqrt(all.reduce((sum, value) => sum + (value - average) ** 2, 0) / all.length) || 1;
	for (const { noise, returns } of tried) {
		const worth = (returns[0] - returns[1]) / spread;
		for (let at = 0; at < weights.length; at++) weights[at] += (rate / pairs) * worth * noise[at];
	}
	say(generation, { ...metrics, "train/return": average, "train/best": Math.max(...all) });
}
simulation.dispose();
