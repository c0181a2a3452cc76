// Loading 20 tags × 100,000 scalars, against TensorBoard's own loader in its own process (its import is not counted).
import { execFileSync } from "node:child_process";
import { loadavg } from "node:os";
import { join } from "node:path";
import { TensorboardStore } from "../src/adapters/tensorboard/tensorboardStore";
import { benchStore, python, root } from "./support/peers";
import { header, row, show, timing } from "./support/rounds";

const points = 2_000_000;
const store = benchStore("tensorboard-20x100000", "make_tensorboard.py", (at) => [join(at, "run"), "20", "100000"]);

async function readAll(): Promise<number> {
	const tensorboard = new TensorboardStore({ id: "bench", root: store, label: "bench" });
	let count = 0;
	for await (const _ of tensorboard.refresh());
	const [run] = await tensorboard.search({ view: "active" });
	for (const metric of Object.keys(run?.metrics ?? {}))
		count += (await tensorboard.history(run?.id ?? "", metric)).values.length;
	tensorboard.dispose();
	return count;
}

const gammaMs: number[] = [];
const peerMs: number[] = [];
for (let round = 0; round < 6; round++) {
	const began = performance.now();
	const found = await readAll();
	// The first round warms up.
	if (round > 0) gammaMs.push(performance.now() - began);
	if (found !== points) throw new Error(`found ${found} points instead of ${points}`);
	if (round === 0) continue;
	const peer: { seconds: number; points: number } = JSON.parse(
		execFileSync(python, [join(root, "bench", "stores", "read_tensorboard.py"), join(store, "run")], {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		}),
	);
	if (peer.points !== points) throw new Error(`TensorBoard found ${peer.points} points`);
	peerMs.push(peer.seconds * 1000);
}
header("TensorBoard event files");
const [own, other] = [timing(gammaMs), timing(peerMs)];
row([
	"20 tags × 100,000 scalars, every point",
	show(own),
	`EventAccumulator ${show(other)}`,
	`${(other.medianMs / own.medianMs).toFixed(1)} ×`,
	"≥ 60 ×",
	loadavg()[0]?.toFixed(1) ?? "",
]);
