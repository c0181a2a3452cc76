import * as z from "zod/mini";

/** The name under which a policy's description lies beside its network. */
export const policyFileName = "policy.json";

const words = z.string().check(z.regex(/\S/));
const whole = z.int().check(z.gte(0), z.lte(0xffffffff));
const positive = z.number().check(z.gt(0));
const notNegative = z.number().check(z.gte(0));
const numbers = z.array(z.number()).check(z.minLength(1), z.maxLength(10_000));
const names = z.array(words).check(z.minLength(1));

/** What a value of the simulation is taken from; `names` are joints, sensors, actuators or bodies, as the source has them. */
const source = z.enum([
	"qpos",
	"qvel",
	"sensordata",
	"ctrl",
	"act",
	"actuatorForce",
	"bodyPosition",
	"bodyRotation",
	"time",
	"previousAction",
]);
const transform = z.enum(["sin", "cos", "square", "abs"]);

/** Some numbers of the state: all of a source, those of named things, or those from `start` up to before `end`. */
const part = z.object({
	from: source,
	names: z.optional(names),
	start: z.optional(whole),
	end: z.optional(whole),
	transform: z.optional(transform),
	scale: z.optional(z.number()),
	clip: z.optional(z.tuple([z.number(), z.number()])),
});

const term = z.object({
	term: z.enum(["alive", "velocity", "controlCost", "upright", "height", "distance", "value"]),
	label: z.optional(words),
	weight: z.optional(z.number()),
	body: z.optional(words),
	axis: z.optional(z.enum(["x", "y", "z"])),
	to: z.optional(z.union([words, z.tuple([z.number(), z.number(), z.number()])])),
	value: z.optional(part),
});

const bound = z.object({ value: part, min: z.optional(z.number()), max: z.optional(z.number()) });

/** The file as it is written. Names of bodies and joints are checked against the model when it is there. */
export const policyFileSchema = z.object({
	$schema: z.optional(z.string()),
	model: words,
	onnx: z.optional(words),
	input: z.optional(words),
	output: z.optional(words),
	observation: z.optional(
		z.object({
			parts: z.array(part).check(z.minLength(1), z.maxLength(1000)),
			clip: z.optional(positive),
			normalize: z.optional(z.object({ mean: numbers, std: numbers, epsilon: z.optional(notNegative) })),
		}),
	),
	action: z.optional(
		z.object({
			actuators: z.optional(names),
			squash: z.optional(z.enum(["none", "clip", "tanh"])),
			range: z.optional(z.enum(["ctrl", "raw"])),
			scale: z.optional(z.number()),
			offset: z.optional(z.number()),
			noise: z.optional(notNegative),
		}),
	),
	frameSkip: z.optional(z.int().check(z.gte(1), z.lte(10_000))),
	maxSteps: z.optional(z.int().check(z.gte(1), z.lte(10_000_000))),
	reward: z.optional(z.array(term).check(z.minLength(1), z.maxLength(100))),
	ends: z.optional(z.array(bound).check(z.maxLength(100))),
	reset: z.optional(
		z.object({
			keyframe: z.optional(words),
			qposNoise: z.optional(notNegative),
			qvelNoise: z.optional(notNegative),
			distribution: z.optional(z.enum(["uniform", "normal"])),
		}),
	),
	seed: z.optional(whole),
});

/** A policy and the task it is for: what it sees, what its numbers do, what it is paid for. See schemas/policy.schema.json. */
export type PolicyFile = z.infer<typeof policyFileSchema>;
export type PolicyPart = z.infer<typeof part>;
export type RewardTerm = z.infer<typeof term>;
export type EndCondition = z.infer<typeof bound>;

/** What each key must be, as it is said to a person. */
export const policyFields: Readonly<Record<string, string>> = {
	$schema: '"$schema" must be a text',
	model: '"model" must be the path of an MJCF or URDF file, such as "cartpole.xml"',
	onnx: '"onnx" must be the path of an ONNX file, such as "policy.onnx"',
	input: '"input" must be the name of the network\'s input',
	output: '"output" must be the name of the network\'s output',
	observation: '"observation" must be an object such as {"parts": [{"from": "qpos"}, {"from": "qvel"}]}',
	action: '"action" must be an object such as {"squash": "tanh", "range": "ctrl"}',
	frameSkip: '"frameSkip" must be a whole number from 1 to 10000',
	maxSteps: '"maxSteps" must be a whole number from 1 to 10000000',
	reward: '"reward" must be a list such as [{"term": "velocity", "body": "torso", "weight": 1}]',
	ends: '"ends" must be a list such as [{"value": {"from": "qpos", "names": ["hinge"]}, "min": -0.2, "max": 0.2}]',
	reset: '"reset" must be an object such as {"qposNoise": 0.01, "qvelNoise": 0.01}',
	seed: '"seed" must be a whole number from 0 to 4294967295',
};
