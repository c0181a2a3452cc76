import * as z from "zod/mini";
import { type Contract, method, nothing } from "../call";
import type { Rollout } from "../policy/rollout";

/** A model's own file and all that it names, as paths inside one folder. */
export interface ModelFiles {
	/** Path of the MJCF or URDF file itself, relative to the folder. */
	readonly main: string;
	readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
}

/** A policy as it was read; `spec` is parsed by who runs it. */
export interface PolicyFiles {
	readonly spec: unknown;
	readonly onnx: Uint8Array;
}

/** Shown beside the simulation: the first in the model's colours, the second as a ghost or in a view of its own. */
export interface ViewedActor {
	readonly id: number;
	readonly kind: "rollout" | "policy";
	readonly name: string;
}

export interface ModelProblem {
	/** One sentence. */
	readonly message: string;
	/** Where, if a place is known: a path inside the folder, a line from 1. */
	readonly path: string | null;
	readonly line: number | null;
}

/** Everything the viewer shows except the bytes, which it asks for when `revision` has grown. */
export interface ViewerState {
	readonly hostNowMs: number;
	/** Names the file over a reload of the window. */
	readonly uri: string;
	readonly title: string;
	/** Grows when a file of the model was saved. */
	readonly revision: number;
	readonly wasm: { readonly mujoco: string; readonly onnx: string };
	/** At most two, in the order they were opened. */
	readonly actors: readonly ViewedActor[];
	/** Of a command, to be done once per id. */
	readonly wanted: { readonly id: number; readonly action: "savePicture" } | null;
	/** What the extension needs to open this again after a reload, in words of its own; null where the editor does that itself. */
	readonly subject: string | null;
}

const rolloutSizes = z.object({
	nq: z.number(),
	nv: z.number(),
	nu: z.number(),
	na: z.number(),
	/** Seconds. */
	timestep: z.number(),
});

export const viewerCalls = {
	readModel: method(nothing)<ModelFiles | ModelProblem>(),
	/** The sizes are the model's, that the recording is read by. Rejects with `rollout.unreadable`. */
	readRollout: method(z.object({ id: z.number(), sizes: rolloutSizes }))<Rollout>(),
	readPolicy: method(z.object({ id: z.number() }))<PolicyFiles>(),
	/** Asks for a file; it is then among the state's actors. */
	choose: method(z.object({ kind: z.enum(["rollout", "policy"]) }))<void>(),
	remove: method(z.object({ id: z.number() }))<void>(),
	openSource: method(z.object({ path: z.string(), line: z.nullable(z.number()) }))<void>(),
	/** Asks where and writes; false when the person thought better of it. */
	save: method(z.object({ format: z.enum(["png", "webm"]), base64: z.string() }))<boolean>(),
} satisfies Contract;

/** What can be drawn beside the bodies. */
export const overlays = [
	"contacts",
	"forces",
	"joints",
	"com",
	"sites",
	"tendons",
	"cameras",
	"lights",
	"shadows",
] as const;
export type Overlay = (typeof overlays)[number];
export const defaultOverlays: readonly Overlay[] = ["sites", "tendons", "shadows"];

/** What the page keeps over a reload of the window. */
export const viewerKept = z.object({
	uri: z.catch(z.string(), ""),
	subject: z.catch(z.nullable(z.string()), null),
	scrollTop: z.catch(z.number(), 0),
	sections: z.catch(z.record(z.string(), z.boolean()), {}),
	filters: z.catch(z.record(z.string(), z.string()), {}),
	overlays: z.catch(z.array(z.enum(overlays)), [...defaultOverlays]),
	/** Groups of geoms that are shown, as MuJoCo's own viewer numbers them. */
	groups: z.catch(z.array(z.number()), [0, 1, 2]),
	/** Name of the model's camera, or "" for the free one. */
	camera: z.catch(z.string(), ""),
	speed: z.catch(z.number(), 1),
	/** Seed of policies' and noise's random numbers. */
	seed: z.catch(z.number(), 0),
	noise: z.catch(z.number(), 0),
	isSideBySide: z.catch(z.boolean(), false),
	/** What is plotted: `energy`, `sensors`, `qpos`, `qvel` or `ctrl`. */
	plot: z.catch(z.enum(["energy", "sensors", "qpos", "qvel", "ctrl"]), "energy"),
});
export type ViewerKept = z.infer<typeof viewerKept>;
