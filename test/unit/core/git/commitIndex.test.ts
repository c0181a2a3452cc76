import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CommitIndex, noCommits, sameCommit } from "../../../../src/core/git/commitIndex";
import { aRun } from "../../../support/aRun";

const sha = (digit: string) => digit.repeat(40);
const hexSha = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 40, maxLength: 40 });
const branch = (name: string, commit: string) => ({ name, commit, isRemote: false, remote: null });

describe("the branch of a run", () => {
	const models = new Map([
		["models/lr-sweep", [sha("c"), sha("b"), sha("a")]],
		["models", [sha("b"), sha("a")]],
	]);
	const index = new CommitIndex([], {
		branches: [branch("experiments", sha("e")), branch("models", sha("b"))],
		modelCommits: models,
		main: { branch: "main", commits: [sha("1"), sha("0")] },
	});
	const of = (commit: string | null, tags = {}) => index.branchOf(aRun({ commit, tags }));

	test("is what its tag says, before anything git knows", () => {
		expect(of(sha("c"), { "mlflow.source.git.branch": "feature" })).toBe("feature");
		expect(of(sha("c"), { "mlflow.source.git.branch": "refs/heads/feature" })).toBe("feature");
	});
	test("is not `HEAD`, which a detached checkout writes", () => {
		expect(of(sha("c"), { "mlflow.source.git.branch": "HEAD" })).toBe("models/lr-sweep");
	});
	test("is the models branch whose tip is nearest", () => {
		expect(of(sha("c"))).toBe("models/lr-sweep");
		expect(of(sha("b"))).toBe("models");
		expect(of(sha("a"))).toBe("models");
	});
	test("is main for a commit of main, another branch for that branch's tip, else none", () => {
		expect(of(sha("0"))).toBe("main");
		expect(of(sha("e"))).toBe("experiments");
		expect(of(sha("f"))).toBeNull();
		expect(of(null)).toBeNull();
		expect(of("")).toBeNull();
	});
	test("is found by a short sha and in capitals", () => {
		expect(of("CCCCCCC")).toBe("models/lr-sweep");
		expect(of("cccccc")).toBeNull();
	});
});

describe("the runs of a commit", () => {
	test("are those whose sha is the same, short or whole, in the order given", () => {
		void fc.assert(
			fc.property(
				fc.array(hexSha, { minLength: 1, maxLength: 8 }),
				fc.nat(),
				fc.integer({ min: 7, max: 40 }),
				(shas, pick, length) => {
					const runs = shas.map((commit, i) =>
						aRun({ key: `s/${i}`, id: String(i), commit: i % 2 ? commit.slice(0, length) : commit }),
					);
					const wanted = shas[pick % shas.length]!.slice(0, length);
					const found = new CommitIndex(runs, noCommits).runsOf(wanted).map((run) => run.id);
					expect(found).toEqual(
						runs.filter((run) => run.commit!.startsWith(wanted) || wanted.startsWith(run.commit!)).map((run) => run.id),
					);
					expect(found).toContain(String(pick % shas.length));
				},
			),
		);
	});

	test("of several commits are each named once", () => {
		const index = new CommitIndex(
			[aRun({ key: "s/1", commit: sha("a") }), aRun({ key: "s/2", commit: sha("b") })],
			noCommits,
		);
		expect(index.keysOf([sha("b"), sha("a").slice(0, 9), sha("a")])).toEqual(["s/2", "s/1"]);
	});

	test("are none for something that is no sha", () => {
		const index = new CommitIndex([aRun({ commit: "r1234" }), aRun({ commit: null })], noCommits);
		expect(index.runsOf("")).toEqual([]);
		expect(index.runsOf("zzzzzzz")).toEqual([]);
		expect(index.runsOf("r1234")).toHaveLength(1);
	});
});

test("two shas are the same commit in either order, and six digits are too few", () => {
	void fc.assert(
		fc.property(hexSha, hexSha, fc.integer({ min: 0, max: 40 }), (a, b, length) => {
			expect(sameCommit(a, a.slice(0, length))).toBe(length >= 7);
			expect(sameCommit(a, b)).toBe(sameCommit(b, a));
			expect(sameCommit(a, b)).toBe(a === b);
		}),
	);
});

test("joining 10,000 runs to 50 branches is quick", () => {
	const shaOf = (i: number) => i.toString(16).padStart(7, "0").padEnd(40, "ab");
	const runs = Array.from({ length: 10_000 }, (_, i) => aRun({ key: `s/${i}`, commit: shaOf(i % 1000) }));
	const modelCommits = new Map(
		Array.from({ length: 50 }, (_, b) => [`models/${b}`, Array.from({ length: 200 }, (_, i) => shaOf(b * 20 + i))]),
	);
	const started = performance.now();
	const index = new CommitIndex(runs, { branches: [], modelCommits, main: null });
	for (const run of runs) index.branchOf(run);
	expect(index.runsOf(shaOf(7))).toHaveLength(10);
	// Generous: a timing is not a test; this only refuses a quadratic join.
	expect(performance.now() - started).toBeLessThan(2000);
});
