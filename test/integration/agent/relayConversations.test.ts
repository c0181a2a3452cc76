import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../../server/database/database";
import { connectPostgres } from "../../../server/database/postgres";
import { DiskConversations } from "../../../src/adapters/agent/diskConversations";
import { RelayConversationClient } from "../../../src/adapters/relay/relayConversationClient";
import { ChosenConversations } from "../../../src/core/agent/chosenConversations";
import type { StoredConversation } from "../../../src/core/agent/conversationStore";
import { RelayConversations } from "../../../src/core/agent/relayConversations";
import type { Message } from "../../../src/shared/agent/conversation";
import { type AgentUnderTest, promptOf, startAgent, textOf, until, untilIdle } from "../../support/agentUnderTest";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { accessToken, type RelayUnderTest, sharedRelay, startTestRelay } from "../../support/relay";
import { accessTo } from "../../support/relayAccess";
import { TcpProxy } from "../../support/tcpProxy";
import { testLogger } from "../../support/testLogger";
import { makePeople, makeProject, type ProjectFixture, people } from "../../support/userRoutes";

const patience = { timeout: 30_000 };
const usage = { inputTokens: 7, outputTokens: 3, cacheReadTokens: 0, cacheWriteTokens: 0 };
const said = (id: string, more: Partial<Message> = {}): Message => ({
	...{ id, role: id.startsWith("u") ? "user" : "assistant", createdAtMs: 1_000, model: null, costUsd: null },
	...{ usage: id.startsWith("u") ? null : usage, parts: [{ kind: "text", text: `words of ${id}` }] },
	...more,
});
const idsOf = ({ messages }: StoredConversation) => messages.map(({ id }) => id).join(" ");

