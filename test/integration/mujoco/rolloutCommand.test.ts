import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mujocoInNode } from "../../../tools/lib/mujocoInNode.mjs";
import { readGuide } from "../../support/docs/guide";
import { GammaCommand } from "../../support/gammaCommand";

const root = resolve(import.meta.dirname, "../../..");
const python = process.env.GAMMA_PYTHON_MUJOCO;
const command = new GammaCommand();
const folder = mkdtempSync(join(tmpdir(), "gamma-rollout-"));
const checkpoints = join(folder, "checkpoints");

interface Printed {
	readonly seed: number;
	readonly workers: number;
	readonly episodes: readonly { episode: number; return: number; length: number; endedBy: string; terms: object }[];
	readonly meanReturn: number | null;
	readonly saved: readonly string[];
}

beforeAll(async () => {
	await command.build();
	const dist = join(command.folder, "dist");
	await esbuild.build({
		absWorkingDir: root,
		entryPoints: { mujoco: "src/adapters/lazy/mujoco.ts", rolloutWorker: "src/adapters/mujoco/rolloutWorker.ts" },
		outdir: dist,
		outExtension: { ".js": ".cjs" },
		...{ bundle: true, platform: "node", target: "node20", format: "cjs", external: ["./*.cjs"], logLevel: "error" },
		...mujocoInNode,
	});
	mkdirSync(join(dist, "webview"));
	symlinkSync(join(root, "node_modules/@mujoco/mujoco/mujoco.wasm"), join(dist, "webview", "mujoco.wasm"));
	const onnx = join(root, "node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm");
	symlinkSync(onnx, join(dist, "webview", "onnxruntime.wasm"));
	cpSync(join(root, "test/fixtures/models"), join(folder, "models"), { recursive: true });
	const trained = train("1", checkpoints);
	expect(trained.stderr).toBe("");
});

afterAll(() => {
	command.dispose();
	rmSync(folder, { recursive: true, force: true });
});

/** The demo's training, as `npm start` runs it. */
function train(seed: string, out: string) {
	const simulator = join(command.folder, "dist", "mujoco.cjs");
	const args = ["--simulator", simulator, "--out", out, "--seed", seed, "--generations", "20"];
	return spawnSync(process.execPath, [join(root, "examples/cartpole/train.mjs"), ...args], { encoding: "utf8" });
}

const rollout = (...args: string[]) => command.run(["rollout", ...args], { cwd: folder });
async function printed(...args: string[]): Promise<Printed> {
	const { code, out, err } = await rollout(...args, "--json");
	// A busy machine may take so long that progress is told.
	expect([code, err.replaceAll(/^\d+ of \d+ episodes\n/gm, "")]).toEqual([0, ""]);
	return JSON.parse(out);
}
const cartpole = ["checkpoints/cartpole.xml", "--policy"];
const withoutTimes = ({ episodes }: Printed) => JSON.stringify(episodes).replaceAll(/"stepMicroseconds":[\d.e-]+/g, "");

