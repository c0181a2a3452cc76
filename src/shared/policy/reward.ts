import type { EndCondition, PolicyFile, RewardTerm } from "./policyFile";
import type { ModelLayout, SimulationState } from "./simulation";
import { listed, refused, toValueReader } from "./valueReader";

/** What one control step is worth. */
export interface RewardMeter {
	readonly labels: readonly string[];
	/** Remembers where bodies are before the step. */
	before(state: SimulationState): void;
	/** The weighted terms of the step that has ended, in the order of `labels`. `seconds` is how long it took in the simulation. */
	after(state: SimulationState, seconds: number, previousAction: Float32Array): Float64Array;
}

type Term = (state: SimulationState, seconds: number, previousAction: Float32Array) => number;

/** Without `reward` each step is worth 1, so that the return is the episode's length. */
export function toRewardMeter({ reward }: PolicyFile, layout: ModelLayout, actions: number): RewardMeter {
	const terms: readonly RewardTerm[] = reward ?? [{ term: "alive" }];
	let positions = new Float64Array(layout.bodies.length * 3);
	const measures = terms.map((term) => measureOf(term, layout, actions, () => positions));
	const weights = terms.map(({ weight = 1 }) => weight);
	return {
		labels: terms.map(labelOf),
		before(state) {
			positions = Float64Array.from(state.bodyPosition);
		},
		after: (state, seconds, previousAction) =>
			Float64Array.from(measures, (measure, at) => (weights[at] ?? 0) * measure(state, seconds, previousAction)),
	};
}

function labelOf({ label, term, body, value }: RewardTerm): string {
	return label ?? [term, body ?? (value && [value.from, ...(value.names ?? [])].join(" "))].filter(Boolean).join(" ");
}

const axes = { x: 0, y: 1, z: 2 } as const;

function measureOf(term: RewardTerm, layout: ModelLayout, actions: number, before: () => Float64Array): Term {
	switch (term.term) {
		case "alive":
			return () => 1;
		case "controlCost":
			return ({ ctrl }) => ctrl.reduce((sum, value) => sum + value * value, 0);
		case "velocity": {
			const at = bodyOf(term, layout) * 3 + axes[term.axis ?? "x"];
			return ({ bodyPosition }, seconds) => ((bodyPosition[at] ?? 0) - (before()[at] ?? 0)) / seconds;
		}
		case "upright": {
			// The world's z in the body's own z: the last number of its rotation matrix.
			const at = bodyOf(term, layout) * 9 + 8;
			return ({ bodyRotation }) => bodyRotation[at] ?? 0;
		}
		case "height": {
			const at = bodyOf(term, layout) * 3 + 2;
			return ({ bodyPosition }) => bodyPosition[at] ?? 0;
		}
		case "distance":
			return distance(term, layout);
		case "value": {
			if (!term.value)
				throw refused('a reward of "value" needs its "value", such as {"from": "qpos", "names": ["hinge"]}');
			const reader = toValueReader(term.value, layout, actions);
			const into = new Float64Array(reader.count);
			return (state, _, previousAction) => {
				reader.read(state, previousAction, into, 0);
				return into.reduce((sum, value) => sum + value, 0);
			};
		}
	}
}

/** Metres between a body and another, or a point of the world. */
function distance(term: RewardTerm, layout: ModelLayout): Term {
	const from = bodyOf(term, layout) * 3;
	const { to } = term;
	if (to === undefined)
		throw refused('a reward of "distance" needs "to": a body\'s name, or a point such as [0, 0, 1]');
	const target = typeof to === "string" ? bodyOf({ ...term, body: to }, layout) * 3 : null;
	return ({ bodyPosition }) => {
		let sum = 0;
		for (let axis = 0; axis < 3; axis++) {
			const there = target === null ? Number(to[axis]) : (bodyPosition[target + axis] ?? 0);
			sum += ((bodyPosition[from + axis] ?? 0) - there) ** 2;
		}
		return Math.sqrt(sum);
	};
}

function bodyOf({ term, body }: RewardTerm, { bodies }: ModelLayout): number {
	if (body === undefined) throw refused(`a reward of "${term}" needs its "body"`);
	const index = bodies.indexOf(body);
	if (index >= 0) return index;
	throw refused(`this model has no body "${body}"; it has ${listed(bodies.filter((name) => name !== ""))}`);
}

/** Says whether an episode ends here, and by which number. */
export function toEnding(
	{ ends = [] }: PolicyFile,
	layout: ModelLayout,
	actions: number,
): (state: SimulationState, previousAction: Float32Array) => string | null {
	const checks = ends.map(({ value, min, max }: EndCondition) => {
		const reader = toValueReader(value, layout, actions);
		return { reader, min: min ?? Number.NEGATIVE_INFINITY, max: max ?? Number.POSITIVE_INFINITY };
	});
	const widest = checks.reduce((most, { reader }) => Math.max(most, reader.count), 0);
	const into = new Float64Array(widest);
	return (state, previousAction) => {
		for (const { reader, min, max } of checks) {
			reader.read(state, previousAction, into, 0);
			for (let at = 0; at < reader.count; at++) {
				// Written so that NaN ends an episode too.
				if (!((into[at] ?? 0) >= min && (into[at] ?? 0) <= max)) return reader.labels[at] ?? "";
			}
		}
		return null;
	};
}
