import type { Rollout } from "../../shared/policy/rollout";
import type { ModelLayout, SimulationState } from "../../shared/policy/simulation";

/** Records an episode: the start, then every control step. */
export class RolloutRecorder {
	readonly #qpos: Float64Array[] = [];
	readonly #qvel: Float64Array[] = [];
	readonly #ctrl: Float64Array[] = [];
	readonly #rewards: number[] = [];
	readonly #times: number[] = [];

	/** `dt` is the seconds of a control step. */
	constructor(
		private readonly layout: ModelLayout,
		private readonly dt: number,
	) {}

	/** A moment. */
	add({ qpos, qvel, time }: SimulationState): void {
		this.#qpos.push(Float64Array.from(qpos));
		this.#qvel.push(Float64Array.from(qvel));
		this.#times.push(time);
	}

	/** The step that led from the last moment. */
	addStep({ ctrl }: SimulationState, reward: number): void {
		this.#ctrl.push(Float64Array.from(ctrl));
		this.#rewards.push(reward);
	}

	get rollout(): Rollout {
		const { nq, nv, nu } = this.layout;
		const length = this.#qpos.length;
		const all = (rows: readonly Float64Array[], columns: number): Float64Array => {
			const values = new Float64Array(length * columns);
			for (const [row, numbers] of rows.entries()) values.set(numbers, row * columns);
			return values;
		};
		return {
			...{ nq, nv, nu, length, dt: this.dt },
			qpos: all(this.#qpos, nq),
			qvel: all(this.#qvel, nv),
			ctrl: all(this.#ctrl, nu),
			reward: Float64Array.from({ length }, (_, at) => this.#rewards[at] ?? 0),
			time: Float64Array.from(this.#times),
		};
	}
}
