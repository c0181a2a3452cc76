import { describe, expect, test } from "vitest";
import { type MentionWorld, resolveMentions } from "../../../../src/core/agent/resolveMentions";
import type { Draft } from "../../../../src/shared/panels/agentPanel";

const world: MentionWorld = {
	runs: [
		{ key: "s/2", name: "owl" },
		{ key: "s/1", name: "owl" },
		{ key: "s/3", name: "fox" },
	],
	jobIds: ["job-aa1", "job-aa2", "job-b"],
	jobId: "job-b",
};
const draft = (text: string, known: Draft["known"] = []): Draft => ({ text, known, images: [] });
const resolved = (text: string, known?: Draft["known"]) => resolveMentions(draft(text, known), world);

describe("a prompt's mentions", () => {
	test("mean the newest run of a name, the job it is about, and what stands there", () => {
		expect(
			resolved("Why is @run:owl worse than @metric:loss[1..2]:fox? See @job/last-error, @diff:a..b and @folder:src"),
		).toEqual([
			{ kind: "run", key: "s/2", name: "owl" },
			{ kind: "metric", metric: "loss", runKey: "s/3", fromStep: 1, toStep: 2 },
			{ kind: "jobError", id: "job-b" },
			{ kind: "diff", base: "a", other: "b" },
			{ kind: "folder", path: "src" },
		]);
	});

	test("are each there once", () => {
		expect(resolved("@run:fox and @run:fox")).toEqual([{ kind: "run", key: "s/3", name: "fox" }]);
	});

	test("that were chosen mean what was chosen, as long as their text stands", () => {
		const known = [{ token: "@run:owl", mention: { kind: "run", key: "s/1", name: "owl" } as const }];
		expect(resolved("@run:owl", known)).toEqual([{ kind: "run", key: "s/1", name: "owl" }]);
		expect(resolved("none", known)).toEqual([]);
	});

	test("a job is found by the beginning of its id", () => {
		expect(resolved("@job:job-aa2")).toEqual([{ kind: "job", id: "job-aa2" }]);
		expect(() => resolved("@job:job-a")).toThrow("The ids of 2 jobs begin with job-a: write more of it.");
		expect(resolved("@job")).toEqual([{ kind: "job", id: "job-b" }]);
	});

	test.each([
		["@run:nobody", "There is no run called “nobody” in the open stores."],
		["@metric:loss:nobody", "There is no run called “nobody” in the open stores."],
		["@job:zz", "There is no job zz here."],
	])("%s says what is not there", (text, sentence) => {
		expect(() => resolved(text)).toThrow(sentence);
	});

	test("without any job that is what is said", () => {
		expect(() => resolveMentions(draft("@job"), { ...world, jobId: null, jobIds: [] })).toThrow(
			"There is no job here yet",
		);
	});

	test("a selection whose text is gone is its lines of the file", () => {
		expect(resolved("@selection:a.py#1-3")).toEqual([{ kind: "file", path: "a.py", fromLine: 1, toLine: 3 }]);
	});
});
