import { GammaError } from "../errors";
import { toActor } from "./actor";
import { toObserver } from "./observer";
import type { PolicyFile } from "./policyFile";
import { RandomNumbers } from "./randomNumbers";
import { toEnding, toRewardMeter } from "./reward";
import type { PolicyNetwork, Simulation, SimulationState } from "./simulation";
import { startEpisode } from "./startEpisode";

/** Control steps of an episode that neither ends nor says how long it may be. */
export const usualMaxSteps = 1000;

/** What one control step did. */
export interface EpisodeStep {
	readonly observation: Float32Array;
	/** As the network gave it; empty where there is none. */
	readonly action: Float32Array;
	readonly reward: number;
	/** The weighted terms that add up to the reward. */
	readonly terms: Float64Array;
	/** Which number ended the episode, `steps` when its time was over; null while it goes on. */
	readonly endedBy: string | null;
}

/**
 * One episode of a policy, step by step: the same code in Node and in the browser, so that a seed gives the same bytes in both. Without a
 * network the controls are left as they are (someone else may set them) and the task is scored all the same.
 */
export class Episode {
	readonly observationLabels: readonly string[];
	readonly rewardLabels: readonly string[];
	readonly maxSteps: number;
	readonly #random: RandomNumbers;
	readonly #observer;
	readonly #actor;
	readonly #meter;
	readonly #ending;
	#action: Float32Array;
	#steps = 0;

	/** `number` tells the episodes of one seed apart. Throws `settings.invalid` where the file does not fit the model. */
	constructor(
		private readonly file: PolicyFile,
		private readonly simulation: Simulation,
		private readonly network: PolicyNetwork | null,
		seed: number,
		number = 0,
		maxSteps = file.maxSteps ?? usualMaxSteps,
	) {
		const { layout } = simulation;
		this.maxSteps = maxSteps;
		this.#actor = toActor(file, layout);
		this.#observer = toObserver(file, layout, this.#actor.size);
		this.#meter = toRewardMeter(file, layout, this.#actor.size);
		this.#ending = toEnding(file, layout, this.#actor.size);
		this.observationLabels = this.#observer.labels;
		this.rewardLabels = this.#meter.labels;
		this.#random = new RandomNumbers(seed, number);
		this.#action = new Float32Array(this.#actor.size);
		startEpisode(file, simulation, this.#random);
	}

	/** Control steps done. */
	get steps(): number {
		return this.#steps;
	}

	/**
	 * One control step: `frameSkip` steps of the simulation, `afterEach` called after each. Rejects with `model.diverged` where the state is
	 * no longer a number, and with `policy.invalid` where the network's answer has another size than the actuators.
	 */
	async step(afterEach?: (state: SimulationState) => void): Promise<EpisodeStep> {
		const { simulation, network } = this;
		const observation = this.#observer.observe(simulation.state, this.#action);
		if (network) {
			const action = await network.run(observation);
			if (action.length !== this.#actor.size) {
				throw new GammaError(
					"policy.invalid",
					`The network answers with ${action.length} numbers, but ${this.#actor.size} actuators are to be moved; name them in "action".`,
				);
			}
			this.#action = action;
			this.#actor.act(action, simulation.state.ctrl, this.#random);
		}
		this.#meter.before(simulation.state);
		const frames = this.file.frameSkip ?? 1;
		for (let frame = 0; frame < frames; frame++) {
			simulation.step();
			afterEach?.(simulation.state);
		}
		this.#steps++;
		const { state, layout } = simulation;
		const terms = this.#meter.after(state, frames * layout.timestep, this.#action);
		const reward = terms.reduce((sum, value) => sum + value, 0);
		const ended = this.#ending(state, this.#action) ?? (this.#steps >= this.maxSteps ? "steps" : null);
		return { observation, action: this.#action, reward, terms, endedBy: ended };
	}
}
