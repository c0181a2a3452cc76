import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromRelayMessage, toRelayMessage } from "../../../../src/core/agent/handedMessage";
import { isWhole, knownOf, mergeMessages, place } from "../../../../src/core/agent/mergeMessages";
import type { Message, Part } from "../../../../src/shared/agent/conversation";

const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
const said = (id: string, text = id, more: Partial<Message> = {}): Message => ({
	...{ id, role: id.startsWith("u") ? "user" : "assistant", createdAtMs: 1, model: null, costUsd: null },
	...{ usage: id.startsWith("u") ? null : usage, parts: [{ kind: "text", text }] },
	...more,
});
const ids = (messages: readonly Message[]) => messages.map(({ id }) => id).join(" ");
const merged = (base: Message[], mine: Message[], theirs: Message[]) => mergeMessages(knownOf(base), mine, theirs);

describe("two windows on one conversation", () => {
	const base = [said("u1"), said("a1")];

	test("what both said is there, each answer below its prompt", () => {
		const mine = [...base, said("u2"), said("a2")];
		const theirs = [...base, said("u3"), said("a3"), said("a4")];
		expect(ids(merged(base, mine, theirs))).toBe("u1 a1 u3 a3 a4 u2 a2");
		// The answer that they began before goes on where it is.
		expect(ids(merged([...base, said("u3"), said("a3")], [...base, said("u3"), said("a3"), said("a5")], mine))).toBe(
			"u1 a1 u2 a2 a5",
		);
	});

	test("what one took away is gone, unless the other changed it meanwhile", () => {
		expect(ids(merged(base, [], [...base, said("u2")]))).toBe("u2");
		expect(ids(merged(base, [base[0] as Message], [said("u1"), said("a1", "more words")]))).toBe("u1 a1");
		expect(ids(merged(base, base, [said("u1")]))).toBe("u1");
	});

	test("of an answer the whole one counts, whoever kept it last", () => {
		const begun = said("a2", "It is", { usage: null });
		const cut = said("a2", "It is cut");
		const whole = said("a2", "It is the warmup.");
		expect(merged([begun], [begun], [whole])).toEqual([whole]);
		expect(merged([begun], [said("a2", "It is the", { usage: null })], [whole])).toEqual([whole]);
		expect(merged([begun], [cut], [said("a2", "It is t", { usage: null })])).toEqual([cut]);
	});

	test("saved in any order, by any number of windows, no message that nobody took away is lost or there twice", () => {
		const step = fc.record({ window: fc.nat(2), kind: fc.constantFrom("say", "cut", "load"), at: fc.nat(5) });
		fc.assert(
			fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
				let disk: readonly Message[] = [];
				let count = 0;
				const windows = [0, 1, 2].map(() => ({ base: knownOf([]), mine: [] as readonly Message[] }));
				const taken = new Set<string>();
				const all = new Set<string>();
				for (const { window, kind, at } of steps) {
					const own = windows[window];
					if (!own) continue;
					if (kind === "load") {
						own.mine = disk;
						own.base = knownOf(disk);
						continue;
					}
					if (kind === "cut") {
						for (const { id } of own.mine.slice(at)) taken.add(id);
						own.mine = own.mine.slice(0, at);
					}
					const added = [said(`u${++count}`), said(`a${count}`)];
					for (const { id } of added) all.add(id);
					own.mine = [...own.mine, ...added];
					disk = mergeMessages(own.base, own.mine, disk);
					own.base = knownOf(own.mine);
				}
				const there = disk.map(({ id }) => id);
				expect(new Set(there).size).toBe(there.length);
				expect([...all].filter((id) => !taken.has(id) && !there.includes(id))).toEqual([]);
				// Each answer of one breath stays right below its prompt.
				for (const [index, id] of there.entries()) {
					if (id.startsWith("a") && there.includes(id.replace("a", "u")))
						expect(there[index - 1]).toBe(id.replace("a", "u"));
				}
			}),
		);
	});
});

test("a prompt comes last, an answer below what it answers", () => {
	const here = [said("u1"), said("a1"), said("u2")];
	expect(ids(place(here, said("u3"), "a1"))).toBe("u1 a1 u2 u3");
	expect(ids(place(here, said("a9"), "a1"))).toBe("u1 a1 a9 u2");
	expect(ids(place(here, said("a9"), "gone"))).toBe("u1 a1 u2 a9");
});

test("a message is whole when it has its count and every call its answer", () => {
	const call = {
		kind: "tool",
		id: "t",
		name: "read_file",
		input: {},
		title: "",
		state: "running",
		output: null,
	} as const;
	expect(isWhole(said("u1"))).toBe(true);
	expect(isWhole(said("a1", "x", { usage: null }))).toBe(false);
	expect(isWhole(said("a1", "x", { parts: [call] }))).toBe(false);
	expect(isWhole(said("a1", "x", { parts: [{ ...call, output: "" }] }))).toBe(true);
});

describe("a message on its way to the relay and back", () => {
	const row = (given: ReturnType<typeof toRelayMessage>) => ({ ...given, id: "row", createdAtMs: 5 });

	test("is the same, with what it came after and what it took away", () => {
		const message = said("a1", "with \0 and \ud800 and 😀", { model: "claude", costUsd: 0.1 });
		const handed = { message, after: "u1", drops: ["a0"] };
		const given = toRelayMessage(handed);
		expect(fromRelayMessage(row(given))).toEqual(handed);
		expect(given.content).toBe("with  and \ufffd and 😀");
		expect(given.detail.includes("\0")).toBe(false);
	});

	test("one that somebody else wrote, or a later Gamma, is its words", () => {
		for (const detail of [null, "{", JSON.stringify({ message: { id: "a1", parts: [{ kind: "hologram" }] } })]) {
			const { message } = fromRelayMessage({
				...row(toRelayMessage({ message: said("a1"), after: null, drops: [] })),
				detail,
			});
			expect(message).toMatchObject({ id: "a1", role: "assistant", parts: [{ kind: "text", text: "a1" }] });
		}
	});

	test("one that is too long leaves its pictures behind, then the ends of its texts, and no thought half signed", () => {
		const picture: Part = { kind: "image", mimeType: "image/png", base64: "x".repeat(3_000_000) };
		const text = "y".repeat(300_000);
		const first = fromRelayMessage(
			row(
				toRelayMessage({
					message: said("u1", text, { parts: [picture, { kind: "text", text }] }),
					after: null,
					drops: [],
				}),
			),
		);
		expect(first.message.parts[0]).toMatchObject({ kind: "notice" });
		expect(first.message.parts[1]).toEqual({ kind: "text", text });
		const thought: Part = { kind: "thinking", text: "z".repeat(2_500_000), signature: "signed", isRedacted: false };
		const given = toRelayMessage({ message: said("a1", text, { parts: [thought] }), after: null, drops: [] });
		expect(given.detail.length).toBeLessThan(100_000);
		expect(fromRelayMessage(row(given)).message.parts[0]).toMatchObject({ kind: "thinking", signature: null });
	});
});
