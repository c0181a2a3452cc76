import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
	joinFact,
	nothingKnown,
	type StoryOfJob,
	type StoryOfRun,
	tellJob,
	type WorkflowFact,
} from "../../../../src/core/jobs/workflowState";

const run = (stage: 0 | 1 | 2, conclusion: string | null = null): WorkflowFact => {
	const story: StoryOfRun = {
		stage,
		conclusion,
		startedAt: "2026-01-01T00:00:00.000Z",
		endedAt: stage === 2 ? "2026-01-01T02:00:00.000Z" : null,
	};
	return { workflow: "Train", run: story, jobs: {} };
};
const job = (id: string, stage: 0 | 1 | 2, more: Partial<StoryOfJob> = {}): WorkflowFact => {
	const endedAt = stage === 2 ? `2026-01-01T01:0${id}:00.000Z` : null;
	const story = {
		stage,
		conclusion: null,
		startedAt: "2026-01-01T00:01:00.000Z",
		endedAt,
		name: `job ${id}`,
		failedStep: null,
		...more,
	};
	return { workflow: "Train", run: null, jobs: { [id]: story } };
};
const join = (facts: readonly WorkflowFact[]) => facts.reduce(joinFact, nothingKnown);

const lifecycle = [
	run(0),
	run(1),
	run(2, "failure"),
	job("1", 0),
	job("1", 1),
	job("1", 2, { conclusion: "success" }),
	job("2", 0),
	job("2", 1),
	job("2", 2, { conclusion: "failure", failedStep: "Train" }),
	job("3", 1),
	job("3", 2, { conclusion: "cancelled" }),
];

test("facts joined in any order, with any repeats, are the same state to the letter", () => {
	const expected = JSON.stringify(join(lifecycle));
	const anyOrder = fc
		.array(fc.constantFrom(...lifecycle), { maxLength: 12 })
		.chain((repeats) =>
			fc.shuffledSubarray([...lifecycle, ...repeats], { minLength: lifecycle.length + repeats.length }),
		);
	void fc.assert(
		fc.property(anyOrder, (facts) => {
			expect(JSON.stringify(join(facts))).toBe(expected);
		}),
		{ numRuns: 500 },
	);
	expect(tellJob(join(lifecycle))).toEqual({
		status: "failed",
		reason: "The workflow “Train” failed: job “job 2”, step “Train”.",
		startedAt: "2026-01-01T00:00:00.000Z",
		endedAt: "2026-01-01T02:00:00.000Z",
	});
});

test("two facts at one stage that differ are joined alike in both orders", () => {
	const stories = fc.record({
		stage: fc.constantFrom(0 as const, 1 as const, 2 as const),
		conclusion: fc.constantFrom(null, "success", "failure", "cancelled"),
		startedAt: fc.constantFrom(null, "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:01.000Z"),
		endedAt: fc.constantFrom(null, "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:01.000Z"),
	});
	const facts = fc.record({
		workflow: fc.constantFrom(null, "a", "b"),
		run: fc.option(stories),
		jobs: fc.constant({}),
	});
	void fc.assert(
		fc.property(facts, facts, facts, (a, b, c) => {
			const all = [
				[a, b, c],
				[a, c, b],
				[b, a, c],
				[b, c, a],
				[c, a, b],
				[c, b, a],
			].map((some) => JSON.stringify(join(some)));
			expect(new Set(all).size).toBe(1);
		}),
		{ numRuns: 1_000 },
	);
});

test("once the run is told of, its job never goes back, whatever comes in which order", () => {
	const rank = { pending: 0, running: 1, completed: 2, failed: 2, stopped: 2 };
	void fc.assert(
		fc.property(fc.shuffledSubarray(lifecycle, { minLength: lifecycle.length }), (facts) => {
			let state = joinFact(nothingKnown, run(0));
			let last = tellJob(state);
			for (const fact of facts) {
				state = joinFact(state, fact);
				const told = tellJob(state);
				expect(rank[told.status]).toBeGreaterThanOrEqual(rank[last.status]);
				if (rank[last.status] === 2) expect(told.status).toBe(last.status);
				last = told;
			}
		}),
	);
});

test("each conclusion is an end, said in words", () => {
	const told = (conclusion: string | null) => {
		const { status, reason } = tellJob(join([run(2, conclusion)]));
		return [status, reason];
	};
	expect(told("success")).toEqual(["completed", null]);
	expect(told("neutral")).toEqual(["completed", null]);
	expect(told("cancelled")).toEqual(["stopped", "The workflow “Train” was cancelled."]);
	expect(told("skipped")).toEqual(["stopped", "The workflow “Train” was skipped."]);
	expect(told("timed_out")).toEqual(["failed", "The workflow “Train” ran out of time."]);
	expect(told("startup_failure")).toEqual(["failed", "The workflow “Train” could not start."]);
	expect(told("a new one")).toEqual(["failed", "The workflow “Train” ended as a new one."]);
	expect(told(null)).toEqual(["failed", "The workflow “Train” ended as nothing that GitHub names."]);
});

test("where nothing is ever told of the run, its jobs tell it once all have ended", () => {
	expect(tellJob(join([job("1", 0)])).status).toBe("pending");
	expect(tellJob(join([job("1", 1), job("1", 0)])).status).toBe("running");
	expect(tellJob(join([job("1", 2, { conclusion: "success" }), job("2", 1)])).status).toBe("running");
	expect(tellJob(join([job("1", 2, { conclusion: "success" }), job("1", 1), job("1", 0)])).status).toBe("completed");
	expect(tellJob(join([job("1", 2, { conclusion: "success" }), job("2", 2, { conclusion: "failure" })]))).toMatchObject(
		{
			status: "failed",
			reason: "The workflow “Train” failed: job “job 2”.",
		},
	);
	// The run's own word stands above that of its jobs.
	expect(tellJob(join([job("1", 2, { conclusion: "success" }), run(1)])).status).toBe("running");
});
