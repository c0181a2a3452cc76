import { describe, expect, test } from "vitest";
import { committedText } from "../../../../src/core/edits/committedText";
import { acceptHunks, rejectHunks } from "../../../../src/core/edits/decideHunks";
import { powerOfPath, refusalOfPath } from "../../../../src/core/edits/editPath";
import type { FileReview, ReviewSet } from "../../../../src/core/edits/fileReview";
import { followFile } from "../../../../src/core/edits/followFile";
import { openHunks } from "../../../../src/core/edits/openHunks";
import { hunksOfCommit, revertHunk } from "../../../../src/core/edits/revertHunk";
import { toProposedSet } from "../../../../src/core/edits/reviewCounts";
import { startReview } from "../../../../src/core/edits/startReview";
import { tellDecisions } from "../../../../src/core/edits/tellDecisions";

const lines = (...changed: readonly (readonly [number, string])[]) =>
	Array.from({ length: 12 }, (_, index) => `${changed.find(([at]) => at === index)?.[1] ?? `line ${index}`}\n`).join(
		"",
	);
const base = lines();
const proposal = lines([1, "one"], [6, "six"], [11, "eleven"]);
const start = (file = base) =>
	startReview({ path: "train.py", kind: "edit", from: null, baseText: base, text: proposal }, file);
const nth = (review: FileReview, index: number) => openHunks(review)[index]?.id ?? "";
const accept = (review: FileReview, index: number) =>
	acceptHunks(review, [nth(review, index)], { id: `a${review.accepts.length}`, atMs: 0 }).review;
const setOf = (...files: FileReview[]): ReviewSet => ({
	...{
		version: 1,
		id: "s",
		conversationId: "c",
		title: "Lower the rate",
		runId: null,
		folder: "file:///w",
		createdAtMs: 0,
	},
	...{ files, told: { accepts: [], rejected: 0 } },
});

describe("what the model is told", () => {
	test("counts in words, the applied lines as a diff, and each decision once", () => {
		const review = rejectHunks(accept(accept(start(), 0), 0), [nth(accept(accept(start(), 0), 0), 0)]);
		const set = setOf(review);
		const { words, told } = tellDecisions(set);
		expect(words).toContain("“Lower the rate”");
		expect(words).toContain("- train.py: 2 applied, 1 rejected.");
		expect(words).toContain("-line 1\n+one\n");
		expect(words).not.toContain("eleven");
		expect(toProposedSet(set)).toMatchObject({ isDecided: true, files: [{ hunks: 3, accepted: 2, rejected: 1 }] });
		expect(tellDecisions({ ...set, told }).words).toBeNull();
		const undone = followFile(accept(start(), 0), base);
		expect(tellDecisions({ ...setOf(undone), told: { accepts: ["a0"], rejected: 0 } }).words).toContain(
			"train.py: 1 taken back after it was applied, 3 not decided yet.\nNothing of them was applied.",
		);
	});

	test("nothing before anything was decided", () => {
		expect(tellDecisions(setOf(start())).words).toBeNull();
		expect(toProposedSet(setOf(start())).isDecided).toBe(false);
	});
});