describe.skipIf(!postgresFolder)("conversations in the relay (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let relay: RelayUnderTest;
	let database: Database;
	let project: ProjectFixture;
	let elsewhere: ProjectFixture;
	const ended: (() => void | Promise<void>)[] = [];

	beforeAll(async () => {
		postgres = await startPostgres();
		relay = await startTestRelay(sharedRelay(postgres));
		database = connectPostgres(postgres.url, testLogger);
		await makePeople(database, Object.values(people));
		project = await makeProject(database, {
			...{ [people.owner]: "owner", [people.member]: "member", [people.viewer]: "viewer" },
		});
		elsewhere = await makeProject(database, { [people.stranger]: "owner" });
	});
	afterEach(async () => {
		for (const end of ended.splice(0).reverse()) await end();
	});
	afterAll(async () => {
		await database?.close();
		await relay?.close();
		await postgres?.stop();
	});

	const folder = () => {
		const made = mkdtempSync(join(tmpdir(), "gamma-conversations-"));
		ended.push(() => rmSync(made, { recursive: true, force: true }));
		return made;
	};
	const line = async () => {
		const proxy = await TcpProxy.start();
		proxy.leadTo(relay.url);
		ended.push(() => proxy.close());
		return proxy;
	};
	/** A window of this person's on a machine that has this folder. */
	async function openWindow(
		who: keyof typeof people,
		{ on = folder(), url = relay.url, projects = [project.projectId] } = {},
	) {
		const disk = new DiskConversations(join(on, "disk"));
		const store = new ChosenConversations(disk);
		const theirs = new RelayConversations({
			relay: new RelayConversationClient({
				url,
				access: accessTo(url, await accessToken(people[who])),
				logger: testLogger,
				timeoutMs: 5_000,
			}),
			copies: new DiskConversations(join(on, "copies")),
			projects: () => projects,
			userId: people[who],
			keep: async (stored) => void (await disk.save(stored)),
			logger: testLogger,
		});
		store.use(theirs);
		ended.push(() => store.dispose());
		/** All that can be handed over now is. */
		const settle = async () => {
			await store.list();
			await theirs.settle();
		};
		const listed = async (id: string) => (await store.list()).conversations.find((one) => one.id === id);
		return { store, disk, settle, listed };
	}
	const begun = (...messages: Message[]): StoredConversation => ({
		conversation: {
			...{ id: crypto.randomUUID(), title: "Why?", projectId: project.projectId, jobId: project.endedJobId },
			...{ createdAtMs: 1_000, updatedAtMs: 2_000 },
		},
		messages,
	});

	test("what is said on one machine is read on another, with all it was made of", async () => {
		const [mine, theirs] = [await openWindow("member"), await openWindow("owner")];
		const call = {
			kind: "tool",
			id: "t1",
			name: "read_file",
			input: { path: "a.py" },
			title: "read a.py",
			state: "done",
			output: "x\0y",
		} as const;
		const picture = { kind: "image", mimeType: "image/png", base64: "iVBORw0KGgo=" } as const;
		const stored = begun(
			said("u1", { parts: [picture, { kind: "text", text: "Why?" }] }),
			said("a1", { parts: [call] }),
		);
		expect(await mine.store.save(stored)).toMatchObject({ keptIn: "relay", waiting: 2 });
		await mine.settle();
		expect(await mine.listed(stored.conversation.id)).toMatchObject({ keptIn: "relay", waiting: 0, isOthers: false });
		expect(await theirs.listed(stored.conversation.id)).toMatchObject({
			title: "Why?",
			jobId: project.endedJobId,
			isOthers: true,
		});
		const read = await theirs.store.load(stored.conversation.id);
		expect(read.messages).toEqual(stored.messages);
		expect(await theirs.store.search("words why")).toEqual([]);
		expect(await theirs.store.search("WHY?")).toContain(stored.conversation.id);
		// A title that one gives is the other's too, and the conversation is the person's to delete who began it.
		await mine.store.save({ ...stored, conversation: { ...stored.conversation, title: "The warmup" } });
		await mine.settle();
		await theirs.settle();
		expect(await theirs.listed(stored.conversation.id)).toMatchObject({ title: "The warmup" });
		expect((await theirs.store.load(stored.conversation.id)).conversation.title).toBe("The warmup");
		await mine.store.delete(stored.conversation.id);
		expect(await theirs.listed(stored.conversation.id)).toBeUndefined();
	});

	test("without the relay every word is kept, said to wait, and handed over once it is back, by the next window too", async () => {
		const [proxy, on] = [await line(), folder()];
		const { url } = proxy;
		const before = await openWindow("member", { on, url });
		const stored = begun(said("u1"), said("a1"));
		await before.store.save(stored);
		await before.settle();
		proxy.leadTo(null);
		proxy.cut();
		const more = [...stored.messages, said("u2"), said("a2"), said("a3", { usage: null })];
		expect(await before.store.save({ ...stored, messages: more })).toMatchObject({ keptIn: "relay", waiting: 2 });
		await before.settle();
		const fresh = begun(said("u9"));
		await before.store.save(fresh);
		expect(await before.listed(stored.conversation.id)).toMatchObject({ waiting: 2 });
		expect(idsOf(await before.store.load(stored.conversation.id))).toBe("u1 a1 u2 a2 a3");
		before.store.dispose();

		const after = await openWindow("member", { on, url });
		expect(idsOf(await after.store.load(fresh.conversation.id))).toBe("u9");
		proxy.leadTo(relay.url);
		await after.settle();
		await expect.poll(async () => (await after.listed(stored.conversation.id))?.waiting, patience).toBe(0);
		const other = await openWindow("owner");
		await other.settle();
		// What is still being written is nobody else's to read.
		expect(idsOf(await other.store.load(stored.conversation.id))).toBe("u1 a1 u2 a2");
		expect(idsOf(await other.store.load(fresh.conversation.id))).toBe("u9");
	});

	test("answers that are lost on the way make no doubles", async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.nat(6), { minLength: 3, maxLength: 6 }), async (cuts) => {
				const proxy = await line();
				const mine = await openWindow("member", { url: proxy.url });
				const stored = begun(said("u1"), said("a1"), said("u2"), said("a2"));
				let answers = 0;
				const left = [...cuts];
				// The relay has done it, and nobody hears of it.
				proxy.tap = (from, bytes) => {
					if (from !== "server" || answers++ !== left[0]) return bytes;
					answers = 0;
					left.shift();
					proxy.cut();
					return Buffer.alloc(0);
				};
				await mine.store.save(stored);
				await expect
					.poll(async () => {
						await mine.settle();
						return (await mine.listed(stored.conversation.id))?.waiting;
					}, patience)
					.toBe(0);
				const other = await openWindow("owner");
				await other.settle();
				expect(idsOf(await other.store.load(stored.conversation.id))).toBe("u1 a1 u2 a2");
			}),
			{ numRuns: 5 },
		);
	});

	test("two windows on one conversation add to it, and neither writes over the other", async () => {
		const [one, two] = [await openWindow("member"), await openWindow("owner")];
		const stored = begun(said("u1"), said("a1"));
		const { id } = stored.conversation;
		await one.store.save(stored);
		await one.settle();
		await two.settle();
		const theirs = await two.store.load(id);
		await Promise.all([
			one.store.save({ ...stored, messages: [...stored.messages, said("u2"), said("a2")] }),
			two.store.save({ ...theirs, messages: [...theirs.messages, said("u3"), said("a3")] }),
		]);
		await Promise.all([one.settle(), two.settle()]);
		await Promise.all([one.settle(), two.settle()]);
		const [read, readToo] = [await one.store.load(id), await two.store.load(id)];
		for (const here of [read, readToo])
			expect(idsOf(here).split(" ").sort()).toEqual(["a1", "a2", "a3", "u1", "u2", "u3"]);
		// One asks anew from the beginning; what the other said meanwhile, and this window had not read, stays.
		await two.store.save({ ...readToo, messages: [...readToo.messages, said("u4")] });
		await two.settle();
		await one.store.save({ ...read, messages: [said("u5"), said("a5")] });
		await one.settle();
		await two.settle();
		expect(idsOf(await two.store.load(id))).toBe("u4 u5 a5");
		expect(idsOf(await one.store.load(id))).toBe("u4 u5 a5");
	});

	test("people of another project see nothing of it; a viewer reads it, and what they say stays on their machine", async () => {
		const mine = await openWindow("member");
		const stored = begun(said("u1"), said("a1"));
		const { id } = stored.conversation;
		await mine.store.save(stored);
		await mine.settle();
		const stranger = await openWindow("stranger", { projects: [project.projectId, elsewhere.projectId] });
		expect(await stranger.listed(id)).toBeUndefined();
		await expect(stranger.store.load(id)).rejects.toMatchObject({ code: "conversation.missing" });
		expect(await stranger.store.search("words")).not.toContain(id);
		const viewer = await openWindow("viewer");
		await viewer.settle();
		expect(idsOf(await viewer.store.load(id))).toBe("u1 a1");
		const own = begun(said("u7"));
		await viewer.store.save(own);
		await viewer.settle();
		await expect.poll(() => viewer.listed(own.conversation.id), patience).toMatchObject({ keptIn: "disk", waiting: 0 });
		expect(idsOf(await viewer.store.load(own.conversation.id))).toBe("u7");
		await expect(viewer.store.delete(id)).rejects.toMatchObject({ code: "relay.refused" });
	});

	test("one that somebody deletes goes, but for words that were on their way", async () => {
		const proxy = await line();
		const mine = await openWindow("member", { url: proxy.url });
		const owner = await openWindow("owner");
		const [first, second] = [begun(said("u1")), begun(said("u1"))];
		for (const stored of [first, second]) await mine.store.save(stored);
		await mine.settle();
		proxy.leadTo(null);
		proxy.cut();
		await mine.store.save({ ...second, messages: [...second.messages, said("u2")] });
		await owner.settle();
		for (const { conversation } of [first, second]) await owner.store.delete(conversation.id);
		proxy.leadTo(relay.url);
		await mine.settle();
		await expect.poll(() => mine.listed(first.conversation.id), patience).toBeUndefined();
		await expect.poll(() => mine.listed(second.conversation.id), patience).toMatchObject({ keptIn: "disk" });
		expect(idsOf(await mine.store.load(second.conversation.id))).toBe("u1 u2");
	});

	test("one of the disk moves to the relay when that is asked for, whole or not at all", async () => {
		const proxy = await line();
		const mine = await openWindow("member", { url: proxy.url });
		const stored = begun(said("u1"), said("a1", { usage: null }));
		const { id } = stored.conversation;
		await mine.disk.save({ ...stored, conversation: { ...stored.conversation, projectId: null, jobId: null } });
		proxy.leadTo(null);
		proxy.cut();
		await expect(mine.store.move(id, project.projectId)).rejects.toMatchObject({ code: "relay.unreachable" });
		expect(await mine.listed(id)).toMatchObject({ keptIn: "disk" });
		proxy.leadTo(relay.url);
		await expect(mine.store.move(id, elsewhere.projectId)).rejects.toMatchObject({ code: "relay.refused" });
		expect(await mine.listed(id)).toMatchObject({ keptIn: "disk" });
		await mine.store.move(id, project.projectId);
		expect(await mine.listed(id)).toMatchObject({ keptIn: "relay", waiting: 0, projectId: project.projectId });
		expect(await mine.disk.has(id)).toBe(false);
		const other = await openWindow("owner");
		await other.settle();
		expect((await other.store.load(id)).messages.at(-1)?.parts.at(-1)).toMatchObject({
			kind: "notice",
			action: "continue",
		});
	});

	describe("with the agent over it", () => {
		let agent: AgentUnderTest;
		const withAgent = async (who: keyof typeof people, on?: string) => {
			const opened = await openWindow(who, { ...(on && { on }) });
			const projectId = async () => project.projectId;
			return {
				...opened,
				desk: await agent.again({
					store: opened.store,
					projectId,
					clock: { ...clockOf(agent), newId: () => crypto.randomUUID() },
				}),
			};
		};
		beforeAll(async () => {
			agent = await startAgent();
		});
		afterAll(() => agent?.close());

		test("a window that is closed in mid-answer shows the words it had, and others read them once it is open again", async () => {
			const on = folder();
			const first = await withAgent("member", on);
			let release = () => {};
			const held = new Promise<void>((done) => {
				release = done;
			});
			agent.server.script({
				blocks: [{ text: "Half of it. " }, { text: "The rest." }],
				gate: (event) => (event > 3 ? held : undefined),
			});
			await first.desk.send(promptOf("Why?"));
			await until(first.desk, () => textOf(first.desk.snapshot.open?.messages ?? []).includes("Half"));
			const id = first.desk.snapshot.open?.id ?? "";
			await expect.poll(async () => textOf((await first.store.load(id)).messages), patience).toContain("Half");
			first.desk.dispose();
			first.store.dispose();
			release();
			await untilIdle(first.desk);

			const again = await withAgent("member", on);
			await again.desk.open(id);
			expect(textOf(again.desk.snapshot.open?.messages ?? [])).toContain("Half of it.");
			await again.settle();
			const other = await withAgent("owner");
			expect(other.desk.snapshot.conversations.find((one) => one.id === id)).toMatchObject({
				isOthers: true,
				title: "Why?",
			});
			await other.desk.open(id);
			expect(textOf(other.desk.snapshot.open?.messages ?? [])).toContain("Half of it.");
			agent.server.script({ blocks: [{ text: "It was the warmup." }] });
			await other.desk.send(promptOf("Go on"));
			await untilIdle(other.desk);
			await other.settle();
			// The window that has it open follows.
			await again.desk.refresh();
			await until(again.desk, () => textOf(again.desk.snapshot.open?.messages ?? []).includes("It was the warmup."));
			for (const { desk } of [again, other]) desk.dispose();
		});
	});
});

function clockOf({ clock }: AgentUnderTest) {
	return {
		now: () => clock.now(),
		random: () => clock.random(),
		sleep: (ms: number, signal: AbortSignal) => clock.sleep(ms, signal),
	};
}
