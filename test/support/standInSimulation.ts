import type { ModelLayout, Simulation } from "../../src/shared/policy/simulation";

export const standInLayout: ModelLayout = {
	...{ nq: 9, nv: 8, nu: 2, na: 1, timestep: 0.01 },
	joints: [
		{
			name: "root",
			kind: "free",
			qpos: { name: "root", start: 0, count: 7 },
			qvel: { name: "root", start: 0, count: 6 },
		},
		{
			name: "slide",
			kind: "slide",
			qpos: { name: "slide", start: 7, count: 1 },
			qvel: { name: "slide", start: 6, count: 1 },
		},
		{
			name: "hinge",
			kind: "hinge",
			qpos: { name: "hinge", start: 8, count: 1 },
			qvel: { name: "hinge", start: 7, count: 1 },
		},
	],
	sensors: [{ name: "imu", start: 0, count: 3 }],
	actuators: [
		{ name: "push", range: [-2, 4] },
		{ name: "free", range: null },
	],
	bodies: ["world", "torso", "goal"],
	keyframes: ["home"],
};

/** What the state is after a step is said here, so that every number of an episode can be worked out by hand. */
export class StandInSimulation implements Simulation {
	readonly layout = standInLayout;
	readonly resets: (string | null)[] = [];
	readonly state = {
		time: 0,
		qpos: Float64Array.of(0, 0, 1, 1, 0, 0, 0, 0, 0),
		qvel: new Float64Array(8),
		act: Float64Array.of(0.5),
		ctrl: new Float64Array(2),
		sensordata: Float64Array.of(1, 2, 3),
		actuatorForce: new Float64Array(2),
		bodyPosition: Float64Array.of(0, 0, 0, 0, 0, 1, 3, 4, 1),
		bodyRotation: new Float64Array(27).fill(0.5),
	};

	reset(keyframe: string | null): void {
		this.resets.push(keyframe);
		this.state.qpos.set([0, 0, 1, 1, 0, 0, 0, 0, 0]);
		this.state.qvel.fill(0);
	}

	forward(): void {}

	/** The torso moves 0.02 m along x, the hinge turns by 0.1. */
	step(): void {
		const { state } = this;
		state.time += 0.01;
		state.bodyPosition[3] = (state.bodyPosition[3] ?? 0) + 0.02;
		state.qpos[8] = (state.qpos[8] ?? 0) + 0.1;
	}
}
