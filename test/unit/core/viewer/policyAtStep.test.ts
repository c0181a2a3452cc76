import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinedPath, nearestPolicy, policiesAmong } from "../../../../src/core/viewer/policyAtStep";
import { isMjcf, problemOfModel } from "../../../../src/core/viewer/problemOfModel";
import { GammaError } from "../../../../src/shared/errors";
import { nearestStep } from "../../../../src/shared/policy/nearestStep";

describe("the policies among a run's artifacts", () => {
	test("are networks with a step in their name and a description beside or above them", () => {
		const found = policiesAmong([
			"model/cartpole.xml",
			"policies/policy.json",
			"policies/step-40/policy.onnx",
			"policies/step-0/policy.onnx",
			"policies/step-0/policy.json",
			"policies/step_20.onnx",
			"policies/step_20.json",
			"policies/best.onnx",
			"elsewhere/step-5.onnx",
		]);
		expect(found).toEqual([
			{ path: "policies/step-0/policy.onnx", step: 0, specPath: "policies/step-0/policy.json" },
			{ path: "policies/step_20.onnx", step: 20, specPath: "policies/step_20.json" },
			{ path: "policies/step-40/policy.onnx", step: 40, specPath: "policies/policy.json" },
		]);
	});

	test("the nearest is nearest, and of two as near the earlier", () => {
		fc.assert(
			fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 30 }), fc.nat(1000), (steps, step) => {
				const policies = policiesAmong(["policy.json", ...steps.map((each) => `step-${each}.onnx`)]);
				const found = nearestPolicy(policies, step)?.step ?? Number.NaN;
				const best = Math.min(...steps.map((each) => Math.abs(each - step)));
				expect(Math.abs(found - step)).toBe(best);
				expect(found).toBe(steps.includes(step - best) ? step - best : step + best);
				expect(
					nearestStep(
						[...steps].sort((a, b) => a - b),
						step,
					),
				).toBe(found);
			}),
		);
		expect(nearestPolicy([], 3)).toBeUndefined();
		expect(nearestStep([], 3)).toBeNull();
	});

	test("a path that a file names stays inside of the artifacts", () => {
		expect(joinedPath("policies/step-1/policy.json", "../../model/robot.xml")).toBe("model/robot.xml");
		expect(joinedPath("policy.json", "./robot.xml")).toBe("robot.xml");
		expect(joinedPath("policy.json", "../robot.xml")).toBeNull();
	});
});

describe("a model's file", () => {
	test("is MJCF by its first tag, whatever stands before it", () => {
		expect(isMjcf('<?xml version="1.0"?>\n<!-- a <robot> -->\n<mujoco model="a">')).toBe(true);
		expect(isMjcf("\uFEFF<mujoco/>")).toBe(true);
		expect(isMjcf("<robot name='a'>")).toBe(false);
		expect(isMjcf("<project><mujoco/></project>")).toBe(false);
		expect(isMjcf("<mujocoinclude/>")).toBe(false);
		expect(isMjcf("")).toBe(false);
	});

	test("what is wrong with it is said with its place", () => {
		const told = new GammaError(
			"model.damaged",
			'parts/arm.xml, line 12: there is no file "hand.stl" (parts/hand.stl).',
		);
		expect(problemOfModel(told)).toEqual({
			message: 'There is no file "hand.stl" (parts/hand.stl).',
			path: "parts/arm.xml",
			line: 12,
		});
		expect(problemOfModel(new GammaError("model.missing", "There is no file a.xml."))).toEqual({
			message: "There is no file a.xml.",
			path: null,
			line: null,
		});
	});
});
