import type { JointLayout, ModelLayout, Simulation, SimulationState, Span } from "../../src/shared/policy/simulation";
import { nameAt } from "./modelArrays";
import type { Physics, State } from "./physics";

const joints = [
	{ kind: "free", positions: 7, velocities: 6 },
	{ kind: "ball", positions: 4, velocities: 3 },
	{ kind: "slide", positions: 1, velocities: 1 },
	{ kind: "hinge", positions: 1, velocities: 1 },
] as const;

/** A state of the viewer as what policies are run in; the same numbers as in the command (`gamma rollout`). */
export function toSimulation(state: State, afterStep: () => void): Simulation {
	const layout = layoutOf(state.physics);
	return {
		layout,
		state: liveState(state),
		reset: (keyframe) => state.rewind(keyframe === null ? -1 : layout.keyframes.indexOf(keyframe)),
		forward: () => state.forward(),
		step() {
			state.step();
			afterStep();
		},
	};
}

function layoutOf(physics: Physics): ModelLayout {
	const { model } = physics;
	const named = (addresses: Int32Array) => [...addresses].map((address) => nameAt(model.names, address, ""));
	return {
		nq: model.nq,
		nv: model.nv,
		nu: model.nu,
		na: model.na,
		timestep: physics.timestep,
		joints: named(model.name_jntadr).map((name, at): JointLayout => {
			const shape = joints[model.jnt_type[at] ?? 3] ?? joints[3];
			const span = (start: number, count: number): Span => ({ name, start, count });
			return {
				name,
				kind: shape.kind,
				qpos: span(model.jnt_qposadr[at] ?? 0, shape.positions),
				qvel: span(model.jnt_dofadr[at] ?? 0, shape.velocities),
			};
		}),
		sensors: named(model.name_sensoradr).map((name, at) => ({
			name,
			start: model.sensor_adr[at] ?? 0,
			count: model.sensor_dim[at] ?? 0,
		})),
		actuators: named(model.name_actuatoradr).map((name, at) => {
			const [low = 0, high = 0] = model.actuator_ctrlrange.subarray(2 * at, 2 * at + 2);
			return { name, range: low < high ? [low, high] : null };
		}),
		bodies: named(model.name_bodyadr),
		keyframes: named(model.name_keyadr),
	};
}

function liveState(state: State): SimulationState {
	return {
		get time() {
			return state.timeS;
		},
		get qpos() {
			return state.now.qpos;
		},
		get qvel() {
			return state.now.qvel;
		},
		get act() {
			return state.now.act;
		},
		get ctrl() {
			return state.now.ctrl;
		},
		get sensordata() {
			return state.now.sensordata;
		},
		get actuatorForce() {
			return state.now.actuator_force;
		},
		get bodyPosition() {
			return state.now.xpos;
		},
		get bodyRotation() {
			return state.now.xmat;
		},
	};
}
