import { expect, test } from "vitest";
import { policyTools } from "../../../../src/core/agent/tools/policyTools";
import { aRun } from "../../../support/aRun";

const runs = [
	aRun({ key: "store/walker", id: "walker", name: "walker" }),
	aRun({ key: "store/digits", id: "digits", name: "digits" }),
];

/** What the tool says, and what it opened. */
async function show(input: unknown, steps: readonly number[] = [0, 20_000, 39_000, 45_000]) {
	const opened: unknown[] = [];
	const viewer = {
		steps: async (key: string) => (key === runs[0]?.key ? steps : []),
		open: (...given: unknown[]) => void opened.push(given),
	};
	const [tool] = policyTools({ runs: () => runs }, viewer);
	const parsed = tool?.parse(input) ?? { problem: "no tool" };
	if ("problem" in parsed) return { said: parsed.problem, opened };
	const context = { conversationId: "c", signal: new AbortController().signal };
	const said = await tool?.run(parsed.input, context as Parameters<typeof tool.run>[1]).catch(String);
	return { said, opened };
}

test("“show me step 40,000” opens the policy that was logged nearest, and says which", async () => {
	const { said, opened } = await show({ run: runs[0]?.name, step: 40_000 });
	expect(opened).toEqual([[runs[0]?.key, 39_000]]);
	expect(said).toMatch(/at step 39000\. It has 4, from step 0 to 45000\.$/);
});

test.each([
	[{ run: "nobody", step: 1 }, /There is no run "nobody"; list_runs tells/],
	[{ run: runs[1]?.name, step: 1 }, /logged no policy: an ONNX file with its step in its name/],
	[{ run: "walker", step: -1 }, /step is not as the tool takes it/],
	[{ run: "walker" }, /step is not as the tool takes it/],
])("%j opens nothing and says why", async (input, sentence) => {
	const { said, opened } = await show(input);
	expect([opened, said]).toEqual([[], expect.stringMatching(sentence)]);
});

test("it only shows: it is there in a workspace that is not trusted, and nobody is asked", () => {
	const [tool] = policyTools({ runs: () => runs }, { steps: async () => [], open: () => {} });
	expect([tool?.effect, tool?.paths({ run: "a", step: 1 })]).toEqual(["show", []]);
});
