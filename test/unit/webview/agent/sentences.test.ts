import fc from "fast-check";
import { expect, test } from "vitest";
import { spokenSince } from "../../../../webview/agent/sentences";

test("only sentences that have ended are spoken, the rest with the end", () => {
	const text = "The loss is worse. It rose at step 1.5 and st";
	const first = spokenSince(text, 0, false);
	expect(first.words).toBe("The loss is worse.");
	expect(spokenSince(text, first.to, false).words).toBe("");
	expect(spokenSince(`${text}ays.`, first.to, true).words).toBe("It rose at step 1.5 and stays.");
});

test("code is named, not read out", () => {
	const text = "Try:\n```python\nx = 1\ny = 2\n```\nThat is all.\n";
	expect(spokenSince(text, 0, true).words).toBe("Try: Code. That is all.");
	const half = spokenSince("Try:\n```python\nx = 1\n", 0, false);
	expect(spokenSince(text, half.to, true).words).toBe("That is all.");
});

test("marks of Markdown are not read out", () => {
	expect(spokenSince("# Why\n**Warmup** is `long`.", 0, true).words).toBe("Why Warmup is long .");
});

test("however an answer comes in, each of its words is spoken once and in order", () => {
	fc.assert(
		fc.property(fc.array(fc.stringMatching(/^[a-z]{1,6}[.!?:]? $/)), fc.array(fc.nat(40)), (pieces, cuts) => {
			const text = pieces.join("");
			let from = 0;
			const spoken: string[] = [];
			const tell = (upTo: number, isDone: boolean) => {
				const { words, to } = spokenSince(text.slice(0, upTo), from, isDone);
				expect(to).toBeGreaterThanOrEqual(from);
				from = to;
				if (words) spoken.push(words);
			};
			let at = 0;
			for (const cut of cuts) {
				at = Math.min(text.length, at + cut);
				tell(at, false);
			}
			tell(text.length, true);
			expect(spoken.join(" ")).toBe(text.trim());
		}),
	);
});
