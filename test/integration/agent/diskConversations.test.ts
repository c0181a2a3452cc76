import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DiskConversations } from "../../../src/adapters/agent/diskConversations";
import type { StoredConversation } from "../../../src/core/agent/conversationStore";
import type { Message } from "../../../src/shared/agent/conversation";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "gamma-conversations-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const said = (id: string): Message => ({
	...{ id, role: "user", createdAtMs: 1, model: null, usage: null, costUsd: null },
	parts: [{ kind: "text", text: id }],
});
const conversation = (title: string, updatedAtMs = 1): StoredConversation["conversation"] => ({
	...{ id: "c1", title, projectId: null, jobId: null, createdAtMs: 1, updatedAtMs },
});
const idsOf = async (store: DiskConversations) => (await store.load("c1")).messages.map(({ id }) => id);

test("windows that keep one conversation at the same time lose none of each other's words, nor the title that one gave", async () => {
	const windows = [1, 2, 3].map(() => new DiskConversations(folder));
	await windows[0]?.save({ conversation: conversation("Why?"), messages: [said("u0")] });
	await Promise.all(
		windows.map(async (window, index) => {
			const { messages } = await window.load("c1");
			for (let at = 0; at < 10; at++) {
				messages.push(said(`w${index}-${at}`));
				const title = index === 1 && at >= 5 ? "The warmup" : "Why?";
				await window.save({ conversation: conversation(title, at), messages: [...messages] });
			}
		}),
	);
	const ids = await idsOf(new DiskConversations(folder));
	expect(new Set(ids).size).toBe(31);
	expect(ids).toHaveLength(31);
	for (const index of [0, 1, 2]) {
		expect(ids.filter((id) => id.startsWith(`w${index}`))).toEqual(
			Array.from({ length: 10 }, (_, at) => `w${index}-${at}`),
		);
	}
	const { conversations } = await new DiskConversations(folder).list();
	expect(conversations).toMatchObject([{ title: "The warmup", keptIn: "disk", waiting: 0 }]);
	// Nothing is left beside it.
	expect(readdirSync(folder)).toEqual(["c1.json"]);
});

test("the lock of a window that died is broken, and what another writes is read anew", async () => {
	const [one, two] = [new DiskConversations(folder), new DiskConversations(folder)];
	await one.save({ conversation: conversation("Why?"), messages: [said("u0")] });
	const lock = join(folder, "c1.json.lock");
	writeFileSync(lock, "");
	const longAgo = Date.now() / 1000 - 60;
	utimesSync(lock, longAgo, longAgo);
	await two.load("c1");
	await two.save({ conversation: conversation("Why?"), messages: [said("u0"), said("u1")] });
	expect(existsSync(lock)).toBe(false);
	expect(await idsOf(one)).toEqual(["u0", "u1"]);
	await one.delete("c1");
	expect(await two.has("c1")).toBe(false);
	await expect(two.load("c1")).rejects.toMatchObject({ code: "conversation.missing" });
});
