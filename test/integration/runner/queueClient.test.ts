import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RelayProblem } from "../../../src/adapters/relay/relayProblem";
import { QueueClient } from "../../../src/adapters/runner/queueClient";
import { GammaError } from "../../../src/shared/errors";

/** A fake: a real relay gives none of these answers on demand. */
let server: Server;
let answer: (response: ServerResponse) => void;
const asked: { path: string; authorization: string }[] = [];
let client: QueueClient;
beforeAll(async () => {
	server = createServer((request, response) => {
		asked.push({ path: request.url ?? "", authorization: request.headers.authorization ?? "" });
		request.resume().on("end", () => answer(response));
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	client = new QueueClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`, "t");
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

const held = { jobId: "job", lease: "7" };
const problem = (detail: string, more = {}) => JSON.stringify({ title: "x", detail, ...more });

function says(status: number, body: string, headers: Record<string, string> = {}): void {
	answer = (response) => response.writeHead(status, headers).end(body);
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
	return work.then(
		() => "no failure",
		(error: unknown) => error,
	);
}

test.each([
	[409, problem("The lease is lost."), "lease.lost"],
	[404, problem("There is nothing here that you may see."), "lease.lost"],
	[404, "<html>no such page</html>", "relay.refused"],
	[401, problem("who?"), "relay.unauthorized"],
	[400, problem("odd"), "relay.refused"],
	[413, problem("too large"), "relay.refused"],
	[429, problem("slow down"), "relay.refused"],
	[500, problem("x"), "relay.unreachable"],
	[502, "<html>", "relay.unreachable"],
	[302, "", "relay.refused"],
	[200, "<html>hotel wifi</html>", "relay.refused"],
	[200, "{}", "relay.refused"],
])("an answer of %d %s to a heartbeat is %s", async (status, body, code) => {
	says(status, body, { location: "http://127.0.0.1:1/elsewhere" });
	const failure = await failureOf(client.heartbeat(held, {}));
	expect(GammaError.is(failure) ? failure.code : failure).toBe(code);
	expect(asked.at(-1)).toEqual({ path: "/prefix/api/queue/job/heartbeat", authorization: "Bearer t" });
});

test("a relay that asks for time says how much", async () => {
	says(503, problem("the database is away"), { "retry-after": "7" });
	const failure = await failureOf(client.complete(held, { status: "completed" }));
	expect(failure instanceof RelayProblem && [failure.code, failure.retryAfterMs]).toEqual(["relay.unreachable", 7_000]);
	expect(failure instanceof Error && failure.message).toBe("the database is away");
});

test("an append hears how long the log is, also where bytes are missing; a lost lease is no gap", async () => {
	says(200, '{"sizeBytes": 12}');
	expect(await client.append(held, 4, new Uint8Array(8))).toBe(12);
	expect(asked.at(-1)?.path).toBe("/prefix/api/jobs/job/log?offset=4&lease=7");
	says(409, problem("The log has 3 bytes: go on from there.", { offset: 3 }));
	expect(await client.append(held, 4, new Uint8Array(8))).toBe(3);
	says(409, problem("The lease is lost."));
	expect(GammaError.is(await failureOf(client.append(held, 4, new Uint8Array(8))), "lease.lost")).toBe(true);
});

test("a claim is a job, or none; a question that is taken back is cancelled", async () => {
	const runner = { runner: "r", labels: [] };
	says(204, "");
	expect(await client.claim(runner, 0, new AbortController().signal)).toBeNull();
	says(200, '{"job": {"id": "half an answer"}}');
	expect(GammaError.is(await failureOf(client.claim(runner, 0, new AbortController().signal)), "relay.refused")).toBe(
		true,
	);
	answer = () => {};
	const gone = new AbortController();
	const waiting = failureOf(client.claim(runner, 60_000, gone.signal));
	gone.abort();
	expect(GammaError.is(await waiting, "call.cancelled")).toBe(true);
});

test("a relay that breaks off or is not there is unreachable, and the error names no token", async () => {
	answer = (response) => response.destroy();
	const broken = await failureOf(client.heartbeat(held, {}));
	const nobody = await failureOf(new QueueClient("http://127.0.0.1:1", "s3cret").heartbeat(held, {}));
	for (const failure of [broken, nobody]) {
		expect(GammaError.is(failure, "relay.unreachable")).toBe(true);
		expect(String(failure)).not.toContain("s3cret");
	}
});

test.each(["", "x", "file:///x", "127.0.0.1:80"])("%j is no address of a relay", (url) => {
	expect(() => new QueueClient(url, "t")).toThrow(/starts with http/);
});

test.each(["", "a b", "a\nb", "tökén"])("%j is no token", (token) => {
	expect(() => new QueueClient("http://x", token)).toThrow(/is one word/);
});
