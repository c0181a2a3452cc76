import type { PolicyFile, PolicyPart } from "./policyFile";
import type { ModelLayout, SimulationState } from "./simulation";
import { refused, toValueReader, type ValueReader } from "./valueReader";

/** What a policy sees: the numbers of a state, in the order of the file's parts. */
export interface Observer {
	readonly size: number;
	readonly labels: readonly string[];
	/** A new array each time: a network may keep it. */
	observe(state: SimulationState, previousAction: Float32Array): Float32Array;
}

const everything: readonly PolicyPart[] = [{ from: "qpos" }, { from: "qvel" }];

/**
 * The observation of a policy file in this model: parts in order, then (x - mean) / (std + epsilon), then `clip`.
 * Without `observation` it is qpos and qvel. Throws `settings.invalid` where the model has no such thing or the sizes differ.
 */
export function toObserver({ observation }: PolicyFile, layout: ModelLayout, actions: number): Observer {
	const readers = (observation?.parts ?? everything).map((part) => toValueReader(part, layout, actions));
	const size = readers.reduce((sum, { count }) => sum + count, 0);
	const change = normalizer(observation, size);
	const values = new Float64Array(size);
	return {
		size,
		labels: readers.flatMap(({ labels }) => labels),
		observe(state, previousAction) {
			readAll(readers, state, previousAction, values);
			return Float32Array.from(values, change);
		},
	};
}

function readAll(readers: readonly ValueReader[], state: SimulationState, action: Float32Array, into: Float64Array) {
	let at = 0;
	for (const reader of readers) {
		reader.read(state, action, into, at);
		at += reader.count;
	}
}

function normalizer(observation: PolicyFile["observation"], size: number): (value: number, at: number) => number {
	const limit = observation?.clip ?? Number.POSITIVE_INFINITY;
	const clip = (value: number): number => Math.max(-limit, Math.min(limit, value));
	if (!observation?.normalize) return clip;
	const { mean, std, epsilon = 1e-8 } = observation.normalize;
	for (const [name, { length }] of Object.entries({ mean, std })) {
		if (length !== size) throw refused(`"${name}" has ${length} numbers, the observation has ${size}`);
	}
	return (value, at) => clip((value - (mean[at] ?? 0)) / ((std[at] ?? 1) + epsilon));
}
