import type { MainModule, MjModel } from "@mujoco/mujoco";
import type { JointLayout, ModelLayout, Span } from "../../shared/policy/simulation";

const joints = [
	{ kind: "free", positions: 7, velocities: 6 },
	{ kind: "ball", positions: 4, velocities: 3 },
	{ kind: "slide", positions: 1, velocities: 1 },
	{ kind: "hinge", positions: 1, velocities: 1 },
] as const;

/** Reads a compiled model's layout. The copy outlives the model. */
export function toModelLayout(mujoco: MainModule, model: MjModel): ModelLayout {
	const { mjOBJ_BODY, mjOBJ_JOINT, mjOBJ_SENSOR, mjOBJ_ACTUATOR, mjOBJ_KEY } = mujoco.mjtObj;
	const names = (kind: { value: number }, count: number): string[] =>
		Array.from({ length: count }, (_, at) => mujoco.mj_id2name(model, kind.value, at) ?? "");
	const ranges: Float64Array = model.actuator_ctrlrange;
	const { opt } = model;
	const { timestep } = opt;
	opt.delete();
	return {
		nq: model.nq,
		nv: model.nv,
		nu: model.nu,
		na: model.na,
		timestep,
		joints: names(mjOBJ_JOINT, model.njnt).map((name, at) => jointOf(model, name, at)),
		sensors: spansOf(names(mjOBJ_SENSOR, model.nsensor), model.sensor_adr, model.sensor_dim),
		actuators: names(mjOBJ_ACTUATOR, model.nu).map((name, at) => {
			const [low = 0, high = 0] = ranges.subarray(2 * at, 2 * at + 2);
			// The flags of limits cannot be read (embind does not know arrays of bool); an actuator without a range has 0 to 0.
			return { name, range: low < high ? [low, high] : null };
		}),
		bodies: names(mjOBJ_BODY, model.nbody),
		keyframes: names(mjOBJ_KEY, model.nkey),
	};
}

function jointOf(model: MjModel, name: string, at: number): JointLayout {
	const shape = joints[Number(model.jnt_type[at])] ?? joints[3];
	const span = (start: number, count: number): Span => ({ name, start, count });
	return {
		name,
		kind: shape.kind,
		qpos: span(model.jnt_qposadr[at], shape.positions),
		qvel: span(model.jnt_dofadr[at], shape.velocities),
	};
}

function spansOf(names: readonly string[], starts: ArrayLike<number>, counts: ArrayLike<number>): Span[] {
	return names.map((name, at) => ({ name, start: starts[at] ?? 0, count: counts[at] ?? 0 }));
}
