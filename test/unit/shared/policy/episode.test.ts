import { describe, expect, test } from "vitest";
import { toActor } from "../../../../src/shared/policy/actor";
import { Episode } from "../../../../src/shared/policy/episode";
import { toObserver } from "../../../../src/shared/policy/observer";
import type { PolicyFile, PolicyPart, RewardTerm } from "../../../../src/shared/policy/policyFile";
import { RandomNumbers } from "../../../../src/shared/policy/randomNumbers";
import { StandInSimulation, standInLayout } from "../../../support/standInSimulation";

const model = "robot.xml";
const still = new RandomNumbers(0);
const answering = (...action: number[]) => ({ run: async () => Float32Array.from(action) });

describe("what a policy sees", () => {
	const seen = (observation: PolicyFile["observation"], previous: number[] = [7, 8]) => {
		const observer = toObserver({ model, observation }, standInLayout, 2);
		const { state } = new StandInSimulation();
		state.qpos[8] = Math.PI / 6;
		state.qvel[7] = -3;
		return { labels: observer.labels, values: [...observer.observe(state, Float32Array.from(previous))] };
	};

	test("without a word about it: qpos, then qvel", () => expect(seen(undefined).values.length).toBe(17));

	test("named joints, sensors and bodies, in the order of the file", () => {
		const parts: PolicyPart[] = [
			{ from: "qvel", names: ["hinge"] },
			{ from: "sensordata", names: ["imu"], start: 1 },
			{ from: "bodyPosition", names: ["goal"], end: 2 },
			{ from: "act" },
			{ from: "previousAction" },
			{ from: "qpos", names: ["hinge"], transform: "sin", scale: 2 },
		];
		const { labels, values } = seen({ parts });
		expect(values.slice(0, -1)).toEqual([-3, 2, 3, 3, 4, 0.5, 7, 8]);
		expect(values.at(-1)).toBeCloseTo(1, 6);
		expect(labels[0]).toBe("qvel hinge");
		expect(labels[1]).toBe("sensordata imu[1]");
		expect(labels.at(-1)).toBe("sin(qpos hinge)");
	});

	test("clipped by part, then normalised, then clipped as a whole", () => {
		const parts: PolicyPart[] = [{ from: "sensordata", clip: [0, 2] }];
		const normalize = { mean: [1, 1, 1], std: [0.5, 0.5, 0.1], epsilon: 0 };
		expect(seen({ parts, normalize, clip: 5 }).values).toEqual([0, 2, 5]);
	});

	test.each<[PolicyFile["observation"], string]>([
		[
			{ parts: [{ from: "qpos", names: ["knee"] }] },
			'"qpos" has no "knee" in this model; it has "root", "slide", "hinge"',
		],
		[{ parts: [{ from: "qpos", start: 3, end: 12 }] }, '"qpos" has 9 numbers here, and 3 to 12 are asked for'],
		[
			{ parts: [{ from: "sensordata" }], normalize: { mean: [0], std: [1, 1, 1] } },
			'"mean" has 1 numbers, the observation has 3',
		],
	])("%j is refused with what the model has", (observation, sentence) => {
		expect(() => seen(observation)).toThrow(sentence);
	});
});

describe("what its numbers do", () => {
	const controls = (action: PolicyFile["action"], ...numbers: number[]) => {
		const ctrl = Float64Array.of(9, 9);
		toActor({ model, action }, standInLayout).act(Float32Array.from(numbers), ctrl, still);
		return [...ctrl];
	};

	test("-1 to 1 is spread over the control range; without a range it is the number itself", () => {
		expect(controls(undefined, 0, 0.5)).toEqual([1, 0.5]);
		expect(controls(undefined, -1, -7)).toEqual([-2, -1]);
		expect(controls({ squash: "none" }, 3, 3)).toEqual([4, 3]);
	});
	test("raw numbers are held in the range", () =>
		expect(controls({ range: "raw", squash: "none" }, 3, 3)).toEqual([3, 3]));
	test("scale and offset come before squashing", () => {
		expect(controls({ scale: 0.5, offset: 0.25, squash: "tanh", actuators: ["free"] }, 0.5)).toEqual([
			9,
			Math.tanh(0.5),
		]);
	});
	test("an actuator that is not there is refused", () => {
		expect(() => controls({ actuators: ["kick"] }, 1)).toThrow('no actuator "kick"; it has "push", "free"');
	});
});

