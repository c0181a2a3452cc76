import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
import type { Reply, Script } from "../../support/claudeServer";

const ran: string[] = [];
const toolbox: Toolbox = {
	tools: [{ name: "echo", description: "Echoes.", input_schema: { type: "object" } }],
	titleOf: ({ name }) => name,
	judge: ({ name }) => (name === "echo" ? { kind: "allow" } : { kind: "deny", reason: "There is no such tool." }),
	run: async ({ input }) => {
		ran.push(JSON.stringify(input));
		return { output: "echoed", isError: false, parts: [] };
	},
	preview: () => null,
	endPreview: () => {},
};

const overloaded: Reply = { status: 529, error: { type: "overloaded_error", message: "Overloaded" } };
const fine: Reply = { blocks: [{ text: "All is well." }] };
const long: Reply = { blocks: [{ text: "It was the learning rate, which was " }, { text: "ten times too high." }] };

describe("what goes wrong between Gamma and Claude", () => {
	let agent: AgentUnderTest;
	beforeAll(async () => {
		agent = await startAgent({ toolbox }, 400);
	});
	afterAll(() => agent?.close());
	beforeEach(async () => {
		agent.server.clear();
		agent.clock.slept.length = 0;
		agent.clock.hold = null;
		ran.length = 0;
		await agent.desk.begin({ jobId: null });
	});
	const script = (...replies: Script) => agent.server.script(...replies);
	const notices = () => partsOf(agent.desk.snapshot.open?.messages ?? [], "notice");

	test("an overload is waited out, longer each time, and shown while it lasts; nothing of it stays", async () => {
		const held = Promise.withResolvers<void>();
		agent.clock.hold = held.promise;
		script(overloaded, overloaded, overloaded, fine);
		await agent.desk.send(promptOf("hello"));
		await until(agent.desk, () => agent.desk.snapshot.open?.activity.kind === "retrying");
		expect(agent.desk.snapshot.open?.activity).toMatchObject({ reason: expect.stringMatching(/overloaded/) });
		held.resolve();
		await untilIdle(agent.desk);
		expect(agent.clock.slept).toEqual([750, 1500, 3000]);
		expect(agent.desk.snapshot.open?.messages).toHaveLength(2);
		expect(textOf(agent.desk.snapshot.open?.messages ?? [])).toBe("All is well.");
	});

	test("an overload that does not end is given up, and asked again by a person", async () => {
		agent.server.script(...Array.from({ length: 6 }, () => overloaded));
		await agent.ask("hello");
		expect(agent.server.asked).toHaveLength(6);
		expect(notices()).toMatchObject([{ level: "error", action: "retry", text: expect.stringMatching(/overloaded/) }]);
		script(fine);
		await agent.desk.goOn();
		await untilIdle(agent.desk);
		expect(textOf(agent.desk.snapshot.open?.messages ?? [])).toBe("All is well.");
	});

	test.each<[string, Reply, readonly number[], RegExp | null]>([
		[
			"a rate limit is waited for as long as it asks",
			{ status: 429, headers: { "retry-after": "7" }, error: { type: "rate_limit_error", message: "slow down" } },
			[7_000],
			null,
		],
		[
			"one that asks for an hour is not waited for, and says when",
			{ status: 429, headers: { "retry-after": "3600" }, error: { type: "rate_limit_error", message: "slow down" } },
			[],
			/in 60 minutes/,
		],
		[
			"a limit of spending is never tried again",
			{ status: 429, error: { type: "rate_limit_error", message: "Your credit balance is too low" } },
			[],
			/credit balance is too low/,
		],
		[
			"a key that is refused is not tried again",
			{ status: 401, error: { type: "authentication_error", message: "invalid" } },
			[],
			/does not accept this key/,
		],
		[
			"what the service refuses is said in its words",
			{ status: 400, error: { type: "invalid_request_error", message: "bad image" } },
			[],
			/bad image/,
		],
		[
			"an error inside the service is tried again",
			{ status: 500, error: { type: "api_error", message: "oops" } },
			[750],
			null,
		],
	])("%s", async (_, reply, slept, said) => {
		script(reply, fine);
		await agent.ask("hello");
		expect(agent.clock.slept).toEqual(slept);
		expect(agent.server.asked).toHaveLength(slept.length + 1);
		if (said) expect(notices().at(-1)?.text).toMatch(said);
		else expect(textOf(agent.desk.snapshot.open?.messages ?? [])).toBe("All is well.");
	});

	const faults: readonly (readonly [string, (at: number) => Reply])[] = [
		["cut off", (at) => ({ ...long, cutAfter: at })],
		["ended by an error event", (at) => ({ ...long, errorAfter: at })],
		["silent", (at) => ({ ...long, silentAfter: at })],
	];
	test.each(faults)("a stream that is %s at any event goes on, and no word is lost", async (_, faulty) => {
		for (const at of [1, 3, 5, 7, 9]) {
			await agent.desk.begin({ jobId: null });
			agent.server.clear();
			// The most that ever stood on the screen before the second request.
			let shown = "";
			const watching = agent.desk.onDidChange(() => {
				const text = textOf(agent.desk.snapshot.open?.messages ?? []);
				if (agent.server.left > 0 && text.length > shown.length) shown = text;
			});
			script(faulty(at), (seen) => ({ blocks: [{ text: `(${seen.body.messages.length})` }] }));
			const messages = await agent.ask("why?");
			watching.dispose();
			expect(textOf(messages)).toBe(`${shown}(${shown === "" ? 1 : 3})`);
			if (shown !== "") expect(notices()[0]).toMatchObject({ level: "warning" });
		}
	});

	test("pings alone are signs of life, and a service that only pings can be stopped", async () => {
		script({ pingsOnlyMs: 50 });
		await agent.desk.send(promptOf("hello"));
		await until(agent.desk, () => agent.desk.snapshot.open?.lastHeardMs != null);
		const first = agent.desk.snapshot.open?.lastHeardMs ?? 0;
		await until(agent.desk, () => (agent.desk.snapshot.open?.lastHeardMs ?? 0) > first + 600);
		expect(agent.desk.snapshot.open?.activity.kind).toBe("waiting");
		agent.desk.stop();
		await untilIdle(agent.desk);
		expect(agent.server.asked).toHaveLength(1);
	});

	test("no tool runs of a call that was cut, broken or unknown; the next request is valid", async () => {
		const cases: readonly Reply[] = [
			{ blocks: [{ tool: "echo", input: { words: "a long input, cut in its middle" } }], cutAfter: 5 },
			{ blocks: [{ tool: "echo", json: '{"words": "unend' }] },
			{ blocks: [{ tool: "echo", json: '["no object"]' }] },
			{ blocks: [{ tool: "echo", input: { words: "whole, and yet" } }], stop: "max_tokens" },
			{ blocks: [{ tool: "nowhere", input: {} }] },
		];
		for (const reply of cases) {
			await agent.desk.begin({ jobId: null });
			agent.server.clear();
			script(reply, fine);
			expect(textOf(await agent.ask("go"))).toBe("All is well.");
			expect(agent.server.left).toBe(0);
			expect(partsOf(agent.desk.snapshot.open?.messages ?? [], "tool")[0]?.state).toMatch(/stopped|failed|denied/);
		}
		expect(ran).toEqual([]);
	});

	test("two calls of one id: the first is run, the second is not", async () => {
		const call = (words: string) => ({ tool: "echo", id: "same", input: { words } });
		script({ blocks: [call("one"), call("two")] }, fine);
		await agent.ask("go");
		expect(ran).toEqual(['{"words":"one"}']);
		expect(agent.server.asked).toHaveLength(2);
		expect(textOf(agent.desk.snapshot.open?.messages ?? [])).toBe("All is well.");
	});

	test("an answer cut by its length goes on by itself; a refusal and a full context are said", async () => {
		script({ blocks: [{ text: "one " }], stop: "max_tokens" }, { blocks: [{ text: "two" }] });
		expect(textOf(await agent.ask("count"))).toBe("one two");
		script({ blocks: [{ text: "No." }], stop: "refusal" });
		await agent.ask("something bad");
		expect(notices().at(-1)).toMatchObject({ action: "chooseModel", text: expect.stringMatching(/declined/) });
		script({ blocks: [{ text: "a" }], stop: "pause_turn" }, { blocks: [{ text: "b" }] });
		expect(textOf(await agent.ask("pause")).endsWith("ab")).toBe(true);
		script(
			{ status: 413, error: { type: "request_too_large", message: "too large" } },
			{ blocks: [{ text: "SUMMARY" }] },
			fine,
		);
		await agent.ask("more");
		expect(notices().some(({ text }) => text.includes("summarised"))).toBe(false);
		expect(agent.desk.snapshot.open?.messages.some(({ id }) => id.startsWith("summary-"))).toBe(true);
		expect(textOf(agent.desk.snapshot.open?.messages.slice(-1) ?? [])).toBe("All is well.");
	});

	test("a model that calls tools without end is held up for a person to let it go on", async () => {
		agent.server.otherwise = { blocks: [{ tool: "echo", input: {} }] };
		await agent.ask("for ever");
		expect(ran).toHaveLength(25);
		expect(notices().at(-1)).toMatchObject({ action: "continue", text: "25 tools were used for this prompt. Go on?" });
		agent.server.otherwise = fine;
		await agent.desk.goOn();
		await untilIdle(agent.desk);
		expect(textOf(agent.desk.snapshot.open?.messages ?? [])).toBe("All is well.");
	});

	test("what is kept survives the window's end in mid-answer, and a file that is damaged is put aside", async () => {
		const never = new Promise<void>(() => {});
		script({
			blocks: [{ text: "It was the learning rate, I think." }],
			gate: (event) => (event === 5 ? never : undefined),
		});
		await agent.desk.send(promptOf("a prompt to be found"));
		await until(agent.desk, () => textOf(agent.desk.snapshot.open?.messages ?? []).length > 10);
		const id = agent.desk.snapshot.open?.id ?? "";
		const open = agent.desk.snapshot.open;
		// As a crash leaves it: kept in mid-answer, and never told of its end.
		await agent.store.save({ conversation: open as never, messages: [...(open?.messages ?? [])] });
		const other = await agent.again();
		await other.open(id);
		const messages = other.snapshot.open?.messages ?? [];
		expect(textOf(messages)).toMatch(/^It was the/);
		expect(partsOf(messages, "notice").at(-1)).toMatchObject({
			action: "continue",
			text: expect.stringMatching(/closed/),
		});
		expect(await other.search("PROMPT found")).toEqual([id]);
		expect(await other.export(id)).toContain("## You\n\na prompt to be found");
		await other.rename(id, "Learning rate");
		expect(other.snapshot.conversations[0]?.title).toBe("Learning rate");
		agent.desk.stop();
		await untilIdle(agent.desk);

		writeFileSync(join(agent.folder, "broken.json"), '{"conversation":');
		const third = await agent.again({
			logger: {
				...(await import("../../support/testLogger")).testLogger,
				warn: (_, details) => void ran.push(String(details?.file)),
			},
		});
		expect(ran.at(-1)).toBe("broken.json.damaged");
		expect(readFileSync(join(agent.folder, "broken.json.damaged"), "utf8")).toBe('{"conversation":');
		await third.delete(id);
		expect(readdirSync(agent.folder).some((name) => name.startsWith(id))).toBe(false);
		for (const desk of [other, third]) desk.dispose();
	});
});