describe("what is committed", () => {
	const dirty = lines([3, "mine, not committed"]);

	test("the accepted lines and no other change of the person's", () => {
		const review = accept(start(dirty), 1);
		expect(review.file).toBe(lines([3, "mine, not committed"], [6, "six"]));
		expect(committedText(review, base)).toBe(lines([6, "six"]));
	});

	test("what the person made of an accepted line since is the accepted line", () => {
		const review = followFile(accept(start(), 1), lines([6, "six and a half"]));
		expect(committedText(review, base)).toBe(lines([6, "six and a half"]));
	});

	test("lines keep the ends that they are committed with", () => {
		const windows = (text: string) => text.replaceAll("\n", "\r\n");
		const review = accept(
			startReview({ path: "a", kind: "edit", from: null, baseText: base, text: proposal }, windows(base)),
			1,
		);
		expect(committedText(review, base)).toBe(lines([6, "six"]));
		const mixed = base.replace("line 2\n", "line 2\r\n");
		expect(committedText(review, mixed)).toBe(lines([6, "six"]).replace("line 2\n", "line 2\r\n"));
	});

	test("an edit that builds on what is not committed is said to", () => {
		const ownBase = lines([6, "mine"]);
		const review = accept(
			startReview(
				{ path: "a.py", kind: "edit", from: null, baseText: ownBase, text: lines([6, "mine, better"]) },
				ownBase,
			),
			0,
		);
		expect(() => committedText(review, base)).toThrow(
			/An accepted edit of a\.py changes lines that are in no commit yet/,
		);
		expect(() => committedText(review, null)).toThrow(/in no commit yet/);
	});
});

describe("one change of a commit taken back", () => {
	test("with all others kept, also those made since", () => {
		const [first, second] = hunksOfCommit(base, proposal);
		expect(revertHunk("a", base, proposal, first?.id ?? "")).toBe(lines([6, "six"], [11, "eleven"]));
		const since = `${proposal}more\n`;
		expect(revertHunk("a", base, proposal, second?.id ?? "", since)).toBe(`${lines([1, "one"], [11, "eleven"])}more\n`);
	});

	test("not where the lines were changed since, and not what is none of it", () => {
		const [first] = hunksOfCommit(base, proposal);
		const since = proposal.replace("one", "uno");
		expect(() => revertHunk("a", base, proposal, first?.id ?? "", since)).toThrow(/changed at the same lines since/);
		expect(() => revertHunk("a", base, proposal, "other")).toThrow(/not in the commit/);
	});
});

describe("paths", () => {
	test.each(["train.py", "src/модель.py", "a b/c.d", ".github/workflows/train.yml", "git/x", "-rf", "config/x"])(
		"%j may be proposed",
		(path) => expect(refusalOfPath(path)).toBeNull(),
	);

	test.each([
		...["", "/etc/passwd", "~/.bashrc", "..", "../x", "a/../../b", "a//b", "./a", "a/.", "C:\\x", "c:x", "a\\..\\b"],
		...[".git/config", ".GIT/hooks/post-commit", "sub/.git", "git~1/config", "a/GIT~2", ".git./config", ".git /x"],
		...[
			"con",
			"AUX.py",
			"a/nul",
			"com1.txt",
			"x.",
			"x ",
			"a\0b",
			"a\nb",
			"a:stream",
			"a\u202Efdp.py",
			"tra\u200bin.py",
		],
		...["\\\\server\\share", "file?", "\ud800", "x/".repeat(3000)],
	])("%j may not", (path) => expect(refusalOfPath(path)).toMatch(/^(is|has|leads) /));

	test.each([
		[".vscode/tasks.json", /settings of an editor/],
		[".VSCODE/settings.json", /settings of an editor/],
		["sub/.vscode/launch.json", /settings of an editor/],
		["a.code-workspace", /settings of an editor/],
		[".github/workflows/train.yml", /workflow/],
		[".GitHub/Actions/x/action.yml", /workflow/],
		[".husky/pre-commit", /hooks/],
		[".pre-commit-config.yaml", /hooks/],
		[".gitattributes", /settings of git/],
		[".gamma/train.json", /settings of trainings/],
		[".npmrc", /secrets/],
		["sub/.env.local", /secrets/],
		["CLAUDE.md", /agents/],
		["docs/agents.md", /agents/],
		["conftest.py", /Python/],
	])("%s is asked for by name", (path, power) => expect(powerOfPath(path)).toMatch(power));

	test.each(["train.py", "vscode/x.json", "docs/workflows/a.md", "environment.yml"])("%s is not", (path) =>
		expect(powerOfPath(path)).toBeNull(),
	);
});
