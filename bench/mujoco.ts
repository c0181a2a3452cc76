// Steps of the simulation in a second without a window, beside MuJoCo's Python package on the same model, in turn. Only stepping is
// timed on both sides: opening the model and starting Python are not.
import { execFileSync } from "node:child_process";
import { loadavg } from "node:os";
import { join } from "node:path";
import { MujocoSimulation } from "../src/adapters/mujoco/mujocoSimulation";
import { readModel } from "../src/adapters/mujoco/openModel";
import { root } from "./support/peers";
import { header, row, show, timing } from "./support/rounds";

const python = process.env.GAMMA_PYTHON_MUJOCO ?? "python3";
const steps = 20_000;
const rounds = 5;

const program = `
import sys, time, mujoco
model = mujoco.MjModel.from_xml_path(sys.argv[1])
data = mujoco.MjData(model)
began = time.perf_counter()
for step in range(int(sys.argv[2])):
    mujoco.mj_step(model, data)
print((time.perf_counter() - began) * 1000)`;

const models = [
	"examples/cartpole/cartpole.xml",
	"test/fixtures/models/actuators.xml",
	"test/fixtures/models/contacts.xml",
];

header(`MuJoCo without a window, ${steps} steps`);
for (const model of models) {
	const path = join(root, model);
	const simulation = await MujocoSimulation.open(await readModel(path));
	const own: number[] = [];
	const peer: number[] = [];
	simulation.stepMany(steps / 10);
	for (let round = 0; round < rounds; round++) {
		simulation.reset(null);
		const began = performance.now();
		simulation.stepMany(steps);
		own.push(performance.now() - began);
		peer.push(Number(execFileSync(python, ["-c", program, path, String(steps)], { encoding: "utf8" })));
	}
	simulation.dispose();
	const [mine, other] = [timing(own), timing(peer)];
	const ratio = `${(other.medianMs / mine.medianMs).toFixed(2)} ×`;
	row([model, show(mine), `mujoco for Python ${show(other)}`, ratio, "", loadavg()[0]?.toFixed(1) ?? ""]);
}
