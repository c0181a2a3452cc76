import { expect, test } from "vitest";
import { recover } from "../../../../src/core/agent/recover";
import { messagesOfSet, shownMessage } from "../../../../src/core/agent/shownMessage";
import type { ProposedSet } from "../../../../src/core/edits/proposedEdits";
import type { EditedFile, Message, Part } from "../../../../src/shared/agent/conversation";

const file = (path: string, accepted = 0): EditedFile => ({
	...{ path, kind: "edit", added: 1, removed: 1, hunks: 2, accepted, rejected: 0, isStale: false },
});
const edits = (setId: string, path: string): Part => ({
	kind: "edits",
	setId,
	title: "As proposed",
	files: [file(path)],
});
const message = (id: string, ...parts: Part[]): Message => ({
	...{ id, role: "assistant", parts, createdAtMs: 1, model: "m", usage: null, costUsd: null },
});
const set: ProposedSet = {
	...{ id: "s1", conversationId: "c1", title: "As it is now", isDecided: false },
	files: [file("a.py", 1), file("b.py")],
};

test("a set that several calls made has one card, as it stands now", () => {
	const first = message("m1", { kind: "text", text: "Look" }, edits("s1", "a.py"), edits("s1", "b.py"));
	const second = message("m2", edits("s1", "c.py"), edits("s2", "d.py"));
	const all = [first, second];
	expect(shownMessage(first, all, [set]).parts.slice(1)).toEqual([
		{ kind: "edits", setId: "s1", title: "As it is now", files: set.files },
	]);
	expect(shownMessage(second, all, [set]).parts).toEqual([edits("s2", "d.py")]);
	expect(messagesOfSet(all, "s1")).toEqual(["m1", "m2"]);
	expect(messagesOfSet(all, "s3")).toEqual([]);
});

test("what was being written when the window closed is a call that was cut, and nothing to look at", () => {
	const writing = { path: "a.py", kind: "edit" as const, added: 1, removed: 0, hunkCount: 1, hunks: [] };
	const call: Part = {
		...{ kind: "tool", id: "t1", name: "propose_edit", input: null, title: "", output: null },
		...{ state: "running", writing },
	};
	const [kept] = recover([message("m1", call)]);
	expect(kept?.parts[0]).toMatchObject({ kind: "tool", state: "stopped" });
	expect(JSON.stringify(kept)).not.toContain("hunkCount");
});

test("a set that is forgotten is shown as it was proposed; a message without edits is the same object", () => {
	const old = message("m1", edits("s1", "a.py"));
	expect(shownMessage(old, [old], []).parts).toEqual(old.parts);
	const words = message("m2", { kind: "text", text: "x" });
	expect(shownMessage(words, [words], [set])).toBe(words);
});
