// Steps of the simulation in a second without a window, beside MuJoCo's Python package on the same model, in turn. Only stepping is
// timed on both sides: opening the model and starting Python are not. Then the viewer of a humanoid, drawn by the processor.
import { execFileSync } from "node:child_process";
import { loadavg } from "node:os";
import { join } from "node:path";
import { MujocoSimulation } from "../src/adapters/mujoco/mujocoSimulation";
import { readModel } from "../src/adapters/mujoco/openModel";
import { launchChromium } from "../test/support/chromium";
import { humanoid } from "../test/support/viewer/models";
import { memoryAfter } from "../test/support/viewer/viewerMemory";
import { modelOf, openViewer, type ViewingLike } from "../test/support/viewer/viewerPage";
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

header("The viewer of a humanoid, without a graphics card");
const browser = await launchChromium();
const load = () => loadavg()[0]?.toFixed(1) ?? "";
const firstMs: number[] = [];
const perSecond: number[] = [];
let sharp = "";
for (let round = 0; round < rounds; round++) {
	const viewer = await openViewer({ browser, model: modelOf(humanoid), isPaused: false, width: 1000, height: 700 });
	await viewer.ready();
	const played = await viewer.page.evaluate(async () => {
		const { viewing } = document.querySelector("gamma-viewer") as unknown as { viewing: ViewingLike };
		const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
		// As sharp as the machine can by then.
		await pause(3_000);
		const before = viewing.screen.drawn.count;
		const beganMs = performance.now();
		await pause(5_000);
		const seconds = (performance.now() - beganMs) / 1000;
		return {
			firstMs: viewing.firstPictureMs ?? Number.NaN,
			perSecond: (viewing.screen.drawn.count - before) / seconds,
			scale: viewing.screen.scale,
		};
	});
	firstMs.push(played.firstMs);
	perSecond.push(played.perSecond);
	sharp = `${Math.round(100 * played.scale)} % of the screen's pixels along each side`;
	await viewer.close();
}
row(["from the navigation to the first picture", show(timing(firstMs)), "", "", "≤ 1 s", load()]);
const { medianMs: median, minMs: least, maxMs: greatest } = timing(perSecond);
const rates = [median, least, greatest].map((rate) => rate.toFixed(0));
row(["pictures a second while it plays", `${rates[0]} (${rates[1]}–${rates[2]}), ${sharp}`, "", "", "60", load()]);
const viewer = await openViewer({ browser, model: modelOf(humanoid), width: 400, height: 300 });
await viewer.ready();
const early = await memoryAfter(viewer, modelOf(humanoid), 10);
const late = await memoryAfter(viewer, modelOf(humanoid), 50);
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
const kept = `engine ${megabytes(early.wasmBytes)} → ${megabytes(late.wasmBytes)} MB, page ${megabytes(early.heapBytes)} → ${megabytes(late.heapBytes)} MB`;
row(["memory over 50 openings, after 10", kept, "", "", "no more", load()]);
await viewer.close();
await browser.close();
