import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawRequest } from "../../support/rawRequest";
import { type RelayUnderTest, startTestRelay } from "../../support/relay";
import { sign } from "../../support/webhooks";

const large = 25 * 1_048_576;
const github = "/api/webhooks/github";

describe("bodies that never end, or are not what they seem", () => {
	let relay: RelayUnderTest;
	beforeAll(async () => {
		relay = await startTestRelay();
	});
	afterAll(() => relay?.close());
	const head = (path: string, headers: Readonly<Record<string, string>>) =>
		[
			`POST ${path} HTTP/1.1`,
			"Host: relay",
			`Authorization: Bearer ${relay.token}`,
			"Content-Type: application/json",
			"X-GitHub-Event: push",
			...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
			"\r\n",
		].join("\r\n");
	const problemOf = (text: string) => JSON.parse(text) as Record<string, unknown>;

	test.each([github, "/api/projects"])("a byte a second to %s is given up in time", async (path) => {
		const { status, body, ms } = await rawRequest(relay.url, async (send) => {
			await send(head(path, { "Content-Length": "1000" }));
			for (let sent = 0; sent < 900 && (await send(" ")); sent++) await wait(1_000);
		});
		expect(status).toBe(408);
		expect(problemOf(body)).toMatchObject({ status: 408, title: "Request Timeout", type: "about:blank" });
		expect(ms).toBeGreaterThan(10_000);
		// 15 s, and what a busy machine adds; Node's own limits are 60 s and 300 s.
		expect(ms).toBeLessThan(40_000);
	});

	test("headers that never end are given up too, and nobody waits for them meanwhile", async () => {
		const slow = rawRequest(relay.url, async (send) => {
			await send(`POST ${github} HTTP/1.1\r\n`);
			for (let sent = 0; sent < 900 && (await send(`X-${sent}: 1\r\n`)); sent++) await wait(1_000);
		});
		expect((await relay.ask("GET", "/api/health")).status).toBe(200);
		expect((await slow).status).toBe(408);
	});

	test("one that tells no length is cut off at the limit, and one that tells too much at once", async () => {
		const chunk = Buffer.alloc(1 << 20, " ");
		const piece = Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n")]);
		const chunked = await rawRequest(relay.url, async (send) => {
			await send(head(github, { "Transfer-Encoding": "chunked" }));
			// One more than is taken: what is sent after the answer could sweep it away.
			for (let sent = 0; sent < 26; sent++) await send(piece);
		});
		expect(chunked.status).toBe(413);
		const told = await rawRequest(relay.url, async (send) => {
			await send(head(github, { "Content-Length": String(large + 1) }));
		});
		expect(told.status).toBe(413);
		expect(problemOf(told.body)).toMatchObject({ status: 413 });
	});

	test("a packed one is refused unread, signed or not", async () => {
		const bomb = gzipSync(Buffer.alloc(100 << 20));
		for (const path of [github, "/api/projects", "/api/nothing"]) {
			const response = await fetch(`${relay.url}${path}`, {
				method: "POST",
				headers: {
					authorization: `Bearer ${relay.token}`,
					"content-type": "application/json",
					"content-encoding": "gzip",
					"x-github-event": "push",
					"x-hub-signature-256": sign(bomb),
				},
				body: bomb,
			});
			expect(response.status, path).toBe(415);
			expect(await response.json()).toMatchObject({ status: 415 });
		}
		const asItIs = await relay.ask("POST", "/api/projects", {
			headers: { "content-encoding": "identity" },
			body: { name: "p", repository: "odd/identity" },
		});
		expect(asItIs.status).toBe(201);
	});

	test("what is no HTTP is a problem like any other", async () => {
		const none = await rawRequest(relay.url, async (send) => {
			await send("HELLO THERE\r\n\r\n");
		});
		expect(none.status).toBe(400);
		expect(problemOf(none.body)).toMatchObject({ status: 400, title: "Bad Request" });
		const wide = await rawRequest(relay.url, async (send) => {
			await send(head("/api/projects", { "X-Wide": "x".repeat(100_000) }));
		});
		expect(wide.status).toBe(431);
	});
});
