/** What a model is made of, in MuJoCo's own order. Unnamed things have an empty name. */
export interface ModelLayout {
	readonly nq: number;
	readonly nv: number;
	readonly nu: number;
	/** Activations, of actuators that have a state of their own. */
	readonly na: number;
	/** Seconds of one simulation step. */
	readonly timestep: number;
	readonly joints: readonly JointLayout[];
	readonly sensors: readonly Span[];
	readonly actuators: readonly ActuatorLayout[];
	/** The first is the world. */
	readonly bodies: readonly string[];
	readonly keyframes: readonly string[];
}

/** A named thing's numbers in an array of the state. */
export interface Span {
	readonly name: string;
	readonly start: number;
	readonly count: number;
}

export interface JointLayout {
	readonly name: string;
	readonly kind: "free" | "ball" | "slide" | "hinge";
	/** In qpos: 7 of a free joint, 4 of a ball, else 1. */
	readonly qpos: Span;
	/** In qvel: 6 of a free joint, 3 of a ball, else 1. */
	readonly qvel: Span;
}

export interface ActuatorLayout {
	readonly name: string;
	/** The control range; null where the actuator has none. */
	readonly range: readonly [number, number] | null;
}

/**
 * The numbers of a moment. In an engine whose memory moves when it grows these are getters: read them anew after each step,
 * and never keep one of the arrays.
 */
export interface SimulationState {
	/** Seconds. */
	readonly time: number;
	readonly qpos: Float64Array;
	readonly qvel: Float64Array;
	readonly act: Float64Array;
	readonly ctrl: Float64Array;
	readonly sensordata: Float64Array;
	readonly actuatorForce: Float64Array;
	/** Metres, three for each body, in the world's frame (MuJoCo's xpos). */
	readonly bodyPosition: Float64Array;
	/** Nine for each body, rows first (MuJoCo's xmat). */
	readonly bodyRotation: Float64Array;
}

/** A model that can be stepped, in Node and in the browser alike. */
export interface Simulation {
	readonly layout: ModelLayout;
	readonly state: SimulationState;
	/** To the model's initial state, or to one of its keyframes by its name. */
	reset(keyframe: string | null): void;
	/** Makes what depends on qpos and qvel follow them (MuJoCo's mj_forward). */
	forward(): void;
	step(): void;
}

/** A network: a vector of observations to a vector of actions. */
export interface PolicyNetwork {
	run(observation: Float32Array): Promise<Float32Array>;
}
