import { expect, test } from "vitest";
import type { FileReview, ReviewSet } from "../../../../src/core/edits/fileReview";
import { setToJoin } from "../../../../src/core/edits/joinSet";
import { startReview } from "../../../../src/core/edits/startReview";

const review = (path: string, change: Partial<FileReview> = {}): FileReview => ({
	...startReview({ path, kind: "edit", from: null, baseText: "a\n", text: "b\n" }, "a\n"),
	...change,
});
const aSet = (change: Partial<ReviewSet> = {}): ReviewSet => ({
	...{ version: 1, id: "s1", conversationId: "c1", title: "Fix", runId: null, folder: "file:///f", createdAtMs: 1 },
	...{ files: [review("a.py")], told: { accepts: [], rejected: 0 } },
	...change,
});
const wish = { conversationId: "c1", title: "Fix", paths: ["b.py"] };

test("edits of one title are one set, until one of them is decided or typed in", () => {
	const set = aSet();
	expect(setToJoin([set], wish)).toBe(set);
	expect(setToJoin([aSet({ files: [review("a.py", { rejected: 1 })] })], wish)).toBeUndefined();
	expect(setToJoin([aSet({ files: [review("a.py", { mine: [0] })] })], wish)).toBeUndefined();
	expect(setToJoin([aSet({ files: [review("a.py", { structure: "accepted" })] })], wish)).toBeUndefined();
});

test("another title, another conversation, or a file that is there already is a set of its own", () => {
	const set = aSet();
	expect(setToJoin([set], { ...wish, title: "Other" })).toBeUndefined();
	expect(setToJoin([set], { ...wish, conversationId: "c2" })).toBeUndefined();
	expect(setToJoin([set], { ...wish, paths: ["a.py"] })).toBeUndefined();
	const renamed = aSet({ files: [review("new.py", { kind: "rename", from: "b.py" })] });
	expect(setToJoin([renamed], wish)).toBeUndefined();
	// Only the newest of the conversation: nothing is put into what lies below another change.
	expect(setToJoin([aSet({ id: "s2", title: "Newer" }), set], wish)).toBeUndefined();
	expect(setToJoin([aSet({ id: "s2", conversationId: "c2", title: "Fix" }), set], wish)).toBe(set);
	expect(setToJoin([], wish)).toBeUndefined();
});
