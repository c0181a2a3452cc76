import { expect, test } from "vitest";
import { compareSentence, type SentenceFacts } from "../../../../src/core/compare/compareSentence";
import { runWith } from "../../../support/memoryLibrary";

const sha = (letter: string) => letter.repeat(40);
const base = runWith("base", { metrics: { "val/acc": 0.905 }, commit: sha("a") });
const other = runWith("calm-owl", { metrics: { "val/acc": 0.913 }, commit: sha("b") });
const facts: SentenceFacts = {
	runs: [base, other],
	differingParams: ["lr"],
	changedFiles: [null, 3],
	metrics: ["val/acc"],
	seedsOf: () => ({ mean: 0.905, deviation: 0.002, count: 5 }),
};

test("two runs: what differs, what came of it, and whether that is more than the seeds' spread", () => {
	expect(compareSentence(facts)).toBe(
		"lr and 3 code files differ; val/acc +0.008, better, outside the seed spread (±0.002, n = 5).",
	);
});

test("nothing is said of a spread that is not known, nor of files nobody could count", () => {
	expect(compareSentence({ ...facts, seedsOf: () => null, changedFiles: [null, null] })).toBe(
		"lr and the commits differ; val/acc +0.008, better.",
	);
});

test("one param differs, and the same code is the same", () => {
	const same = { ...other, commit: base.commit };
	expect(compareSentence({ ...facts, runs: [base, same], changedFiles: [null, 0], seedsOf: () => null })).toBe(
		"lr differs; val/acc +0.008, better.",
	);
	expect(
		compareSentence({ ...facts, runs: [base, same], changedFiles: [null, 0], differingParams: [], metrics: [] }),
	).toBe("The params and the commit are the same.");
});

test("runs without a commit claim nothing about code", () => {
	const [a, b] = [runWith("a"), runWith("b")];
	expect(
		compareSentence({ ...facts, runs: [a, b], changedFiles: [null, null], differingParams: [], metrics: [] }),
	).toBe("The params are the same.");
});

test("many runs: the best of them by name", () => {
	const runs = [base, other, runWith("bold", { metrics: { "val/acc": 0.9 }, commit: sha("a") })];
	expect(
		compareSentence({ ...facts, runs, changedFiles: [null, 3, 0], differingParams: ["lr", "depth", "wd", "seed"] }),
	).toBe(
		"lr, depth, wd, 1 more param and the code of 1 run differ; best val/acc 0.913 (calm-owl), +0.008, outside the seed spread (±0.002, n = 5).",
	);
});

test("when no run beats the base, it says so", () => {
	const worse = runWith("w", { metrics: { "val/acc": 0.8 } });
	expect(compareSentence({ ...facts, runs: [base, worse, worse] })).toContain(
		"no run beats the base's val/acc of 0.905",
	);
});
