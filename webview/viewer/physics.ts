import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";
import type { ModelFiles } from "../../src/shared/panels/viewerPanel";
import { type Look, readLook, uniformMaterialsOf } from "./look";
import { arraysOf, type DataArrays, type ModelArrays, nameAt, stateOf } from "./modelArrays";

/** mjENBL_ENERGY and mjDSBL_AUTORESET of mujoco.h. */
const enableEnergy = 1 << 1;
const disableAutoReset = 1 << 16;
/** Beyond this MuJoCo itself takes a state for lost (mjMAXVAL). */
const largestValue = 1e10;

/** A compiled model in the engine's memory, which `close` gives back. Its states are `State`s. */
export class Physics {
	readonly #states = new Set<State>();

	readonly look: Look;
	readonly timestep: number;

	private constructor(
		readonly engine: MainModule,
		readonly compiled: MjModel,
		uniformMaterials: ReadonlySet<number>,
	) {
		const { opt } = compiled;
		opt.enableflags |= enableEnergy;
		// A state that is lost is shown as such, not silently replaced by the start.
		opt.disableflags |= disableAutoReset;
		this.timestep = opt.timestep;
		opt.delete();
		this.look = readLook(engine, compiled, uniformMaterials);
	}

	/** Compiles a model; throws the engine's own error where it does not take it. */
	static open(engine: MainModule, model: ModelFiles): Physics {
		const disk = new engine.MjVFS();
		try {
			for (const { path, bytes } of model.files) disk.addBuffer(path, bytes);
			const compiled = engine.MjModel.from_xml_path(model.main, disk);
			if (!compiled) throw new Error("The model could not be compiled.");
			return new Physics(engine, compiled, uniformMaterialsOf(engine, compiled, model, disk));
		} finally {
			disk.delete();
		}
	}

	get model(): ModelArrays {
		return arraysOf(this.compiled);
	}

	/** About how large the model is, in its unit of length. */
	get extent(): number {
		return this.look.extent;
	}

	names(of: "body" | "jnt" | "geom" | "cam" | "actuator" | "sensor" | "key"): readonly string[] {
		const { model } = this;
		const words = { body: "body", jnt: "joint", geom: "geom", cam: "camera", actuator: "actuator" };
		const word = of === "sensor" ? "sensor" : of === "key" ? "keyframe" : words[of];
		return [...model[`name_${of}adr`]].map((at, index) => nameAt(model.names, at, `${word} ${index}`));
	}

	newState(): State {
		const state = new State(this, new this.engine.MjData(this.compiled), () => this.#states.delete(state));
		this.#states.add(state);
		return state;
	}

	/** How much memory the engine has, for tests. */
	get memoryBytes(): number {
		return this.model.geom_rgba.buffer.byteLength;
	}

	close(): void {
		for (const state of [...this.#states]) state.close();
		this.compiled.delete();
	}
}

/** One state of a model. */
export class State {
	constructor(
		readonly physics: Physics,
		readonly data: MjData,
		private readonly onClose: () => void,
	) {
		this.forward();
	}

	get now(): DataArrays {
		return stateOf(this.data);
	}

	get timeS(): number {
		return this.data.time;
	}

	set timeS(seconds: number) {
		this.data.time = seconds;
	}

	step(): void {
		this.physics.engine.mj_step(this.physics.compiled, this.data);
	}

	forward(): void {
		this.physics.engine.mj_forward(this.physics.compiled, this.data);
	}

	/** To the model's start, or to a keyframe by its number, and all that follows from it. */
	reset(keyframe = -1): void {
		this.rewind(keyframe);
		this.forward();
	}

	/** The same without what follows from it: for who changes it yet. */
	rewind(keyframe: number): void {
		const { engine, compiled } = this.physics;
		if (keyframe < 0) engine.mj_resetData(compiled, this.data);
		else engine.mj_resetDataKeyframe(compiled, this.data, keyframe);
	}

	/** The name of the first joint whose numbers are lost, or null. */
	lost(): string | null {
		const { qpos, qvel } = this.now;
		const isLost = (value: number) => !(Math.abs(value) < largestValue);
		const { model } = this.physics;
		for (const [values, addresses] of [[qpos, "jnt_qposadr"] as const, [qvel, "jnt_dofadr"] as const]) {
			const at = values.findIndex(isLost);
			if (at < 0) continue;
			const joint = model[addresses].findLastIndex((address) => address <= at);
			return this.physics.names("jnt")[joint] ?? "";
		}
		return null;
	}

	/** Where two bodies touch: the place and the force, three numbers each, in the world's frame. */
	contacts(): readonly Contact[] {
		const { engine, compiled } = this.physics;
		const all = this.data.contact;
		const force = new engine.DoubleBuffer(6);
		try {
			const count = all.size();
			return Array.from({ length: count }, (_, index) => {
				const contact = all.get(index);
				try {
					engine.mj_contactForce(compiled, this.data, index, force);
					const local: Float64Array = force.GetView();
					return toContact(contact?.pos ?? [], contact?.frame ?? [], local);
				} finally {
					contact?.delete();
				}
			});
		} finally {
			force.delete();
			all.delete();
		}
	}

	close(): void {
		this.data.delete();
		this.onClose();
	}
}

export interface Contact {
	readonly at: readonly [number, number, number];
	readonly normal: readonly [number, number, number];
	/** Newton, as the second geom feels it. */
	readonly force: readonly [number, number, number];
}

/** The frame's rows are the normal and two tangents; the force is given along them. */
function toContact(position: ArrayLike<number>, frame: ArrayLike<number>, local: ArrayLike<number>): Contact {
	const at = (values: ArrayLike<number>, index: number) => values[index] ?? 0;
	const along = (axis: number) =>
		at(frame, axis) * at(local, 0) + at(frame, 3 + axis) * at(local, 1) + at(frame, 6 + axis) * at(local, 2);
	return {
		at: [at(position, 0), at(position, 1), at(position, 2)],
		normal: [at(frame, 0), at(frame, 1), at(frame, 2)],
		force: [along(0), along(1), along(2)],
	};
}
