import { GammaError } from "../errors";
import type { PolicyPart } from "./policyFile";
import type { ModelLayout, SimulationState, Span } from "./simulation";

/** What a part of the state is now: its numbers, written into `into` from `at`. */
export interface ValueReader {
	readonly count: number;
	/** What each number is, for tables and for errors: `qpos hinge`, `sin(qpos hinge)`. */
	readonly labels: readonly string[];
	read(state: SimulationState, previousAction: Float32Array, into: Float64Array, at: number): void;
}

/**
 * Finds a part's numbers in this model. Throws `settings.invalid` with the names that the model has where one is not among them,
 * and with how many numbers there are where `start` and `end` reach beyond.
 */
export function toValueReader(part: PolicyPart, layout: ModelLayout, actions: number): ValueReader {
	const spans = spansOf(part, layout, actions);
	const all = spans.flatMap(({ name, start, count }) =>
		Array.from({ length: count }, (_, index) => ({
			index: start + index,
			label: `${part.from} ${count > 1 || name === "" ? `${name}[${index}]` : name}`.trim(),
		})),
	);
	const { start = 0, end = all.length } = part;
	if (start >= end || end > all.length) {
		throw refused(`"${part.from}" has ${all.length} numbers here, and ${start} to ${end} are asked for`);
	}
	const chosen = all.slice(start, end);
	const indices = Int32Array.from(chosen, ({ index }) => index);
	const change = changeOf(part);
	const { from } = part;
	return {
		count: chosen.length,
		labels: chosen.map(({ label }) => (part.transform ? `${part.transform}(${label})` : label)),
		read(state, previousAction, into, at) {
			if (from === "time") {
				into[at] = change(state.time);
				return;
			}
			const values = from === "previousAction" ? previousAction : state[from];
			for (let to = 0; to < indices.length; to++) into[at + to] = change(values[indices[to] ?? 0] ?? Number.NaN);
		},
	};
}

function changeOf({ transform, scale = 1, clip }: PolicyPart): (value: number) => number {
	const [low, high] = clip ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
	return (value) => Math.max(low, Math.min(high, transformed(value, transform) * scale));
}

function transformed(value: number, transform: PolicyPart["transform"]): number {
	switch (transform) {
		case "sin":
			return Math.sin(value);
		case "cos":
			return Math.cos(value);
		case "square":
			return value * value;
		case "abs":
			return Math.abs(value);
		case undefined:
			return value;
	}
}

function spansOf(part: PolicyPart, layout: ModelLayout, actions: number): readonly Span[] {
	const all = spansOfSource(part.from, layout, actions);
	if (!part.names) return all;
	return part.names.map((name) => {
		const found = all.find((span) => span.name === name);
		if (found) return found;
		const known = all.map((span) => span.name).filter((known) => known !== "");
		throw refused(`"${part.from}" has no "${name}" in this model; it has ${listed(known)}`);
	});
}

function spansOfSource(from: PolicyPart["from"], layout: ModelLayout, actions: number): readonly Span[] {
	const each = (names: readonly string[], count: number) =>
		names.map((name, at) => ({ name, start: at * count, count }));
	switch (from) {
		case "qpos":
			return layout.joints.map((joint) => joint.qpos);
		case "qvel":
			return layout.joints.map((joint) => joint.qvel);
		case "sensordata":
			return layout.sensors;
		case "ctrl":
		case "actuatorForce":
			return each(
				layout.actuators.map(({ name }) => name),
				1,
			);
		case "act":
			return [{ name: "", start: 0, count: layout.na }];
		case "bodyPosition":
			return each(layout.bodies, 3);
		case "bodyRotation":
			return each(layout.bodies, 9);
		case "time":
			return [{ name: "", start: 0, count: 1 }];
		case "previousAction":
			return [{ name: "", start: 0, count: actions }];
	}
}

/** Some names for a sentence. */
export function listed(names: readonly string[]): string {
	if (names.length === 0) return "none with a name";
	const shown = names
		.slice(0, 8)
		.map((name) => `"${name}"`)
		.join(", ");
	return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}

export function refused(what: string): GammaError {
	return new GammaError("settings.invalid", `policy.json: ${what}.`);
}
