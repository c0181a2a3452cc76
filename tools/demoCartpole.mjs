// The demo's robot: examples/cartpole really trained, by the same command that anyone has, into the demo project's store.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, say } from "./lib/cache.mjs";
import { run } from "./lib/processes.mjs";

const source = join(root, "examples", "cartpole");

/** The run `cart-pole` in the store of a demo made by demo.mjs; trained on the first call, in a few seconds. Needs dist/. */
export async function trainCartpole(demo) {
	const mark = join(demo, ".git", "gamma-cartpole-complete");
	if (existsSync(mark)) return;
	say("training the demo's robot: a few seconds");
	const folder = mkdtempSync(join(tmpdir(), "gamma-cartpole-"));
	try {
		cpSync(source, folder, { recursive: true });
		const training = ["train.mjs", "--simulator", join(root, "dist", "mujoco.cjs")];
		const kept = ["--checkpoints", "checkpoints/*"];
		const options = ["--store", join(demo, "mlruns"), "--experiment", "cart-pole", "--name", "cart-pole-es", ...kept];
		await run(
			process.execPath,
			[join(root, "bin", "gamma.mjs"), "exec", ...options, "--", process.execPath, ...training],
			{ cwd: folder, env: { ...process.env, USER: "ada" }, quiet: true },
		);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	mkdirSync(join(demo, ".git"), { recursive: true });
	writeFileSync(mark, "");
}
