import fc from "fast-check";
import { marked } from "marked";
import { expect, test } from "vitest";
import { toIconFreeText, toNoticeText } from "../../../../src/core/plainText";
import { runTooltip } from "../../../../src/core/tree/runTooltip";
import { aRun } from "./runs";

const scene = { nowMs: 2_000_000, branch: null, commitSubject: null, storeLabel: "mlruns", differingParams: ["lr"] };

/** VS Code renders Markdown with marked too; these are the elements our own lines make. */
function elementsOf(markdown: string): string[] {
	const html = marked.parse(markdown, { async: false, gfm: true });
	return [...new Set([...html.matchAll(/<\/?([a-z0-9]+)/gi)].map((match) => match[1] ?? ""))];
}

const hostile = [
	"[click](command:workbench.action.quit)",
	"<img src=x onerror=alert(1)>",
	"https://evil.example/a?b=c",
	"www.evil.example",
	"mailto:a@evil.example a@evil.example",
	"![x](https://evil.example/x.png)",
	"<https://evil.example>",
	"[a]: https://evil.example",
	"```js\ncode",
	"    indented",
	"# heading",
	"1. list\n- list\n* list",
	"| a | b |\n|---|---|",
	"$(alert) &lt;b&gt; &amp;",
	"`code` **bold** ~~struck~~ __x__",
	"a\\[b](javascript:alert(1))",
	"\u202Etxt.exe\u2066",
];

test.each(hostile)("%j is literal wherever it stands", (text) => {
	const run = aRun("r", {
		name: text,
		id: text,
		experimentName: text,
		problem: text,
		commit: text,
		params: { lr: text },
		metrics: { [text]: 1 },
	});
	const markdown = runTooltip(run, { ...scene, branch: text, commitSubject: text, storeLabel: text });
	expect(elementsOf(markdown).filter((name) => !["p", "strong", "br"].includes(name))).toEqual([]);
});

test("no text at all makes an element of its own", () => {
	fc.assert(
		fc.property(fc.string({ unit: "grapheme" }), (text) => {
			const markdown = runTooltip(aRun("r", { name: `x${text}`, params: { lr: text } }), scene);
			expect(elementsOf(markdown).filter((name) => !["p", "strong", "br"].includes(name))).toEqual([]);
		}),
		{ numRuns: 500 },
	);
});

test("a tooltip tells state with its age, commit, metrics, differing params and where the run is", () => {
	const run = aRun("abc", {
		name: "warm-fox",
		status: "RUNNING",
		lastSignMs: scene.nowMs - 360_000,
		commit: "0123456789",
		metrics: { loss: 0.25 },
		params: { lr: "0.1", seed: "1" },
	});
	const text = runTooltip(run, { ...scene, branch: "models/lr", commitSubject: "warmup" }).replaceAll("\\", "");
	expect(text).toBe(
		"**warm-fox**\n\nRunning, silent for 6 min\n\nmodels/lr · 0123456 · warmup\n\nloss: 0.25\n\nlr: 0.1\n\nsweep · mlruns · abc",
	);
});

test("a notice makes no link and a status entry no icon of a run's name", () => {
	expect(toNoticeText("[a](command:x)")).toBe("[a] (command:x)");
	expect(toIconFreeText("$(alert) x")).toBe("$ (alert) x");
});
