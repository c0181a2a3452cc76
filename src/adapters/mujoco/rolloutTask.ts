import type { CollectedModel } from "../../core/mujoco/collectModelFiles";
import type { PolicyFile } from "../../shared/policy/policyFile";
import { type EpisodeOrder, type EpisodeResult, evaluateEpisode } from "./evaluateEpisode";
import { MujocoSimulation } from "./mujocoSimulation";
import { OnnxNetwork } from "./onnxNetwork";

/** All that an episode needs, as plain data: it goes to a worker thread as it is. */
export interface RolloutTask {
	readonly model: CollectedModel;
	readonly policy: PolicyFile;
	/** The network's file name and bytes; null: the controls stay at rest. */
	readonly network: { readonly name: string; readonly bytes: Uint8Array } | null;
}

/** A task made ready in this thread. */
export class OpenTask {
	static async open({ model, policy, network }: RolloutTask): Promise<OpenTask> {
		const simulation = await MujocoSimulation.open(model);
		try {
			const opened = network && (await OnnxNetwork.open(network.name, network.bytes, policy));
			return new OpenTask(simulation, policy, opened);
		} catch (error) {
			simulation.dispose();
			throw error;
		}
	}

	private constructor(
		readonly simulation: MujocoSimulation,
		private readonly policy: PolicyFile,
		private readonly network: OnnxNetwork | null,
	) {}

	run(order: EpisodeOrder): Promise<EpisodeResult> {
		return evaluateEpisode(this.simulation, this.policy, this.network, order);
	}

	async dispose(): Promise<void> {
		this.simulation.dispose();
		await this.network?.dispose();
	}
}
