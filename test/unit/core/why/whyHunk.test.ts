import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { revertHunk } from "../../../../src/core/edits/revertHunk";
import { testBranchName, testMessage } from "../../../../src/core/why/testBranch";
import { fromByteText, hunksBetween, hunksOfPatch, toByteText } from "../../../../src/core/why/whyHunk";

const bytes = (text: string) => new TextEncoder().encode(text);
const file = { path: "src/train.py", previousPath: null, kind: "modified" } as const;
const lines = (...changed: readonly (readonly [number, string])[]) => {
	const all = Array.from({ length: 20 }, (_, index) => `line ${index}`);
	for (const [index, text] of changed) all[index] = text;
	return `${all.join("\n")}\n`;
};

describe("the code of two runs", () => {
	test("is hunks with their lines, a little around them, and both places", () => {
		const [first, second, ...more] = hunksBetween(file, bytes(lines()), bytes(lines([4, "lr = 1"], [15, "é"])));
		expect(first).toMatchObject({ path: "src/train.py", oldStart: 5, newStart: 5, from: "committed", omitted: 0 });
		expect(first?.lines.map(({ mark, text }) => mark + text)).toEqual([
			...[" line 2", " line 3", "-line 4", "+lr = 1", " line 5", " line 6"],
		]);
		expect(second?.lines.map(({ mark, text }) => mark + text)).toContain("+é");
		expect(more).toEqual([]);
	});

	test("can be taken back by each hunk's id alone, whatever the encoding", () => {
		const text = fc
			.array(fc.constantFrom("a\n", "b\r\n", "é\n", "\u0080x\n", "lr = 0.1\n", "\n"), { maxLength: 30 })
			.map((all) => all.join(""));
		fc.assert(
			fc.property(text, text, fc.boolean(), (before, after, isLatin) => {
				const encode = (words: string) => (isLatin ? fromByteText(words) : bytes(words));
				const [from, to] = [encode(before), encode(after)];
				let now = toByteText(to);
				for (const { hunkId } of hunksBetween(file, from, to)) {
					if (hunkId !== null) now = revertHunk("src/train.py", toByteText(from), toByteText(to), hunkId, now);
				}
				expect(now).toBe(toByteText(from));
			}),
		);
	});

	test("of a file that came, went, moved or is no text is one hunk", () => {
		const [came] = hunksBetween({ ...file, kind: "added" }, null, bytes("a\nb\n"));
		expect(came).toMatchObject({
			hunkId: "create",
			lines: [
				{ mark: "+", text: "a" },
				{ mark: "+", text: "b" },
			],
		});
		const [went] = hunksBetween({ ...file, kind: "deleted" }, bytes("a\n"), null);
		expect(went).toMatchObject({ hunkId: "delete", lines: [{ mark: "-", text: "a" }] });
		const moved = { ...file, previousPath: "fit.py", kind: "renamed" } as const;
		expect(hunksBetween(moved, bytes("a\n"), bytes("a\n"))).toMatchObject([
			{ hunkId: null, previousPath: "fit.py", lines: [] },
		]);
		expect(hunksBetween(file, bytes("a\0"), bytes("b\0"))).toMatchObject([{ isOpaque: true, hunkId: null }]);
		const [long] = hunksBetween({ ...file, kind: "added" }, null, bytes("x\n".repeat(100)));
		expect(long).toMatchObject({ omitted: 40 });
	});

	test("that was not committed is read from the stored diff, with deletions that look like headings", () => {
		const patch = [
			...["diff --git a/train.py b/train.py", "index 1..2 100644", "--- a/train.py", "+++ b/train.py"],
			...[
				"@@ -1,3 +1,3 @@ def fit():",
				" x",
				"--- lr",
				"+++ lr",
				"@@ -9 +9 @@",
				"-a",
				"+b",
				"\\ No newline at end of file",
			],
			...["diff --git a/new.py b/new.py", "--- /dev/null", "+++ b/new.py", "@@ -0,0 +1 @@", "+new"],
		].join("\n");
		const found = hunksOfPatch(patch, "other");
		expect(
			found.map(({ path, newStart, lines: all }) => [path, newStart, all.map(({ mark, text }) => mark + text)]),
		).toEqual([
			["train.py", 1, [" x", "--- lr", "+++ lr"]],
			["train.py", 9, ["-a", "+b"]],
			["new.py", 1, ["+new"]],
		]);
		expect(new Set(found.map(({ id }) => id)).size).toBe(3);
		expect(found.every(({ hunkId, from }) => hunkId === null && from === "other")).toBe(true);
	});

	test("no text makes the reader of diffs stumble", () => {
		fc.assert(
			fc.property(
				fc.string({ maxLength: 400 }),
				(text) => void hunksOfPatch(`--- a/x\n+++ b/x\n@@ -1 +1 @@\n${text}`, "base"),
			),
		);
	});
});

test("a test's branch is named after the file and line, and never one that is there", () => {
	expect(testBranchName({ path: "src/My Train.py", newStart: 12 }, [])).toBe("models/without-my-train-12");
	expect(testBranchName({ path: "a.py", newStart: 1 }, ["models/without-a-1", "models/without-a-1-2"])).toBe(
		"models/without-a-1-3",
	);
	expect(testBranchName({ path: "模型.py", newStart: 3 }, [])).toBe("models/without-change-3");
	expect(testMessage({ path: "a.py", newStart: 1 }, "warm\nfox", "a".repeat(40))).toMatch(
		/^Test without the change of a\.py at line 1\n\n.*warm fox/,
	);
});
