import type { PolicyFile } from "./policyFile";
import type { RandomNumbers } from "./randomNumbers";
import type { ActuatorLayout, ModelLayout } from "./simulation";
import { listed, refused } from "./valueReader";

/** How a network's numbers become the model's controls. */
export interface Actor {
	/** Numbers the network gives. */
	readonly size: number;
	/** Writes the controls of its actuators into `ctrl` and leaves the others. `random` is used where the file asks for noise. */
	act(action: Float32Array, ctrl: Float64Array, random: RandomNumbers): void;
}

/**
 * An action: times `scale`, plus `offset`, plus noise, squashed; then -1 … 1 is spread over the actuator's control range (`range: "ctrl"`,
 * the default), or taken as it is and held in the range (`raw`). An actuator without a range is given the number itself.
 */
export function toActor({ action }: PolicyFile, layout: ModelLayout): Actor {
	const chosen =
		action?.actuators?.map((name) => indexOf(name, layout.actuators)) ?? layout.actuators.map((_, at) => at);
	const { squash = "clip", range = "ctrl", scale = 1, offset = 0, noise = 0 } = action ?? {};
	return {
		size: chosen.length,
		act(numbers, ctrl, random) {
			for (const [at, actuator] of chosen.entries()) {
				const given = (numbers[at] ?? 0) * scale + offset;
				const value = squashed(noise > 0 ? given + noise * random.normal() : given, squash);
				const limits = layout.actuators[actuator]?.range ?? null;
				ctrl[actuator] = limits === null ? value : inRange(value, limits, range);
			}
		},
	};
}

function squashed(value: number, squash: "none" | "clip" | "tanh"): number {
	switch (squash) {
		case "none":
			return value;
		case "clip":
			return Math.max(-1, Math.min(1, value));
		case "tanh":
			return Math.tanh(value);
	}
}

function inRange(value: number, [low, high]: readonly [number, number], range: "ctrl" | "raw"): number {
	const wanted = range === "ctrl" ? low + ((value + 1) / 2) * (high - low) : value;
	return Math.max(low, Math.min(high, wanted));
}

function indexOf(name: string, actuators: readonly ActuatorLayout[]): number {
	const index = actuators.findIndex((actuator) => actuator.name === name);
	if (index >= 0) return index;
	throw refused(`this model has no actuator "${name}"; it has ${listed(actuators.map((actuator) => actuator.name))}`);
}
