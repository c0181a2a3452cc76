import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";
import type { CollectedModel } from "../../core/mujoco/collectModelFiles";
import { GammaError } from "../../shared/errors";
import type { ModelLayout, Simulation, SimulationState } from "../../shared/policy/simulation";
import { loadMujoco } from "./loadMujoco";
import { toModelLayout } from "./modelLayout";
import { compileModel } from "./openModel";

/** A model in MuJoCo's WebAssembly. Its memory is the engine's: `dispose` gives it back. */
export class MujocoSimulation implements Simulation {
	readonly layout: ModelLayout;
	readonly state: SimulationState;

	/** Rejects with `model.damaged`. */
	static async open(model: CollectedModel): Promise<MujocoSimulation> {
		const mujoco = await loadMujoco();
		const compiled = compileModel(mujoco, model);
		try {
			return new MujocoSimulation(mujoco, compiled, new mujoco.MjData(compiled));
		} catch (error) {
			compiled.delete();
			if (GammaError.is(error)) throw error;
			throw new GammaError("model.damaged", `${model.main}: MuJoCo has no memory for its state.`, { cause: error });
		}
	}

	private constructor(
		private readonly mujoco: MainModule,
		private readonly model: MjModel,
		private readonly data: MjData,
	) {
		this.layout = toModelLayout(mujoco, model);
		// A state that is no number stays to be seen; MuJoCo would start anew by itself, as if nothing had been.
		const { opt } = model;
		opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_AUTORESET.value;
		opt.delete();
		this.state = new LiveState(data);
	}

	reset(keyframe: string | null): void {
		const { mujoco, model, data } = this;
		if (keyframe === null) mujoco.mj_resetData(model, data);
		else mujoco.mj_resetDataKeyframe(model, data, this.layout.keyframes.indexOf(keyframe));
	}

	forward(): void {
		this.mujoco.mj_forward(this.model, this.data);
	}

	/** Throws `model.diverged` where the state is no longer a number, or larger than any that MuJoCo allows. */
	step(): void {
		this.mujoco.mj_step(this.model, this.data);
		const { qpos, qvel, time } = this.state;
		if (isSound(qpos) && isSound(qvel)) return;
		throw new GammaError(
			"model.diverged",
			`The simulation diverged at ${time.toPrecision(4)} s: its state is no longer a number. Give it a smaller timestep or weaker controls.`,
		);
	}

	/** Steps many times without looking: for measuring. */
	stepMany(count: number): void {
		const { mujoco, model, data } = this;
		for (let step = 0; step < count; step++) mujoco.mj_step(model, data);
	}

	dispose(): void {
		this.data.delete();
		this.model.delete();
	}
}

/** MuJoCo's own bound (mjMAXVAL). */
const largest = 1e10;

function isSound(values: Float64Array): boolean {
	for (let at = 0; at < values.length; at++) {
		// Written so that NaN is not sound.
		if (!(Math.abs(values[at] ?? 0) <= largest)) return false;
	}
	return true;
}

type ArrayOfState = Exclude<keyof SimulationState, "time">;
const namesInMujoco = {
	qpos: "qpos",
	qvel: "qvel",
	act: "act",
	ctrl: "ctrl",
	sensordata: "sensordata",
	actuatorForce: "actuator_force",
	bodyPosition: "xpos",
	bodyRotation: "xmat",
} as const satisfies Record<ArrayOfState, keyof MjData>;

/** The engine's arrays where they are now: when its memory grows they move, and what pointed there has the length 0. */
class LiveState implements SimulationState {
	readonly #views = new Map<ArrayOfState, Float64Array>();

	constructor(private readonly data: MjData) {}

	get time(): number {
		return this.data.time;
	}
	get qpos(): Float64Array {
		return this.#view("qpos");
	}
	get qvel(): Float64Array {
		return this.#view("qvel");
	}
	get act(): Float64Array {
		return this.#view("act");
	}
	get ctrl(): Float64Array {
		return this.#view("ctrl");
	}
	get sensordata(): Float64Array {
		return this.#view("sensordata");
	}
	get actuatorForce(): Float64Array {
		return this.#view("actuatorForce");
	}
	get bodyPosition(): Float64Array {
		return this.#view("bodyPosition");
	}
	get bodyRotation(): Float64Array {
		return this.#view("bodyRotation");
	}

	#view(name: ArrayOfState): Float64Array {
		const kept = this.#views.get(name);
		if (kept && kept.length > 0) return kept;
		const view: Float64Array = this.data[namesInMujoco[name]];
		this.#views.set(name, view);
		return view;
	}
}
