import { describe, expect, test } from "vitest";
import { acceptHunks, rejectHunks } from "../../../../src/core/edits/decideHunks";
import type { FileReview } from "../../../../src/core/edits/fileReview";
import { followFile, followProposal } from "../../../../src/core/edits/followFile";
import { conflictEnd, conflictStart, openHunks } from "../../../../src/core/edits/openHunks";
import type { ProposedFile } from "../../../../src/core/edits/proposedEdits";
import { restoreAccept, restoreAll } from "../../../../src/core/edits/restoreAccept";
import { toEditedFile } from "../../../../src/core/edits/reviewCounts";
import { startReview } from "../../../../src/core/edits/startReview";

const base = "lr = 0.3\nsteps = 100\nseed = 1\nbatch = 32\nwarmup = 0\nmodel = mlp\n";
const proposal = "lr = 0.1\nsteps = 100\nseed = 1\nbatch = 64\nwarmup = 0\nmodel = mlp\nclip = 1\n";
const proposed = (text: string, baseText = base): ProposedFile => ({
	...{ path: "train.py", kind: "edit", from: null },
	...{ baseText, text },
});
const review = startReview(proposed(proposal), base);
const hunkWith = (of: FileReview, line: string) => {
	const lines = (of.proposal ?? "").split("\n");
	const olds = (of.file ?? "").split("\n");
	const found = openHunks(of).find(({ newStart, newEnd, oldStart, oldEnd }) =>
		[...lines.slice(newStart, newEnd), ...olds.slice(oldStart, oldEnd)].some((text) => text.includes(line)),
	);
	return found?.id ?? `no hunk has ${line}`;
};
let made = 0;
const accept = (of: FileReview, ...ids: string[]) => acceptHunks(of, ids, { id: `a${made++}`, atMs: 0 });

describe("hunks", () => {
	test("each change is one, told by its content wherever it moves", () => {
		expect(
			openHunks(review).map(({ oldStart, oldEnd, newStart, newEnd }) => [oldStart, oldEnd, newStart, newEnd]),
		).toEqual([
			[0, 1, 0, 1],
			[3, 4, 3, 4],
			[6, 6, 6, 7],
		]);
		const moved = followFile(review, `# by hand\n\n${base}`);
		expect(openHunks(moved).map(({ id }) => id)).toEqual(openHunks(review).map(({ id }) => id));
	});

	test("the same change at two places is two, and each is accepted by itself", () => {
		const twice = startReview(proposed("a\nx\nb\nc\na\nx\nb\n", "a\nb\nc\na\nb\n"), "a\nb\nc\na\nb\n");
		const [first, second] = openHunks(twice).map(({ id }) => id);
		expect(first).not.toBe(second);
		expect(accept(twice, second ?? "").write.after).toBe("a\nb\nc\na\nx\nb\n");
		expect(accept(twice, first ?? "").write.after).toBe("a\nx\nb\nc\na\nb\n");
	});

	test("10,000 lines are told apart, and 10,000 that are all the same are one change and no wait", () => {
		const lines = Array.from({ length: 10_000 }, (_, line) => `value_${line} = ${line}`);
		const text = lines.map((line, index) => (index % 5 === 0 ? `${line} + 1` : line)).join("\n");
		expect(openHunks(startReview(proposed(text, lines.join("\n")), lines.join("\n")))).toHaveLength(2_000);
		const alike = (count: number) => `${"x\n".repeat(count)}y\n${"x\n".repeat(count)}`;
		expect(openHunks(startReview(proposed(alike(5_000), alike(4_000)), alike(4_000))).length).toBeGreaterThan(0);
	});
});

