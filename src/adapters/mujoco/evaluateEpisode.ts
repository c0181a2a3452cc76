import { RolloutRecorder } from "../../core/rollouts/rolloutRecorder";
import { GammaError } from "../../shared/errors";
import { Episode } from "../../shared/policy/episode";
import type { PolicyFile } from "../../shared/policy/policyFile";
import type { Rollout } from "../../shared/policy/rollout";
import type { PolicyNetwork, Simulation } from "../../shared/policy/simulation";

export interface EpisodeOrder {
	/** From 0. */
	readonly number: number;
	readonly seed: number;
	/** Control steps at most; null: what the policy says. */
	readonly maxSteps: number | null;
	readonly records: boolean;
}

/** How an episode went. */
export interface EpisodeResult {
	readonly number: number;
	readonly return: number;
	/** Control steps. */
	readonly length: number;
	/** Which number ended it, or `steps`. */
	readonly endedBy: string;
	/** The weighted terms of the reward, summed over the episode. */
	readonly terms: Readonly<Record<string, number>>;
	readonly simulatedSeconds: number;
	readonly simulationSteps: number;
	/** Of the whole episode: simulation, network and reward. */
	readonly wallMs: number;
	readonly rollout: Rollout | null;
}

/**
 * One episode to its end. The result follows from the model, the policy and the order alone, `wallMs` apart. Rejects with `model.diverged`,
 * which names the episode.
 */
export async function evaluateEpisode(
	simulation: Simulation,
	file: PolicyFile,
	network: PolicyNetwork | null,
	{ number, seed, maxSteps, records }: EpisodeOrder,
): Promise<EpisodeResult> {
	const episode = new Episode(file, simulation, network, seed, number, maxSteps ?? undefined);
	const { layout, state } = simulation;
	const frames = file.frameSkip ?? 1;
	const recorder = records ? new RolloutRecorder(layout, frames * layout.timestep) : null;
	recorder?.add(state);
	const sums = new Float64Array(episode.rewardLabels.length);
	const began = performance.now();
	let total = 0;
	let endedBy: string | null = null;
	while (endedBy === null) {
		const step = await episode.step().catch((error: unknown) => {
			if (!GammaError.is(error, "model.diverged")) throw error;
			throw new GammaError("model.diverged", `Episode ${number}, step ${episode.steps}: ${error.message}`);
		});
		total += step.reward;
		for (const [at, value] of step.terms.entries()) sums[at] = (sums[at] ?? 0) + value;
		recorder?.addStep(state, step.reward);
		recorder?.add(state);
		endedBy = step.endedBy;
	}
	return {
		...{ number, return: total, length: episode.steps, endedBy },
		terms: Object.fromEntries(episode.rewardLabels.map((label, at) => [label, sums[at] ?? 0])),
		simulatedSeconds: episode.steps * frames * layout.timestep,
		simulationSteps: episode.steps * frames,
		wallMs: performance.now() - began,
		rollout: recorder?.rollout ?? null,
	};
}
