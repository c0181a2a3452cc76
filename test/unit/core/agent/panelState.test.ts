import { expect, test } from "vitest";
import type { AgentSnapshot, OpenConversation } from "../../../../src/core/agent/agent";
import { sentTextOf, toPanelState } from "../../../../src/core/agent/panelState";
import type { Message, SentItem } from "../../../../src/shared/agent/conversation";

const item: SentItem = { label: "train.py", kind: "file", tokens: 3, leftOut: null, text: "import torch" };
const receipt = {
	query: "q",
	runs: [
		{ key: "s/1", name: "owl" },
		{ key: "gone", name: "x" },
	],
	pointCount: 1,
	readAtMs: 5,
};
const table = { kind: "table", title: "t", columns: ["a"], rows: [], receipt };
const message: Message = {
	...{ id: "m1", role: "user", createdAtMs: 1, model: null, usage: null, costUsd: null },
	parts: [
		{ kind: "text", text: "why?" },
		{ kind: "sent", items: [item, { ...item, text: "second" }] },
		{ kind: "view", id: "v", title: "", view: { version: 1, blocks: [table, { kind: "text", text: "x" }] } },
	],
};
const conversation = { id: "c1", title: "Why", projectId: null, jobId: "j", createdAtMs: 1, updatedAtMs: 2 };
const open: OpenConversation = {
	...conversation,
	...{ messages: [message], queued: [], activity: { kind: "idle" }, lastHeardMs: null, contextTokens: 7, costUsd: 0.1 },
};
const onDisk = { keptIn: "disk", waiting: 0, isOthers: false } as const;
const snapshot: AgentSnapshot = {
	access: { kind: "ready", through: "key" },
	models: [],
	model: "m",
	conversations: [
		{ ...conversation, ...onDisk },
		{ ...conversation, ...onDisk, id: "c2", title: "Old" },
	],
	canMove: true,
	open,
	permissions: [{ id: "p", tool: "read", scope: "always", decision: "allow", label: "read files" }],
};
const around = {
	hostNowMs: 9,
	removedId: null,
	lastSignOf: (key: string) => (key === "s/1" ? 42 : null),
	insert: null,
	sets: [],
};

test("the panel gets everything but the texts that were sent, which it asks for", () => {
	const state = toPanelState(snapshot, around);
	expect(JSON.stringify(state)).not.toContain("import torch");
	expect(state.messages[0]?.parts[1]).toEqual({
		kind: "sent",
		items: [
			{ ...item, text: "" },
			{ ...item, text: "" },
		],
	});
	expect(state.open).toMatchObject({ id: "c1", contextTokens: 7, costUsd: 0.1 });
	expect(state.permissions).toEqual([{ id: "p", scope: "always", decision: "allow", label: "read files" }]);
	expect(sentTextOf(open, "m1", 1)).toBe("second");
	expect(sentTextOf(open, "m1", 2)).toBeNull();
	expect(sentTextOf(open, "m2", 0)).toBeNull();
	expect(sentTextOf(null, "m1", 0)).toBeNull();
});

test("a view knows when its runs were last written to", () => {
	expect(toPanelState(snapshot, around).runSigns).toEqual({ "s/1": 42 });
});

test("what is about to be deleted is not in the list, and can be named", () => {
	const state = toPanelState(snapshot, { ...around, removedId: "c2" });
	expect(state.conversations.map(({ id }) => id)).toEqual(["c1"]);
	expect(state.removed).toEqual({ id: "c2", title: "Old" });
});

test("without a conversation there are no messages", () => {
	expect(toPanelState({ ...snapshot, open: null }, around)).toMatchObject({ open: null, messages: [] });
});
