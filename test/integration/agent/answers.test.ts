import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Toolbox } from "../../../src/core/agent/toolbox";
import {
	type AgentUnderTest,
	partsOf,
	promptOf,
	startAgent,
	textOf,
	until,
	untilIdle,
} from "../../support/agentUnderTest";
import { modelOf, type Script } from "../../support/claudeServer";

const ran: string[] = [];
/** Three tools: one that answers, one that a person is asked about, one that is forbidden. */
const toolbox: Toolbox = {
	tools: ["echo", "train", "erase"].map((name) => ({
		name,
		description: `It does ${name}.`,
		input_schema: { type: "object", properties: { words: { type: "string" } } },
	})),
	titleOf: ({ name, input }) => `${name} ${JSON.stringify(input)}`,
	judge: ({ name }) => {
		if (name === "echo") return { kind: "allow" };
		if (name === "train") return { kind: "ask", reason: null };
		return { kind: "deny", reason: "There is no such tool." };
	},
	run: async ({ name, input }) => {
		ran.push(`${name} ${JSON.stringify(input)}`);
		return { output: `ran ${name}`, isError: false, parts: [] };
	},
	preview: () => null,
	endPreview: () => {},
};

describe("an answer, through the vendor's SDK", () => {
	let agent: AgentUnderTest;
	beforeAll(async () => {
		agent = await startAgent({ toolbox });
	});
	afterAll(() => agent?.close());
	beforeEach(async () => {
		agent.server.clear();
		agent.clock.slept.length = 0;
		ran.length = 0;
		await agent.desk.begin({ jobId: null });
	});
	const script = (...replies: Script) => agent.server.script(...replies);
	const asked = () => agent.server.asked;

	test("comes word by word, with thinking that goes back signed, tokens, and what it cost", async () => {
		const open = Promise.withResolvers<void>();
		script({
			blocks: [
				{ thinking: "The loss rose.", signature: "c2ln" },
				{ redacted: "ZW5j" },
				{ text: "It was the learning rate." },
			],
			gate: (event) => (event === 12 ? open.promise : undefined),
			usage: { input_tokens: 1000, output_tokens: 200, cache_read_input_tokens: 4000 },
		});
		await agent.desk.send(promptOf("Why did the loss rise?\nSee the chart."));
		await until(agent.desk, () => textOf(agent.desk.snapshot.open?.messages ?? []).startsWith("It was"));
		const midway = agent.desk.snapshot.open;
		expect(midway?.activity.kind).toBe("writing");
		expect(midway?.lastHeardMs).toBeGreaterThan(0);
		expect(midway?.messages.at(-1)?.usage).toBeNull();
		open.resolve();
		await untilIdle(agent.desk);
		const { messages, title, costUsd, lastHeardMs } = agent.desk.snapshot.open ?? {};
		expect(title).toBe("Why did the loss rise?");
		expect(lastHeardMs).toBeNull();
		expect(messages?.at(-1)).toMatchObject({
			role: "assistant",
			model: "claude-sonnet-5-5",
			usage: { inputTokens: 1000, outputTokens: 200, cacheReadTokens: 4000 },
			parts: [
				{ kind: "thinking", text: "The loss rose.", signature: "c2ln", isRedacted: false },
				{ kind: "thinking", text: "", signature: "ZW5j", isRedacted: true },
				{ kind: "text", text: "It was the learning rate." },
			],
		});
		expect(costUsd).toBeCloseTo((1000 * 2 + 4000 * 0.1 + 200 * 10) / 1e6, 12);

		script({ blocks: [{ text: "Yes." }] });
		await agent.ask("Sure?");
		const [first, second] = asked();
		expect(first?.body.thinking).toEqual({ type: "adaptive", display: "summarized" });
		expect(first?.body.system?.[0]).toMatchObject({ text: "You are Gamma.", cache_control: { type: "ephemeral" } });
		expect(first?.body.tools?.at(-1)?.cache_control).toEqual({ type: "ephemeral" });
		expect(second?.body.messages[1]?.content.slice(0, 2)).toEqual([
			{ type: "thinking", thinking: "The loss rose.", signature: "c2ln" },
			{ type: "redacted_thinking", data: "ZW5j" },
		]);
		const marks = second?.body.messages.map(({ content }) => content.at(-1)?.cache_control !== undefined);
		expect(marks).toEqual([true, false, true]);
	});

	test("runs tools and goes on with their results; what is not allowed is not run", async () => {
		script(
			{
				blocks: [
					{ text: "Let me look." },
					{ tool: "echo", input: { words: "a" }, id: "t1" },
					{ tool: "erase", input: {}, id: "t2" },
					{ tool: "nonsense", input: {}, id: "t3" },
				],
			},
			(seen) => ({ blocks: [{ text: `Seen ${JSON.stringify(seen.body.messages.at(-1)?.content)}` }] }),
		);
		const messages = await agent.ask("look");
		expect(ran).toEqual(['echo {"words":"a"}']);
		expect(partsOf(messages, "tool").map(({ state, title }) => [state, title])).toEqual([
			["done", 'echo {"words":"a"}'],
			["denied", "erase {}"],
			["denied", "nonsense {}"],
		]);
		expect(textOf(messages)).toContain('"tool_use_id":"t1","content":"ran echo"');
		expect(textOf(messages)).toContain('"is_error":true');
	});

	test("waits for a person, and keeps to what they decided, for as long as they said", async () => {
		const train = { blocks: [{ tool: "train", input: { words: "now" } }] };
		script(train, { blocks: [{ text: "As you wish." }] });
		await agent.desk.send(promptOf("train"));
		await until(agent.desk, () => agent.desk.snapshot.open?.activity.kind === "asking");
		const call = partsOf(agent.desk.snapshot.open?.messages ?? [], "tool")[0];
		expect(call?.state).toBe("asking");
		agent.desk.answer(call?.id ?? "", "deny", "once");
		await untilIdle(agent.desk);
		expect(ran).toEqual([]);
		expect(asked().at(-1)?.text).toContain("The person did not allow this.");

		script(train, { blocks: [{ text: "Done." }] });
		await agent.desk.send(promptOf("train after all"));
		await until(agent.desk, () => agent.desk.snapshot.open?.activity.kind === "asking");
		const activity = agent.desk.snapshot.open?.activity;
		agent.desk.answer(activity?.kind === "asking" ? activity.callId : "", "allow", "project");
		await untilIdle(agent.desk);
		expect(ran).toEqual(['train {"words":"now"}']);
		const [permission] = agent.desk.snapshot.permissions;
		expect(permission).toMatchObject({ tool: "train", scope: "project", decision: "allow", label: "train" });
		agent.desk.revoke(permission?.id ?? "");
		expect(agent.desk.snapshot.permissions).toEqual([]);
	});

	test("stops at any moment: the words stay, no call hangs, and the next prompt is answered", async () => {
		const never = new Promise<void>(() => {});
		script({
			blocks: [{ text: "It was the " }, { tool: "echo", input: { words: "long enough to be cut" } }],
			gate: (event) => (event === 7 ? never : undefined),
		});
		await agent.desk.send(promptOf("why?"));
		await until(agent.desk, () => partsOf(agent.desk.snapshot.open?.messages ?? [], "tool").length > 0);
		agent.desk.stop();
		await untilIdle(agent.desk);
		const messages = agent.desk.snapshot.open?.messages ?? [];
		expect(textOf(messages)).toBe("It was the ");
		expect(partsOf(messages, "tool")[0]?.state).toBe("stopped");
		expect(partsOf(messages, "notice").at(-1)).toMatchObject({ text: "Stopped.", action: "continue" });
		script({ blocks: [{ text: "batch size." }] });
		expect(textOf(await agent.ask("go on"))).toBe("It was the batch size.");

		script({ blocks: [{ tool: "train", input: {} }] });
		await agent.desk.send(promptOf("train"));
		await until(agent.desk, () => agent.desk.snapshot.open?.activity.kind === "asking");
		agent.desk.stop();
		await untilIdle(agent.desk);
		script({ blocks: [{ text: "Fine." }] });
		await agent.ask("leave it");
		expect(asked().at(-1)?.text).toContain("The person stopped the answer before this ran.");
	});

	test("prompts wait their turn; one that was sent can be sent anew, and one that waits taken back", async () => {
		const open = Promise.withResolvers<void>();
		script({ blocks: [{ text: "one" }], gate: () => open.promise }, { blocks: [{ text: "two" }] });
		await agent.desk.send(promptOf("first"));
		await agent.desk.send(promptOf("second"));
		await agent.desk.send(promptOf("third"));
		expect(agent.desk.snapshot.open?.queued.map(({ text }) => text)).toEqual(["second", "third"]);
		agent.desk.unqueue(1);
		open.resolve();
		await untilIdle(agent.desk);
		expect(textOf(agent.desk.snapshot.open?.messages ?? [])).toBe("onetwo");

		script({ blocks: [{ text: "anew" }] });
		const first = agent.desk.snapshot.open?.messages[0]?.id ?? "";
		await agent.desk.resend(first, promptOf("first, but better"));
		await untilIdle(agent.desk);
		expect(agent.desk.snapshot.open?.messages.length).toBe(2);
		expect(asked().at(-1)?.body.messages).toHaveLength(1);
		await expect(agent.desk.resend(first, promptOf("x"))).rejects.toThrow(/not there any more/);
	});

	test("lists the service's own models, and takes the one that is chosen", async () => {
		expect(agent.desk.snapshot.models.map(({ id }) => id)).toEqual(["claude-sonnet-5-5", "claude-haiku-4-5"]);
		agent.desk.chooseModel("claude-haiku-4-5");
		script({ blocks: [{ text: "hi" }] });
		const messages = await agent.ask("hello");
		expect(messages.at(-1)?.model).toBe("claude-haiku-4-5");
		expect(asked()[0]?.body.thinking).toEqual({ type: "enabled", budget_tokens: 8000 });
		agent.desk.chooseModel("");
	});

	test("a conversation that grows too long is summarised, and goes on with the summary", async () => {
		const small = await startAgent({ toolbox });
		small.server.models = [modelOf("claude-sonnet-5-5", { max_input_tokens: 12_000, max_tokens: 2_000 })];
		small.desk = await small.again();
		small.server.script({ blocks: [{ text: "word ".repeat(9_000) }] });
		await small.ask("tell me everything");
		small.server.script({ blocks: [{ text: "SUMMARY: it was told." }] }, { blocks: [{ text: "Right." }] });
		const messages = await small.ask("and now?");
		expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user", "user", "assistant"]);
		expect(messages[3]?.parts[0]).toMatchObject({ kind: "notice", text: expect.stringMatching(/summarised/) });
		const last = small.server.asked.at(-1);
		expect(last?.body.messages).toHaveLength(1);
		expect(last?.text).toContain("SUMMARY: it was told.");
		expect(last?.text).toContain("and now?");
		expect(last?.text).not.toContain("word word word");
		expect(small.server.asked.at(-2)?.body.tool_choice).toEqual({ type: "none" });
		await small.close();
	});
});