describe("an episode", () => {
	const play = async (file: Partial<PolicyFile>, seed = 1, number = 0) => {
		const simulation = new StandInSimulation();
		const episode = new Episode({ model, ...file }, simulation, answering(0, 0.5), seed, number);
		const steps = [await episode.step()];
		while (steps.at(-1)?.endedBy === null) steps.push(await episode.step());
		return { simulation, steps, labels: episode.rewardLabels };
	};

	test.each<[RewardTerm, number]>([
		[{ term: "alive" }, 1],
		[{ term: "alive", weight: -2 }, -2],
		[{ term: "velocity", body: "torso" }, 2],
		[{ term: "velocity", body: "torso", axis: "y" }, 0],
		[{ term: "controlCost" }, 1.25],
		[{ term: "upright", body: "torso" }, 0.5],
		[{ term: "height", body: "torso" }, 1],
		[{ term: "distance", body: "torso", to: [0.04, 0, 3] }, 2],
		[{ term: "distance", body: "goal", to: "world" }, Math.sqrt(26)],
		[{ term: "value", value: { from: "qpos", names: ["hinge"], transform: "square" } }, 0.04],
	])("pays %j with %d", async (term, expected) => {
		const { steps } = await play({ reward: [term], frameSkip: 2, maxSteps: 1 });
		expect(steps[0]?.reward).toBeCloseTo(expected, 12);
	});

	test("ends by the number that left its bounds, which NaN does too, or when its time is over", async () => {
		const ends = [{ value: { from: "qpos", names: ["hinge"] } as PolicyPart, max: 0.35 }];
		const { steps } = await play({ ends });
		expect(steps.map(({ endedBy }) => endedBy)).toEqual([null, null, null, "qpos hinge"]);
		expect((await play({ ends, maxSteps: 2 })).steps.at(-1)?.endedBy).toBe("steps");
		const broken = { from: "sensordata", scale: Number.POSITIVE_INFINITY, transform: "sin" } as PolicyPart;
		const { steps: of } = await play({ ends: [{ value: { ...broken, scale: Number.NaN }, max: 9 }], maxSteps: 5 });
		expect(of.length).toBe(1);
	});

	test("starts from the keyframe with noise that follows from seed and number, quaternions of length 1", async () => {
		const file = { reset: { keyframe: "home", qposNoise: 0.3, qvelNoise: 0.1 }, maxSteps: 1 };
		const start = async (seed: number, number: number) => [...(await play(file, seed, number)).simulation.state.qpos];
		expect(await start(3, 1)).toEqual(await start(3, 1));
		expect(await start(3, 1)).not.toEqual(await start(3, 2));
		const [x = 1, , , ...rest] = await start(3, 1);
		expect(Math.abs(x)).toBeLessThanOrEqual(0.3);
		expect(Math.hypot(...rest.slice(0, 4))).toBeCloseTo(1, 14);
		expect((await play(file)).simulation.resets).toEqual(["home"]);
		await expect(play({ reset: { keyframe: "away" } })).rejects.toThrow('no keyframe "away"; it has "home"');
	});

	test("a network of another size is refused with both sizes", async () => {
		const episode = new Episode({ model }, new StandInSimulation(), answering(1, 2, 3), 0);
		await expect(episode.step()).rejects.toThrow("answers with 3 numbers, but 2 actuators");
	});
});
