import { describe, expect, test } from "vitest";
import { mentionsOf } from "../../../../src/core/insights/mentionsOf";

const run = { key: "store/run1", name: "warm-fox" };

describe("what goes along when the agent is woken", () => {
	test("of a metric is the run, the window around the step, and its job", () => {
		expect(mentionsOf({ metric: "loss", step: 700, isOfLog: false }, run, "job1")).toEqual([
			{ kind: "run", key: "store/run1", name: "warm-fox" },
			{ kind: "metric", metric: "loss", runKey: "store/run1", fromStep: 500, toStep: 900 },
			{ kind: "job", id: "job1" },
		]);
	});

	test("of a line in a log is the last error of its job, with the run where there is one", () => {
		const noticed = { metric: null, step: null, isOfLog: true };
		expect(mentionsOf(noticed, undefined, "job1")).toEqual([{ kind: "jobError", id: "job1" }]);
		expect(mentionsOf(noticed, run, null)).toEqual([{ kind: "run", key: "store/run1", name: "warm-fox" }]);
	});

	test("of a time and no step is no window", () => {
		expect(mentionsOf({ metric: "loss", step: null, isOfLog: false }, run, null)).toHaveLength(1);
	});
});
