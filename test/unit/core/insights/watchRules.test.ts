import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RuleState } from "../../../../src/core/insights/ruleState";
import { parseWatchRule } from "../../../../src/core/insights/watchRule";

describe("a watch rule", () => {
	test.each([
		["val/loss > 1.2", { kind: "metric", metric: "val/loss", comparison: ">", value: 1.2 }, null, "notice"],
		[
			"val/loss > 1.2 for 5 min",
			{ kind: "metric", metric: "val/loss", comparison: ">", value: 1.2 },
			{ kind: "time", ms: 300_000 },
			"notice",
		],
		[
			"acc<=.5 for 200 steps then stop",
			{ kind: "metric", metric: "acc", comparison: "<=", value: 0.5 },
			{ kind: "steps", steps: 200 },
			"stop",
		],
		[
			"`my metric` != -1e-3 then wake",
			{ kind: "metric", metric: "my metric", comparison: "!=", value: -0.001 },
			null,
			"wake",
		],
		["loss is NaN then Stop", { kind: "notFinite", metric: "loss" }, null, "stop"],
		["loss is not finite for 30s", { kind: "notFinite", metric: "loss" }, { kind: "time", ms: 30_000 }, "notice"],
		['"CUDA out of memory" in the log then wake', { kind: "log", words: "CUDA out of memory" }, null, "wake"],
		["Traceback in log", { kind: "log", words: "Traceback" }, null, "notice"],
		["  eval/f1 == 1  ", { kind: "metric", metric: "eval/f1", comparison: "==", value: 1 }, null, "notice"],
	])("%s is read", (text, when, lasting, action) => {
		expect(parseWatchRule(text)).toEqual({ text: text.trim(), when, lasting, action });
	});

	test("is underlined in settings.json where it cannot be read, and only there", () => {
		const manifest = JSON.parse(readFileSync("package.json", "utf8"));
		const sections: {
			properties: Record<
				string,
				{ items?: { pattern: string; maxLength: number; defaultSnippets: { label: string }[] } }
			>;
		}[] = manifest.contributes.configuration;
		const items = sections.map(({ properties }) => properties["gamma.watch.rules"]?.items).find(Boolean);
		const pattern = new RegExp(items?.pattern ?? "", "u");
		const isRead = (text: string) => {
			try {
				return parseWatchRule(text) !== null;
			} catch {
				return false;
			}
		};
		for (const { label } of items?.defaultSnippets ?? []) expect([label, isRead(label)]).toEqual([label, true]);
		const word = fc.constantFrom(
			...[
				"loss",
				"val/loss",
				"`my metric`",
				">",
				"<=",
				"==",
				"=",
				"1.2",
				"-1e-3",
				".5",
				"is",
				"IS",
				"nan",
				"not finite",
				"inf",
			],
			...[
				"for",
				"5",
				"5 min",
				"200 steps",
				"1 step",
				"30s",
				"then",
				"stop",
				"Wake",
				"explode",
				"in",
				"the log",
				"log",
				'"a b"',
				"Traceback",
			],
		);
		const rule = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(" "));
		fc.assert(fc.property(rule, (text) => void expect([text, pattern.test(text)]).toEqual([text, isRead(text)])));
		for (const text of [
			"loss>1",
			" acc<=.5 for 200 steps then stop ",
			"loss is NaN then Stop",
			"Traceback in log for 5 min",
			"a > 1 forever",
		]) {
			expect([text, pattern.test(text)]).toEqual([text, isRead(text)]);
		}
	});

	test.each([
		["", "is empty"],
		["loss", "is no rule"],
		["loss > much", "is no rule"],
		["loss => 1", "is no rule"],
		["loss > 1 for ages", "is no rule"],
		["loss > 1 then explode", "ends with “then explode”, which is none of notice, stop, wake"],
		["Traceback in log for 5 min", "cannot last"],
		["x".repeat(501), "longer than 500"],
		[`${"`a".repeat(200)} > 1`, "is no rule"],
	])("%j is refused with what to write", (text, why) => {
		expect(() => parseWatchRule(text)).toThrow(why);
		expect(() => parseWatchRule(text)).toThrow(/write one like val\/loss > 1\.2 for 5 min/);
	});

	test("any text is read or refused at once, and what is read is read alike again", () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.string({ maxLength: 400 }), fc.stringMatching(/^[\w/]+ ?[<>]=? ?\d+( for \d+ (min|steps))?$/)),
				(text) => {
					let rule: ReturnType<typeof parseWatchRule>;
					try {
						rule = parseWatchRule(text);
					} catch (error) {
						expect(String(error)).toContain("write one like");
						return;
					}
					expect(parseWatchRule(rule.text)).toEqual(rule);
				},
			),
		);
	});
});

describe("a rule on a run", () => {
	const points = (
		rule: string,
		values: readonly number[],
		stepAt = (at: number) => at,
		msAt = (at: number) => at * 60_000,
	) => {
		const state = new RuleState(parseWatchRule(rule));
		return values.map(
			(value, at) => state.takePoint({ step: stepAt(at), timestampMs: msAt(at), value })?.sentence ?? null,
		);
	};

	test("speaks once while it holds, and again after it did not", () => {
		expect(points("loss > 1", [0, 2, 3, 0.5, 4])).toEqual([
			null,
			"loss is 2 at step 1.",
			null,
			null,
			"loss is 4 at step 4.",
		]);
	});

	test("that has to last speaks when it has, from where it began", () => {
		expect(points("loss > 1 for 2 min", [2, 2, 2, 2])).toEqual([
			null,
			null,
			"loss is 2 at step 2, since step 0.",
			null,
		]);
		expect(points("loss > 1 for 2 min", [2, 2, 0, 2, 2])).toEqual([null, null, null, null, null]);
		expect(points("loss > 1 for 20 steps", [2, 2, 2], (at) => at * 10)[2]).toBe("loss is 2 at step 20, since step 0.");
	});

	test("of a training that began anew from a checkpoint counts from there", () => {
		const steps = [0, 10, 5, 12, 26];
		expect(points("loss > 1 for 20 steps", [2, 2, 2, 2, 2], (at) => steps[at] ?? 0)).toEqual([
			null,
			null,
			null,
			null,
			"loss is 2 at step 26, since step 5.",
		]);
	});

	test("NaN is not more than anything, and what is not finite has a rule of its own", () => {
		expect(points("loss > 1", [Number.NaN, Number.POSITIVE_INFINITY])).toEqual([null, "loss is Infinity at step 1."]);
		expect(points("loss is nan", [1, Number.NaN, Number.NaN])).toEqual([null, "loss is NaN at step 1.", null]);
		expect(points("loss < 1", [Number.NaN])).toEqual([null]);
	});

	test("a line of the log is told once, as text", () => {
		const state = new RuleState(parseWatchRule('"out of memory" in log'));
		expect(state.metric).toBeNull();
		expect(state.takeLine("step 1, loss=2")).toBeNull();
		expect(state.takeLine("  RuntimeError: CUDA Out Of Memory. Tried to allocate 2 GiB")).toEqual({
			step: null,
			sentence: "The log says: RuntimeError: CUDA Out Of Memory. Tried to allocate 2 GiB",
		});
		expect(state.takeLine("out of memory")).toBeNull();
		expect(state.takePoint({ step: 1, timestampMs: 1, value: 9 })).toBeNull();
	});
});