describe("decisions", () => {
	test("an accept writes its lines alone and is one step", () => {
		const { write, review: after } = accept(review, hunkWith(review, "batch"));
		expect(write).toMatchObject({
			before: base,
			structure: null,
			edits: [{ start: 3, end: 4, lines: ["batch = 64\n"] }],
		});
		expect(write.after).toBe(base.replace("batch = 32", "batch = 64"));
		expect(toEditedFile(after)).toMatchObject({ hunks: 3, accepted: 1, rejected: 0, added: 3, removed: 2 });
	});

	test("what was decided meanwhile is said", () => {
		const { review: after } = accept(review, hunkWith(review, "batch"));
		expect(() => accept(after, hunkWith(review, "batch"))).toThrow(/no longer proposed/);
	});

	test("what the person typed in the proposal is accepted with it, and stays when the rest is rejected", () => {
		const typed = followProposal(review, proposal.replace("lr = 0.1", "lr = 0.2"), undefined);
		expect(typed.mine).toEqual([0]);
		expect(accept(typed, hunkWith(typed, "lr")).write.after).toContain("lr = 0.2\n");
		const rejected = rejectHunks(typed, [hunkWith(typed, "lr")]);
		expect(rejected.proposal).toBe(proposal.replace("lr = 0.1", "lr = 0.3\nlr = 0.2"));
		const [own] = openHunks(rejected);
		expect(own).toMatchObject({ isMine: true, oldStart: 1, oldEnd: 1 });
		expect(toEditedFile(rejected).rejected).toBe(1);
		expect(rejectHunks(rejected, [own?.id ?? ""]).proposal).toBe(proposal.replace("lr = 0.1", "lr = 0.3"));
	});

	test("the editor's own arrow that takes a change back counts as a reject, and its undo takes that back", () => {
		const reverted = followProposal(review, proposal.replace("lr = 0.1", "lr = 0.3"), undefined);
		expect(toEditedFile(reverted)).toMatchObject({ hunks: 3, rejected: 1 });
		const undone = followProposal(reverted, proposal, []);
		expect(toEditedFile(undone)).toMatchObject({ hunks: 3, rejected: 0 });
		expect(undone.mine).toEqual([]);
	});
});

describe("a file that moves on", () => {
	test("the person's lines elsewhere are merged into the proposal", () => {
		const moved = followFile(review, base.replace("model = mlp", "model = cnn"));
		expect(moved.isStale).toBe(true);
		expect(openHunks(moved)).toHaveLength(3);
		expect(accept(moved, ...openHunks(moved).map(({ id }) => id)).write.after).toBe(
			proposal.replace("model = mlp", "model = cnn"),
		);
	});

	test("a proposal for a text that is no longer the file's is merged at once", () => {
		const late = startReview(proposed(proposal), base.replace("seed = 1", "seed = 7"));
		expect([late.isStale, late.proposal]).toEqual([true, proposal.replace("seed = 1", "seed = 7")]);
	});

	test("where both changed a line, the person's stays and the proposed one waits below it until it is cleared up", () => {
		const moved = followFile(review, base.replace("lr = 0.3", "lr = 0.5"));
		expect(moved.proposal).toContain(`lr = 0.5\n${conflictStart}\nlr = 0.1\n${conflictEnd}\n`);
		const id = hunkWith(moved, "lr = 0.1");
		expect(() => accept(moved, id)).toThrow(/changed the same lines meanwhile/);
		expect(accept(moved, ...openHunks(moved).map((hunk) => hunk.id)).write.after).toContain("lr = 0.5\nsteps");
		expect(rejectHunks(moved, [id]).proposal).toBe(proposal.replace("lr = 0.1", "lr = 0.5"));
		const again = followFile(moved, base.replace("lr = 0.3", "lr = 0.6"));
		expect(again.proposal?.split(conflictStart)).toHaveLength(2);
		const cleared = followProposal(moved, proposal.replace("lr = 0.1", "lr = 0.25"), undefined);
		expect(accept(cleared, hunkWith(cleared, "lr = 0.25")).write.after).toContain("lr = 0.25\n");
	});

	test("a file that is gone has nothing to decide, and has it again when it comes back", () => {
		const gone = followFile(review, null);
		expect(openHunks(gone)).toEqual([]);
		expect(openHunks(followFile(gone, base))).toHaveLength(3);
	});
});

describe("undo and restore", () => {
	test("undo in the editor opens the hunk again, redo closes it", () => {
		const { review: after, write } = accept(review, hunkWith(review, "batch"));
		const undone = followFile(after, base);
		expect([toEditedFile(undone).accepted, openHunks(undone).length, undone.proposal]).toEqual([0, 3, proposal]);
		const redone = followFile(undone, write.after);
		expect([toEditedFile(redone).accepted, openHunks(redone).length]).toEqual([1, 2]);
	});

	test("a restore takes back the agent's lines alone; later edits of the person stay", () => {
		const { review: after } = accept(review, hunkWith(review, "batch"));
		const later = followFile(after, `# mine\n${after.file}# also mine\n`);
		const { write, review: restored } = restoreAccept(later, later.accepts[0]?.id ?? "");
		expect(write.after).toBe(`# mine\n${base}# also mine\n`);
		expect(openHunks(restored)).toHaveLength(3);
		expect(() => restoreAccept(restored, restored.accepts[0]?.id ?? "")).toThrow(/taken back already/);
	});

	test("where the person changed those lines it says so, and nothing is changed", () => {
		const { review: after } = accept(review, hunkWith(review, "batch"));
		const later = followFile(after, (after.file ?? "").replace("batch = 64", "batch = 48"));
		expect(() => restoreAccept(later, later.accepts[0]?.id ?? "")).toThrow(/^train\.py stays as it is/);
		expect(() => restoreAll(later)).toThrow(/stays as it is/);
	});

	test("all accepts of a file, in whatever order, are taken back to what it was", () => {
		let now = review;
		for (const line of ["clip", "lr", "batch"]) now = accept(now, hunkWith(now, line)).review;
		expect(now.file).toBe(proposal);
		expect(restoreAll(now).at(-1)?.write.after).toBe(base);
	});
});

