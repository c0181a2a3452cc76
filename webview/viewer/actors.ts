import { momentAt, type Rollout } from "../../src/shared/policy/rollout";
import type { State } from "./physics";

/** What moves a state: physics alone, a recording, or a policy. */
export interface Actor {
	readonly state: State;
	readonly name: string;
	/** Seconds at which it has nothing more to show. */
	readonly endS: number;
	/** It does not move on by itself any more. */
	readonly isOver: boolean;
	/** Rewards so far: the sum up to a time in seconds; null where nobody is paid. */
	returnAt(timeS: number): number | null;
	/** Moves on until `timeS`; true when it got there before `isLate` said that the picture is due. */
	advance(timeS: number, isLate: () => boolean): Promise<boolean>;
	/** One step of the simulation, or one moment of a recording. */
	step(): Promise<void>;
	/** One moment back. */
	stepBack(): void;
	reset(keyframe: number): Promise<void>;
}

/** So many moments can be gone back. */
const keptMoments = 2000;

/** What a state was before each step, so that one can step back. */
export class History {
	readonly #moments: { readonly timeS: number; readonly values: Float64Array }[] = [];

	constructor(private readonly state: State) {}

	note(): void {
		const { qpos, qvel, act, ctrl } = this.state.now;
		const values = new Float64Array(qpos.length + qvel.length + act.length + ctrl.length);
		let at = 0;
		for (const part of [qpos, qvel, act, ctrl]) {
			values.set(part, at);
			at += part.length;
		}
		this.#moments.push({ timeS: this.state.timeS, values });
		if (this.#moments.length > keptMoments) this.#moments.shift();
	}

	back(): void {
		const moment = this.#moments.pop();
		if (!moment) return;
		const { qpos, qvel, act, ctrl } = this.state.now;
		let at = 0;
		for (const part of [qpos, qvel, act, ctrl]) {
			part.set(moment.values.subarray(at, at + part.length));
			at += part.length;
		}
		this.state.timeS = moment.timeS;
		this.state.forward();
	}

	clear(): void {
		this.#moments.length = 0;
	}
}

/** The model under its own physics; the person's hand and the sliders are all that moves it. */
export class PhysicsActor implements Actor {
	readonly endS = Number.POSITIVE_INFINITY;
	readonly isOver = false;
	readonly #history: History;

	constructor(
		readonly state: State,
		readonly name: string,
		/** Before each step: what pushes. */
		private readonly before: () => void,
	) {
		this.#history = new History(state);
	}

	returnAt(): null {
		return null;
	}

	async advance(timeS: number, isLate: () => boolean): Promise<boolean> {
		const half = this.state.physics.timestep / 2;
		while (this.state.timeS + half < timeS) {
			if (isLate()) return false;
			await this.step();
			if (this.state.lost() !== null) return true;
		}
		return true;
	}

	async step(): Promise<void> {
		this.#history.note();
		this.before();
		this.state.step();
	}

	stepBack(): void {
		this.#history.back();
	}

	async reset(keyframe: number): Promise<void> {
		this.#history.clear();
		this.state.reset(keyframe);
	}
}

/** A recorded trajectory: states are put where they were, nothing is simulated. */
export class RolloutActor implements Actor {
	readonly endS: number;
	readonly #returns: Float64Array | null;
	#moment = 0;

	/** Throws where the recording is of another model: its sizes say so. */
	constructor(
		readonly state: State,
		readonly name: string,
		readonly rollout: Rollout,
	) {
		const { model } = state.physics;
		if (rollout.nq !== model.nq) {
			throw new Error(
				`${name} was recorded of another model: it has ${rollout.nq} positions, and this one has ${model.nq}.`,
			);
		}
		this.endS = this.timeOf(rollout.length - 1);
		let sum = 0;
		this.#returns =
			rollout.reward?.map((reward) => {
				sum += reward;
				return sum;
			}) ?? null;
		this.show(0);
	}

	get isOver(): boolean {
		return this.#moment >= this.rollout.length - 1;
	}

	get moment(): number {
		return this.#moment;
	}

	timeOf(moment: number): number {
		const { time, dt } = this.rollout;
		return time ? (time[moment] ?? 0) - (time[0] ?? 0) : moment * dt;
	}

	/** The sum before the moment: its own reward is that of the step that leads from it. */
	returnAt(timeS: number): number | null {
		const moment = momentAt(this.rollout, timeS);
		return this.#returns && (moment === 0 ? 0 : (this.#returns[moment - 1] ?? 0));
	}

	show(moment: number): void {
		const { rollout, state } = this;
		this.#moment = Math.max(0, Math.min(rollout.length - 1, moment));
		const { now } = state;
		const row = (values: Float64Array | null, width: number) =>
			values?.subarray(this.#moment * width, (this.#moment + 1) * width);
		now.qpos.set(row(rollout.qpos, rollout.nq) ?? []);
		if (rollout.nv === now.qvel.length) now.qvel.set(row(rollout.qvel, rollout.nv) ?? []);
		if (rollout.nu === now.ctrl.length) now.ctrl.set(row(rollout.ctrl, rollout.nu) ?? []);
		state.timeS = this.timeOf(this.#moment);
		state.forward();
	}

	async advance(timeS: number): Promise<boolean> {
		this.show(momentAt(this.rollout, timeS));
		return true;
	}

	async step(): Promise<void> {
		this.show(this.#moment + 1);
	}

	stepBack(): void {
		this.show(this.#moment - 1);
	}

	async reset(): Promise<void> {
		this.show(0);
	}
}
