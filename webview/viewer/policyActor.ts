import { Episode } from "../../src/shared/policy/episode";
import { type PolicyFile, policyFileSchema } from "../../src/shared/policy/policyFile";
import type { PolicyNetwork } from "../../src/shared/policy/simulation";
import { type Actor, History } from "./actors";
import type { State } from "./physics";
import { toSimulation } from "./policySimulation";

/** How an episode is begun: what makes two policies comparable. */
export interface Start {
	readonly seed: number;
	/** Added to what the file says of noise on the action; 0: none more. */
	readonly noise: number;
}

/** A policy that moves a state live; a reset begins the same episode again. */
export class PolicyActor implements Actor {
	readonly endS = Number.POSITIVE_INFINITY;
	readonly #file: PolicyFile;
	readonly #history: History;
	#episode: Episode;
	#return = 0;
	/** What ended the episode; null while it goes on. */
	endedBy: string | null = null;

	/** Throws where the file is no policy, or not one for this model. */
	constructor(
		readonly state: State,
		readonly name: string,
		spec: unknown,
		private readonly network: PolicyNetwork,
		private readonly start: Start,
		private readonly before: () => void,
	) {
		const parsed = policyFileSchema.safeParse(spec);
		if (!parsed.success) throw new Error(`${name}: its policy.json is not one that Gamma reads.`);
		const { action } = parsed.data;
		const noise = (action?.noise ?? 0) + start.noise;
		this.#file = { ...parsed.data, action: { ...action, ...(noise > 0 ? { noise } : {}) } };
		this.#history = new History(state);
		this.#episode = this.#begin();
	}

	get steps(): number {
		return this.#episode.steps;
	}

	get isOver(): boolean {
		return this.endedBy !== null;
	}

	returnAt(): number {
		return this.#return;
	}

	/** A whole control step at a time: between them the network has not spoken. */
	async advance(timeS: number, isLate: () => boolean): Promise<boolean> {
		while (this.state.timeS + this.state.physics.timestep / 2 < timeS) {
			if (this.endedBy !== null) return true;
			if (isLate()) return false;
			await this.step();
		}
		return true;
	}

	async step(): Promise<void> {
		if (this.endedBy !== null) return;
		this.#history.note();
		this.before();
		const { reward, endedBy } = await this.#episode.step();
		this.#return += reward;
		this.endedBy = endedBy;
	}

	stepBack(): void {
		this.endedBy = null;
		this.#history.back();
	}

	async reset(): Promise<void> {
		this.#episode = this.#begin();
	}

	close(): void {
		if ("close" in this.network && typeof this.network.close === "function") this.network.close();
	}

	#begin(): Episode {
		this.#history.clear();
		this.#return = 0;
		this.endedBy = null;
		const simulation = toSimulation(this.state, () => {});
		return new Episode(this.#file, simulation, this.network, this.start.seed);
	}
}
