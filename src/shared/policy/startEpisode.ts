import type { PolicyFile } from "./policyFile";
import type { RandomNumbers } from "./randomNumbers";
import type { Simulation } from "./simulation";
import { listed, refused } from "./valueReader";

/**
 * Puts the simulation at the start of an episode: the keyframe or the model's own start, with noise on qpos and qvel. `uniform` noise
 * reaches `qposNoise` to either side, `normal` noise has it as its deviation. Quaternions stay of length 1.
 */
export function startEpisode({ reset }: PolicyFile, simulation: Simulation, random: RandomNumbers): void {
	const keyframe = reset?.keyframe ?? null;
	const { keyframes, joints } = simulation.layout;
	if (keyframe !== null && !keyframes.includes(keyframe)) {
		throw refused(`this model has no keyframe "${keyframe}"; it has ${listed(keyframes)}`);
	}
	simulation.reset(keyframe);
	const { qposNoise = 0, qvelNoise = 0, distribution = "uniform" } = reset ?? {};
	const draw = (): number => (distribution === "normal" ? random.normal() : 2 * random.uniform() - 1);
	const { qpos, qvel } = simulation.state;
	for (let at = 0; at < qpos.length && qposNoise > 0; at++) qpos[at] = (qpos[at] ?? 0) + qposNoise * draw();
	for (let at = 0; at < qvel.length && qvelNoise > 0; at++) qvel[at] = (qvel[at] ?? 0) + qvelNoise * draw();
	for (const { kind, qpos: span } of joints) {
		if (kind === "free") normalise(qpos, span.start + 3);
		if (kind === "ball") normalise(qpos, span.start);
	}
	simulation.forward();
}

function normalise(qpos: Float64Array, from: number): void {
	const parts = qpos.subarray(from, from + 4);
	const length = Math.sqrt(parts.reduce((sum, value) => sum + value * value, 0));
	for (let at = 0; at < 4 && length > 0; at++) parts[at] = (parts[at] ?? 0) / length;
}
