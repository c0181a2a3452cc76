import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildJobTree, pushKeyOf } from "../../../../src/core/jobs/jobTree";
import type { TrackedJob } from "../../../../src/core/jobs/trackedJob";
import type { Job } from "../../../../src/shared/relay/job";
import { aTrackedJob } from "../../../support/aJob";

const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`;
const job = (id: string, minute: number, change: Partial<Job> = {}) =>
	aTrackedJob({ id, createdAt: at(minute), commitSha: id.padEnd(40, "0"), ...change });
const shape = (jobs: readonly TrackedJob[], placed?: readonly string[]) =>
	buildJobTree(jobs, placed).branches.map(({ branch, pushes }) => [
		branch,
		pushes.map(({ newest, earlier }) => [newest, ...earlier].map((each) => each.job.id)),
	]);

test("jobs stand by branch, the newest branch and the newest push first", () => {
	const jobs = [job("a", 1), job("b", 3), job("c", 2, { branch: "models" }), job("d", 5, { branch: "models/x" })];
	expect(shape(jobs)).toEqual([
		["models/x", [["d"]]],
		["models/lr-sweep", [["b"], ["a"]]],
		["models", [["c"]]],
	]);
});

describe("attempts of one push", () => {
	const first = job("a", 1, { commitSha: "c".repeat(40), status: "failed" });
	const second = job("b", 9, { commitSha: "c".repeat(40), attempt: 2 });

	test("are one row, the newest with the earlier below it, where the push was", () => {
		expect(shape([first, second, job("other", 5)])).toEqual([["models/lr-sweep", [["other"], ["b", "a"]]]]);
	});

	test("share a key, so that the row stays the same when it is tried again", () => {
		expect(pushKeyOf(second)).toBe(pushKeyOf(first));
		expect(pushKeyOf(job("c", 1))).not.toBe(pushKeyOf(first));
		expect(pushKeyOf(aTrackedJob({ commitSha: first.job.commitSha, branch: "models/x" }))).not.toBe(pushKeyOf(first));
	});

	test("are found by each of their ids", () => {
		const tree = buildJobTree([first, second]);
		expect(tree.pushOf.get("a")?.newest.job.id).toBe("b");
		expect(tree.branchOf.get("a")).toBe(tree.branches[0]);
	});
});

test("a branch counts what runs and what waits, attempts included", () => {
	const [branch] = buildJobTree([
		job("a", 1),
		job("b", 2, { status: "pending" }),
		job("c", 3, { status: "completed" }),
		aTrackedJob({ id: "e", status: "pending" }, { source: "git" }),
		job("d", 4, { commitSha: "a".padEnd(40, "0"), attempt: 2 }),
	]).branches;
	expect(branch).toMatchObject({ runningCount: 2, waitingCount: 1 });
});

test("a branch is one row, whether a relay told of its push or this clone did", () => {
	const ofClone = (id: string, repository: string | null) => ({
		...job(id, 1, { projectId: "" }),
		...({ source: "git", repository } as const),
	});
	for (const repository of [null, "Ada/Digits"]) {
		expect(shape([job("a", 2), ofClone("b", repository)])).toEqual([["models/lr-sweep", [["a"], ["b"]]]]);
	}
	const other = { ...job("c", 3), repository: "grace/letters" };
	expect(shape([job("a", 2), ofClone("b", "ada/digits"), other])).toEqual([
		["models/lr-sweep", [["c"]]],
		["models/lr-sweep", [["a"], ["b"]]],
	]);
});

test("the repository is said only where there are several", () => {
	const other = aTrackedJob({ id: "b", projectId: "p2" }, { repository: "ada/words" });
	expect(buildJobTree([job("a", 1)]).branches.map(({ repository }) => repository)).toEqual([null]);
	expect(buildJobTree([job("a", 1), other]).branches.map(({ repository }) => repository)).toEqual([
		"ada/digits",
		"ada/words",
	]);
});

describe("while somebody looks", () => {
	const before = buildJobTree([job("a", 2), job("b", 1, { branch: "models" })]);
	const placed = before.branches.map(({ key }) => key);

	test("a branch keeps its place when it gets the newest push", () => {
		const jobs = [job("a", 2), job("b", 1, { branch: "models" }), job("c", 9, { branch: "models" })];
		expect(shape(jobs, placed).map(([branch]) => branch)).toEqual(["models/lr-sweep", "models"]);
		expect(shape(jobs).map(([branch]) => branch)).toEqual(["models", "models/lr-sweep"]);
	});

	test("a new branch comes above the first that is older", () => {
		const jobs = [job("a", 2), job("b", 1, { branch: "models" })];
		const names = (...more: readonly TrackedJob[]) => shape([...jobs, ...more], placed).map(([branch]) => branch);
		expect(names(job("c", 3, { branch: "models/new" }))).toEqual(["models/new", "models/lr-sweep", "models"]);
		expect(names(job("c", 0, { branch: "models/old" }))).toEqual(["models/lr-sweep", "models", "models/old"]);
		expect(names(job("c", 4, { branch: "models/new" }), job("d", 5, { branch: "models/newest" }))).toEqual([
			"models/newest",
			"models/new",
			"models/lr-sweep",
			"models",
		]);
	});
});

test("whatever the order in which jobs are known, the tree is the same and holds each exactly once", () => {
	const anyJob = fc.record({
		branch: fc.constantFrom("models", "models/a", "models/b"),
		commitSha: fc.constantFrom("a".repeat(40), "b".repeat(40), "c".repeat(40)),
		attempt: fc.integer({ min: 1, max: 3 }),
		createdAt: fc.integer({ min: 0, max: 9 }).map(at),
	});
	const anyJobs = fc
		.array(anyJob, { maxLength: 20 })
		.map((jobs) => jobs.map((change, index) => aTrackedJob({ id: `j${index}`, ...change })));
	const shuffled = anyJobs.chain((jobs) =>
		fc.tuple(fc.constant(jobs), fc.shuffledSubarray(jobs, { minLength: jobs.length })),
	);
	void fc.assert(
		fc.property(shuffled, ([jobs, other]) => {
			expect(shape(other)).toEqual(shape(jobs));
			const ids = shape(jobs).flatMap(([, pushes]) => (pushes as string[][]).flat());
			expect(ids.sort()).toEqual(jobs.map((each) => each.job.id).sort());
		}),
	);
});