describe("what a file may be", () => {
	test("the proposal takes the file's line ends, its own mark at the start is no text, a last line without an end stays so", () => {
		const windows = base.replaceAll("\n", "\r\n").trimEnd();
		const crlf = startReview(proposed(`\uFEFF${proposal.trimEnd()}`, base.trimEnd()), windows);
		expect(crlf.proposal).toBe(proposal.replaceAll("\n", "\r\n").trimEnd());
		expect(openHunks(crlf)).toHaveLength(2);
		expect(accept(crlf, ...openHunks(crlf).map(({ id }) => id)).write.after).toBe(crlf.proposal);
	});

	test("a new file is one edit; accepted it is made, restored it is gone, but not with what the person wrote in it", () => {
		const create = startReview(
			{ path: "eval.py", kind: "create", from: null, baseText: null, text: "print(1)\n" },
			null,
		);
		expect(openHunks(create)).toMatchObject([{ id: "create", isConflict: false }]);
		const { write, review: after } = accept(create, "create");
		expect(write).toMatchObject({ structure: "create", before: null, after: "print(1)\n" });
		expect(openHunks(after)).toEqual([]);
		expect(restoreAccept(after, after.accepts[0]?.id ?? "").write).toMatchObject({ structure: "create", after: null });
		const written = followFile(after, "print(1)\nprint(2)\n");
		expect(() => restoreAccept(written, written.accepts[0]?.id ?? "")).toThrow(/stays as it is/);
		expect(openHunks(rejectHunks(create, ["create"]))).toEqual([]);
		expect(openHunks(followFile(after, null))).toMatchObject([{ id: "create" }]);
		expect(() => accept(followFile(create, "somebody's\n"), "create")).toThrow(/came meanwhile/);
	});

	test("a new file where one is already is an edit of it", () => {
		const edit = startReview({ path: "eval.py", kind: "create", from: null, baseText: null, text: "b\n" }, "a\n");
		expect([edit.kind, openHunks(edit).length]).toEqual(["edit", 1]);
	});

	test("a deleted file comes back whole, and one that changed meanwhile is not deleted", () => {
		const deletion = startReview({ path: "old.py", kind: "delete", from: null, baseText: base, text: null }, base);
		const { write, review: after } = accept(deletion, "delete");
		expect([write.structure, write.after]).toEqual(["delete", null]);
		expect(restoreAccept(after, after.accepts[0]?.id ?? "").write.after).toBe(base);
		expect(openHunks(followFile(after, base))).toMatchObject([{ id: "delete" }]);
		expect(() => accept(followFile(deletion, `${base}mine\n`), "delete")).toThrow(/changed since the agent read it/);
	});

	test("a rename and the lines changed with it are decided apart", () => {
		const rename = startReview(
			{ path: "fit.py", kind: "rename", from: "train.py", baseText: base, text: proposal },
			base,
		);
		expect(openHunks(rename).map(({ kind }) => kind)).toEqual(["rename", "lines", "lines", "lines"]);
		const { write, review: after } = accept(rename, "rename", hunkWith(rename, "batch"));
		expect(write).toMatchObject({ structure: "rename", place: "train.py", edits: [{ start: 3 }] });
		expect(toEditedFile(after)).toMatchObject({ hunks: 4, accepted: 2 });
		expect(restoreAccept(after, after.accepts[0]?.id ?? "").write).toMatchObject({ place: "fit.py", after: base });
	});

	test.each([
		["no text", { text: "a\0b" }],
		["too large", { text: "x".repeat(5_000_001) }],
		["There is no file", { text: "x", file: null }],
	])("%s is refused", (said, { text, file = base }: { text: string; file?: string | null }) => {
		expect(() => startReview(proposed(text), file)).toThrow(said);
	});
});
