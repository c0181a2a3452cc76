import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../../server/database/database";
import { connectPostgres } from "../../../server/database/postgres";
import { AnthropicClaude } from "../../../src/adapters/anthropic/anthropicClaude";
import type { ClaudeEvent, ClaudeRequest } from "../../../src/core/agent/claude";
import { ClaudeServer } from "../../support/claudeServer";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { accessToken, type RelayUnderTest, sharedRelay, startTestRelay } from "../../support/relay";
import { testLogger } from "../../support/testLogger";
import { makePeople, makeProject, type ProjectFixture, people, sha } from "../../support/userRoutes";

const request: ClaudeRequest = {
	...{ model: "claude-sonnet-5-5", system: "You are Gamma.", tools: [], mayUseTools: true },
	...{ maxTokens: 1_000, thinking: "adaptive" },
	messages: [
		{ role: "user", content: [{ type: "text", text: "Why? My key is ghp_0123456789abcdefghijABCDEFGHIJ0123" }] },
	],
};

describe.skipIf(!postgresFolder)("the agent on the organisation's key (needs PostgreSQL)", () => {
	let claude: ClaudeServer;
	let postgres: PostgresServer;
	let relay: RelayUnderTest;
	let database: Database;
	let project: ProjectFixture;
	beforeAll(async () => {
		claude = await ClaudeServer.start();
		postgres = await startPostgres();
		relay = await startTestRelay({
			...sharedRelay(postgres),
			...{ ANTHROPIC_API_KEY: claude.key, ANTHROPIC_BASE_URL: claude.url },
		});
		database = connectPostgres(postgres.url, testLogger);
		await makePeople(database, Object.values(people));
		project = await makeProject(database, {
			...{ [people.owner]: "owner", [people.member]: "member", [people.viewer]: "viewer" },
		});
	});
	afterAll(async () => {
		await database?.close();
		await relay?.close();
		await postgres?.stop();
		await claude?.close();
	});
	beforeEach(() => claude.clear());
	const through = async (who: keyof typeof people) => {
		const token = await accessToken(people[who]);
		const via = { url: relay.url, projectId: project.projectId, token: async () => token };
		return new AnthropicClaude({ apiKey: "unused", baseUrl: null, via });
	};
	const eventsOf = async (who: keyof typeof people, signal = new AbortController().signal) => {
		const events: ClaudeEvent[] = [];
		for await (const event of (await through(who)).stream(request, { signal, onHeard: () => {} })) events.push(event);
		return events;
	};

	test("streams an answer to a member, through the vendor's SDK, and shows nobody the key", async () => {
		claude.script({ blocks: [{ thinking: "Hm." }, { text: "It was the learning rate." }] });
		const events = await eventsOf("member");
		expect(events.at(-1)).toMatchObject({ kind: "ended", stop: "end_turn" });
		expect(events.map((event) => (event.kind === "text" ? event.text : "")).join("")).toBe(
			"Hm.It was the learning rate.",
		);
		const [seen] = claude.asked;
		expect(seen?.headers["x-api-key"]).toBe(claude.key);
		expect(seen?.headers.authorization).toBeUndefined();
		expect(seen?.text).toContain("[secret left out]");
		expect(seen?.text).not.toContain("ghp_");
		expect((await (await through("owner")).models()).map(({ id }) => id)).toContain("claude-haiku-4-5");
		expect(relay.log.join("\n")).not.toContain(claude.key);
		expect(relay.log.join("\n")).not.toContain("learning rate");
	});

	test("a viewer may not, a stranger sees nothing, and nobody is asked without a token", async () => {
		const body = { model: "m", max_tokens: 10, messages: [{ role: "user", content: "hi" }] };
		const ask = async (who: keyof typeof people | null, path: string, given: unknown = body) =>
			(await relay.ask("POST", path, { token: who && (await accessToken(people[who])), body: given })).status;
		for (const [path, given] of [
			[`/api/agent/chat/${project.projectId}`, body],
			[`/api/agent/summary/${project.projectId}/${sha}`, { diff: "+lr" }],
		] as const) {
			expect(await ask("viewer", path, given)).toBe(403);
			expect(await ask("stranger", path, given)).toBe(404);
			expect(await ask(null, path, given)).toBe(401);
		}
		expect(await ask("member", `/api/agent/chat/${project.projectId}`, { ...body, messages: [] })).toBe(400);
		expect(await ask("member", `/api/agent/chat/${project.projectId}`, { ...body, max_tokens: 1e9 })).toBe(400);
		expect(claude.seen).toEqual([]);
	});

	test("what the service refuses becomes the relay's own problem, and a cut stays a cut", async () => {
		const problem = async () => {
			const last = (await eventsOf("member")).at(-1);
			return last?.kind === "failed" ? last.problem : null;
		};
		claude.script(
			{ status: 529 },
			{ status: 429, headers: { "retry-after": "9" }, error: { type: "rate_limit_error", message: "slow" } },
		);
		expect(await problem()).toMatchObject({ code: "agent.busy", canRetry: true });
		expect(await problem()).toMatchObject({ code: "agent.busy", canRetry: true, retryAfterMs: 9_000 });
		claude.script({ status: 401, error: { type: "authentication_error", message: claude.key } });
		const refused = await problem();
		expect(refused).toMatchObject({ code: "agent.refused", canRetry: false });
		expect(refused?.message).toContain("ANTHROPIC_API_KEY has to be renewed");
		expect(JSON.stringify(refused)).not.toContain(claude.key);
		claude.script({ blocks: [{ text: "It was the learning rate." }], cutAfter: 5 });
		expect(await problem()).toMatchObject({ code: "agent.unreachable", canRetry: true });
	});

	test("each way in which the relay does not answer says what it is and what helps", async () => {
		const problemOf = async (who: keyof typeof people) => {
			const last = (await eventsOf(who)).at(-1);
			return last?.kind === "failed" ? last.problem : null;
		};
		expect(await problemOf("viewer")).toMatchObject({ code: "agent.noKey", canRetry: false, remedy: "setKey" });
		expect((await problemOf("viewer"))?.message).toContain("viewer");
		expect(await problemOf("stranger")).toMatchObject({ code: "agent.noKey", remedy: "setKey" });
		claude.script({ status: 402, error: { type: "billing_error", message: "no credit" } });
		expect(await problemOf("member")).toMatchObject({ code: "agent.refused", canRetry: false, remedy: "setKey" });
		claude.script({ status: 429, error: { type: "rate_limit_error", message: "the month's limit" } });
		const spent = await problemOf("member");
		expect(spent).toMatchObject({ code: "agent.refused", canRetry: false });
		expect(spent?.message).toContain("the month's limit");
		claude.script({ status: 400, error: { type: "invalid_request_error", message: "prompt is too long: 9 > 5" } });
		expect(await problemOf("member")).toMatchObject({ code: "agent.tooLong" });
		const signedOut = new AnthropicClaude({
			...{ apiKey: "unused", baseUrl: null },
			via: { url: relay.url, projectId: project.projectId, token: async () => "no.such.token" },
		});
		await expect(signedOut.models()).rejects.toMatchObject({
			code: "agent.noKey",
			message: expect.stringContaining("sign in"),
		});
	});

	test("tokens are counted by the service, without secrets", async () => {
		claude.tokens = 1_234;
		expect(await (await through("member")).countTokens(request)).toBe(1_234);
		expect(claude.seen.at(-1)).toMatchObject({ path: "/v1/messages/count_tokens" });
		expect(claude.seen.at(-1)?.text).not.toContain("ghp_");
		await expect((await through("stranger")).countTokens(request)).rejects.toMatchObject({ code: "agent.noKey" });
	});

	test("whoever leaves takes their question back, and one person cannot take all", async () => {
		const never = new Promise<void>(() => {});
		const leaving = new AbortController();
		claude.otherwise = { blocks: [{ text: "long" }], gate: () => never };
		const open = Array.from({ length: 4 }, () => eventsOf("member", leaving.signal));
		await expect.poll(() => claude.asked.length).toBe(4);
		const last = (await eventsOf("member")).at(-1);
		expect(last).toMatchObject({ kind: "failed", problem: { code: "agent.busy", retryAfterMs: 5_000 } });
		expect(claude.asked).toHaveLength(4);
		leaving.abort();
		await Promise.all(open);
		claude.otherwise = { blocks: [{ text: "Here." }] };
		await expect.poll(async () => (await eventsOf("member")).at(-1)?.kind).toBe("ended");
	});

	test("says in words what a commit changes, keeps it, and says it anew", async () => {
		const token = await accessToken(people.member);
		const url = `/api/agent/summary/${project.projectId}/${sha}`;
		claude.script({ json: { model: "claude-haiku-5-5", content: [{ type: "text", text: "It doubles the batch." }] } });
		const made = await relay.ask("POST", url, { token, body: { diff: "+batch = 64", message: "double it" } });
		expect(made).toMatchObject({ status: 200, body: { summary: "It doubles the batch.", model: "claude-haiku-5-5" } });
		const kept = await relay.ask("GET", `/api/projects/${project.projectId}/summaries/${sha}`, { token });
		expect(kept.body).toEqual(made.body);
		claude.script({ json: { model: "m", content: [] } });
		expect((await relay.ask("POST", url, { token, body: { diff: "x" } })).status).toBe(502);
	});

	test("a relay without a key says so", async () => {
		const bare = await startTestRelay();
		const { body } = await bare.ask("POST", "/api/projects", { body: { name: "p", repository: "a/b" } });
		const chat = { model: "m", max_tokens: 10, messages: [{ role: "user", content: "hi" }] };
		const answer = await bare.ask("POST", `/api/agent/chat/${body.id}`, { body: chat });
		expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/ANTHROPIC_API_KEY/) } });
		await bare.close();
	});
});
