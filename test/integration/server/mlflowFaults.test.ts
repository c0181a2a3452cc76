import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RelayUnderTest, startTestRelay } from "../../support/relay";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What a real MLflow server does not do on demand. */
describe("an MLflow server behind the relay that misbehaves", () => {
	let server: Server;
	let relay: RelayUnderTest;
	let answer: Answer = () => {};
	beforeAll(async () => {
		server = createServer((request, response) => answer(request, response));
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const at = `http://user:password@127.0.0.1:${(server.address() as AddressInfo).port}`;
		relay = await startTestRelay({ MLFLOW_TRACKING_URI: at });
	});
	afterAll(async () => {
		await relay?.close();
		server?.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});
	const path = "/api/mlflow/get-artifact?run_id=r&path=model.bin";
	const download = () => fetch(`${relay.url}${path}`, { headers: { authorization: `Bearer ${relay.token}` } });

	test("is given up when it is silent, before its answer and within it", async () => {
		answer = (request, response) => {
			if (request.url?.startsWith("/get-artifact")) response.writeHead(200).write("the beginning");
		};
		const [silent, halfway] = await Promise.all([
			relay.ask("GET", "/api/experiments"),
			download().then((response) => response.text().then(String, () => "broken off")),
		]);
		expect(silent.status).toBe(503);
		expect(halfway).toBe("broken off");
	});

	test("hears when whoever asked is gone", async () => {
		let isCut = false;
		answer = (_, response) => {
			response.once("close", () => {
				isCut = true;
			});
			response.writeHead(200).write("the beginning");
		};
		const gone = new AbortController();
		const response = await fetch(`${relay.url}${path}`, {
			headers: { authorization: `Bearer ${relay.token}` },
			signal: gone.signal,
		});
		await response.body?.getReader().read();
		gone.abort();
		await expect.poll(() => isCut).toBe(true);
	});

	test("passes on no endless answer, no cookie and no redirect", async () => {
		answer = (_, response) => {
			response.writeHead(200, { "content-length": String(300 << 20), "content-type": "application/json" }).write("{");
		};
		const endless = await relay.ask("GET", "/api/mlflow/runs/get?run_id=r");
		expect(endless.status).toBe(502);
		expect(endless.body).toMatchObject({ detail: expect.stringContaining("larger than") });

		answer = (_, response) => {
			const headers = { "set-cookie": "session=1", "www-authenticate": "Basic", server: "gunicorn", "x-secret": "1" };
			response.writeHead(200, { ...headers, "content-type": "text/html" }).end("{}");
		};
		const plain = await relay.ask("GET", "/api/mlflow/runs/get?run_id=r");
		expect(plain.status).toBe(200);
		for (const name of ["set-cookie", "www-authenticate", "server", "x-secret"])
			expect(plain.headers.has(name)).toBe(false);
		expect(plain.headers.get("content-type")).toMatch(/^application\/json/);

		const seen: (string | undefined)[] = [];
		const elsewhere = createServer((request, response) => {
			seen.push(request.headers.authorization);
			response.end("{}");
		});
		await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
		const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
		answer = (_, response) => void response.writeHead(302, { location }).end();
		expect((await relay.ask("GET", "/api/mlflow/runs/get?run_id=r")).status).toBe(502);
		expect(seen).toEqual([]);
		elsewhere.closeAllConnections();
		await new Promise((resolve) => elsewhere.close(resolve));
	});

	test.each([
		[401, "", 502],
		[403, "<html>", 502],
		[500, "Traceback", 503],
		[429, "", 503],
		[404, JSON.stringify({ error_code: "RESOURCE_DOES_NOT_EXIST", message: "No run" }), 404],
		[400, JSON.stringify({ error_code: "INVALID_PARAMETER_VALUE", message: "Bad filter" }), 400],
	])("its own %i (%s) is answered %i, and names neither it nor its password", async (status, body, expected) => {
		answer = (_, response) => void response.writeHead(status, { "retry-after": "0" }).end(body);
		const answered = await relay.ask("GET", "/api/mlflow/runs/get?run_id=r");
		expect(answered.status).toBe(expected);
		if (status === 404 || status === 400) expect(answered.body).toEqual(JSON.parse(body));
		const port = String((server.address() as AddressInfo).port);
		expect(JSON.stringify(answered.body)).not.toContain(port);
		expect(JSON.stringify(answered.body)).not.toContain("password");
	});
});