describe("gamma rollout", () => {
	test("the guide's commands, word for word: a score, and the bar that a policy must reach", () => {
		cpSync(join(checkpoints, "cartpole.xml"), join(folder, "robot.xml"));
		const bin = join(folder, "bin");
		mkdirSync(bin);
		const launcher = `#!/bin/sh\nexec "${process.execPath}" "${command.launcher}" "$@"\n`;
		writeFileSync(join(bin, "gamma"), launcher, { mode: 0o755 });
		const script = readGuide("rollout.md").blocks.filter(({ about }) => about === "run");
		expect(script).toHaveLength(2);
		const env = { ...process.env, PATH: `${bin}:${dirname(process.execPath)}:${process.env.PATH}` };
		const follow = (text: string) => spawnSync("bash", ["-euo", "pipefail", "-c", text], { cwd: folder, env }).status;
		expect(follow(script.map(({ text }) => text).join("\n"))).toBe(0);
		const score: Printed = JSON.parse(readFileSync(join(folder, "score.json"), "utf8"));
		expect(score.episodes).toHaveLength(100);
		writeFileSync(join(folder, "score.json"), JSON.stringify({ ...score, meanReturn: 199 }));
		expect(follow(script[1]?.text ?? "")).toBe(1);
	});

	test("the demo's policies get better with training, and the last one balances", async () => {
		const first = await printed(...cartpole, "checkpoints/policy-step-0.onnx", "--episodes", "8");
		const last = await printed(...cartpole, "checkpoints", "--episodes", "8");
		expect(last.meanReturn).toBeGreaterThan(2 * Number(first.meanReturn));
		expect(last.episodes.filter(({ length }) => length === 250).length).toBeGreaterThanOrEqual(6);
		expect(first.episodes[0]?.endedBy).toMatch(/^qpos (hinge|slide)$/);
		expect(Object.keys(last.episodes[0]?.terms ?? {})).toEqual(["balanced", "away from the middle", "effort"]);
	});

	test("a seed gives the same bytes again, on one thread and on three, and another seed others", async () => {
		const asked = [...cartpole, "checkpoints", "--episodes", "5", "--seed", "7", "--steps", "60"];
		const one = await printed(...asked, "--save", "one.npz");
		const three = await printed(...asked, "--workers", "3", "--save", "three.npz");
		expect([one.workers, three.workers, one.saved.length]).toEqual([1, 3, 5]);
		expect(withoutTimes(three)).toBe(withoutTimes(one));
		for (const at of [0, 4]) {
			expect(readFileSync(join(folder, `three-${at}.npz`))).toEqual(readFileSync(join(folder, `one-${at}.npz`)));
		}
		const other = await printed(...cartpole, "checkpoints", "--episodes", "5", "--seed", "8", "--steps", "60");
		expect(withoutTimes(other)).not.toBe(withoutTimes(one));
	});

	test("the training is the same bytes again, and tells its steps as lines that gamma exec reads", () => {
		const again = join(folder, "again");
		const { stdout } = train("1", again);
		const lines = stdout
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line));
		expect(lines.map(({ step }) => step)).toEqual(Array.from({ length: 21 }, (_, step) => step));
		expect(lines.at(-1).metrics["eval/return"]).toBeGreaterThan(2 * lines[0].metrics["eval/return"]);
		for (const name of readdirSync(again)) {
			expect(readFileSync(join(again, name)), name).toEqual(readFileSync(join(checkpoints, name)));
		}
	});

	test.skipIf(!python)(
		"what is saved is what NumPy reads, and the network is NumPy's to 1e-6 (needs MuJoCo for Python)",
		async () => {
			await printed(...cartpole, "checkpoints", "--steps", "40", "--save", "saved.npz");
			const program = `
import json, numpy, struct, sys
saved = numpy.load("saved.npz")
raw = open("checkpoints/policy-step-20.onnx", "rb").read()
at = raw.index(b"weights0", raw.index(b"weights0") + 8) + 8
weights = numpy.frombuffer(raw, "<f4", 5, at + 2).astype("f8")
at = raw.index(b"bias0", at) + 5
bias = numpy.frombuffer(raw, "<f4", 1, at + 2).astype("f8")
qpos, qvel = saved["qpos"][:-1], numpy.clip(saved["qvel"][:-1], -10, 10)
seen = numpy.stack([qpos[:, 0], numpy.sin(qpos[:, 1]), numpy.cos(qpos[:, 1]), qvel[:, 0], qvel[:, 1]], axis=1).astype("f4")
expected = 10 * numpy.tanh(seen.astype("f8") @ weights + bias)
print(json.dumps({"shapes": {key: saved[key].shape for key in saved}, "farthest": float(abs(expected - saved["ctrl"][:-1, 0]).max()), "widest": float(abs(expected).max())}))`;
			const { stdout, stderr } = spawnSync(String(python), ["-c", program], { cwd: folder, encoding: "utf8" });
			expect(stderr).toBe("");
			const { shapes, farthest, widest } = JSON.parse(stdout);
			expect(shapes).toEqual({ qpos: [41, 2], qvel: [41, 2], ctrl: [41, 1], reward: [41], time: [41], dt: [] });
			expect(widest).toBeGreaterThan(0.5);
			expect(farthest / widest).toBeLessThan(1e-6);
		},
	);

	test("under gamma exec its curve, its checkpoints and the robot are one run", async () => {
		const training = [join(root, "examples/cartpole/train.mjs"), "--out", "kept", "--generations", "5"];
		const simulator = ["--simulator", join(command.folder, "dist", "mujoco.cjs")];
		const options = ["--store", "mlruns", "--experiment", "cart-pole", "--checkpoints", "kept/*"];
		const run = ["exec", ...options, "--", process.execPath, ...training, ...simulator];
		expect((await command.run(run, { cwd: folder })).code).toBe(0);
		const [logged] = (await command.json(["runs", "--store", "mlruns"], { cwd: folder })) as {
			id: string;
			status: string;
			metrics: Record<string, number>;
		}[];
		expect(logged?.status).toBe("FINISHED");
		const curve = await command.json(["metric", "--store", "mlruns", String(logged?.id), "eval/return"], {
			cwd: folder,
		});
		expect(curve).toMatchObject({ steps: [0, 1, 2, 3, 4, 5] });
		const list = ["artifacts", "--store", "mlruns", String(logged?.id), "checkpoints"];
		const kept = (await command.json(list, { cwd: folder })) as { path: string }[];
		const names = kept.map(({ path }) => path.split("/").at(-1));
		expect(names).toEqual(
			expect.arrayContaining(["cartpole.xml", "policy.json", "policy-step-0.onnx", "policy-step-5.onnx"]),
		);
	});

	test("without a policy the model moves by itself, and has no return", async () => {
		const { episodes, meanReturn } = await printed("models/pendulums.xml", "--steps", "20");
		expect([episodes[0]?.length, episodes[0]?.return, meanReturn]).toEqual([20, null, null]);
		const urdf = await printed("models/arm.urdf", "--steps", "5");
		expect(urdf.episodes[0]?.length).toBe(5);
	});

	const files: Readonly<Record<string, string>> = {
		"loop.xml": '<mujoco>\n<include file="loop.xml"/>\n</mujoco>',
		"circle.xml": '<mujoco>\n<include file="circle2.xml"/>\n</mujoco>',
		"circle2.xml": '<mujocoinclude>\n\n<include file="circle.xml"/>\n</mujocoinclude>',
		"outside.xml": '<mujoco><asset>\n<mesh file="../../../etc/passwd"/></asset></mujoco>',
		"absolute.xml": '<mujoco><asset>\n<mesh file="/etc/passwd"/></asset></mujoco>',
		"nomesh.xml": '<mujoco>\n<asset>\n<mesh file="gone.stl"/></asset></mujoco>',
		"broken.xml": "<mujoco>\n<worldbody>\n<geom></worldbody></mujoco>",
		"wrong.xml": '<mujoco>\n<worldbody>\n\n<geom type="blob"/></worldbody></mujoco>',
		"html.xml": "<html></html>",
		"wild.xml":
			'<mujoco><option timestep="0.1"/><worldbody><body><joint name="h" type="slide" axis="1 0 0" stiffness="-1e5"/><geom size="0.1"/></body></worldbody><keyframe/></mujoco>',
		"badPolicy.json": '{\n"model": "wild.xml",\n"frameSkip": 0}',
		"otherPolicy.json": '{"model": "wild.xml", "ends": [{"value": {"from": "qpos", "names": ["knee"]}, "max": 1}]}',
		"narrow.json": '{"model": "checkpoints/cartpole.xml", "onnx": "checkpoints/policy-step-20.onnx"}',
		"text.json": '{"model": "checkpoints/cartpole.xml", "onnx": "narrow.json"}',
		"noisy.json": '{"model": "wild.xml", "reset": {"qposNoise": 1}, "maxSteps": 100000}',
	};

	test.each([
		[["loop.xml"], /^gamma: loop\.xml, line 2: loop\.xml includes itself\.$/],
		[["circle.xml"], /^gamma: circle2\.xml, line 3: circle\.xml includes itself by way of circle2\.xml\.$/],
		[
			["outside.xml"],
			/^gamma: outside\.xml, line 2: "\.\.\/\.\.\/\.\.\/etc\/passwd" is outside of the model's folder\.$/,
		],
		[["absolute.xml"], /^gamma: absolute\.xml, line 2: "\/etc\/passwd" is outside of the model's folder\.$/],
		[["nomesh.xml"], /^gamma: nomesh\.xml, line 3: there is no file "gone\.stl"/],
		[["broken.xml"], /^gamma: broken\.xml, line 3: the XML does not parse: mismatched element/],
		[["wrong.xml"], /^gamma: wrong\.xml, line 4: invalid keyword: 'blob' \(in <geom>\)\.$/],
		[["html.xml"], /^gamma: html\.xml, line 1: it is neither MJCF \(<mujoco>\) nor URDF \(<robot>\)\.$/],
		[["gone.xml"], /^gamma: There is no model .*gone\.xml\.$/],
		[["wild.xml", "--policy", "noisy.json"], /^gamma: Episode 0, step \d+: The simulation diverged at \d/],
		[["wild.xml", "--policy", "badPolicy.json"], /^gamma: badPolicy\.json, line 3: "frameSkip" must be a whole number/],
		[
			["wild.xml", "--policy", "otherPolicy.json"],
			/^gamma: policy\.json: "qpos" has no "knee" in this model; it has "h"\.$/,
		],
		[
			["checkpoints/cartpole.xml", "--policy", "narrow.json"],
			/^gamma: .*policy-step-20\.onnx does not take an observation of 4 numbers: /,
		],
		[
			["checkpoints/cartpole.xml", "--policy", "narrow.json", "--episodes", "4", "--workers", "2"],
			/^gamma: .*policy-step-20\.onnx does not take an observation of 4 numbers: /,
		],
		[
			["checkpoints/cartpole.xml", "--policy", "text.json"],
			/^gamma: narrow\.json is no ONNX network that can be run: /,
		],
		[["wild.xml", "--policy", "none"], /^gamma: There is no policy none\/policy\.json/],
		[["wild.xml", "--save", "x.h5"], /^gamma: A rollout is saved as \.npz or \.json, not as \.h5\.$/],
	])("%j ends with one sentence", async (args, sentence) => {
		for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
		const { code, out, err } = await rollout(...args);
		expect([code, out]).toEqual([1, ""]);
		expect(err.trimEnd()).toMatch(sentence);
		expect(err.trimEnd().split("\n").length).toBe(1);
	});

	test("what it prints as JSON is what its guide says, key by key", async () => {
		const asked = [...cartpole, "checkpoints", "--episodes", "2", "--steps", "5", "--save", "told.json"];
		const told = (await printed(...asked)) as unknown as Record<string, unknown> & { episodes: readonly object[] };
		const keys = [...Object.keys(told), ...Object.keys(told.episodes[0] ?? {}).map((key) => `episodes[].${key}`)];
		const guide = readFileSync(join(root, "docs/rollout.md"), "utf8");
		const rows = guide.slice(guide.indexOf("## What `--json` prints")).matchAll(/^\| (`.*?) \|/gm);
		const named = [...rows].flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, key]) => key));
		expect(named.toSorted()).toEqual(keys.toSorted());
	});

	test("wrong usage ends with 2", async () => {
		for (const args of [["x.xml", "--steps", "0"], ["x.xml", "--seed", "-1"], []]) {
			expect((await rollout(...args)).code).toBe(2);
		}
	});
});
