import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MlflowServerStore } from "../../../src/adapters/mlflow/serverStore";
import type { StoreAuth } from "../../../src/core/stores/trackingStore";
import { freePort } from "../../support/mlflowServer";

/** A server that answers what a real MLflow will not do on demand. */
type Script = (request: IncomingMessage, body: string, response: ServerResponse) => void;

let server: Server;
let url: string;
let script: Script;
let requests: { path: string; headers: IncomingMessage["headers"]; body: string }[];

beforeEach(async () => {
	requests = [];
	server = createServer(async (request, response) => {
		let body = "";
		for await (const chunk of request) body += String(chunk);
		requests.push({ path: request.url ?? "", headers: request.headers, body });
		script(request, body, response);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

const json = (response: ServerResponse, value: unknown, status = 200) =>
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));

function open(options: { url?: string; auth?: StoreAuth; headers?: Record<string, string>; timeoutMs?: number } = {}) {
	return new MlflowServerStore({ id: "s", url, label: "server", timeoutMs: 400, ...options });
}

/** The code and sentence a person would see. */
async function failure(store: MlflowServerStore): Promise<{ code: string; message: string }> {
	const error: unknown = await store.experiments().then(
		() => undefined,
		(reason: unknown) => reason,
	);
	expect(error).toMatchObject({ name: "GammaError" });
	return error as { code: string; message: string };
}

describe("signing in", () => {
	beforeEach(() => {
		script = (_request, _body, response) => json(response, {});
	});

	test.each([
		[
			{ kind: "basic", username: "ana", password: "pä:55" } as const,
			`Basic ${Buffer.from("ana:pä:55").toString("base64")}`,
		],
		[{ kind: "bearer", token: "t0ken" } as const, "Bearer t0ken"],
		[{ kind: "none" } as const, undefined],
	])("sends what %o needs", async (auth, authorization) => {
		expect(await open({ auth }).experiments()).toEqual([]);
		expect(requests[0]?.headers.authorization).toBe(authorization);
	});

	test("takes a user and password out of the address, and never shows them", async () => {
		const store = open({ url: url.replace("//", "//ana:p%2055@") });
		expect(store.uri).toBe(url);
		await store.experiments();
		expect(requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from("ana:p 55").toString("base64")}`);
	});

	test("sends further headers, below a prefix of the address", async () => {
		await open({ url: `${url}/ml/flow/`, headers: { "X-Team": "vision" } }).experiments();
		expect(requests[0]?.headers["x-team"]).toBe("vision");
		expect(requests[0]?.path).toBe("/ml/flow/api/2.0/mlflow/experiments/search");
	});

	test.each([401, 403])("a %i says to check the settings, and holds no secret", async (status) => {
		script = (_request, _body, response) => response.writeHead(status).end("no");
		const { code, message } = await failure(open({ auth: { kind: "bearer", token: "s3cret" } }));
		expect(code).toBe("store.refused");
		expect(message).toMatch(/^The MLflow server 127\.0\.0\.1:\d+ refuses the request \(40[13]\)/);
		expect(message).not.toContain("s3cret");
	});

	test.each(["ftp://host", "not an address", ""])("the address %j is refused", (address) => {
		expect(() => open({ url: address })).toThrow(expect.objectContaining({ code: "settings.invalid" }));
	});

	test("a header that HTTP forbids is refused without quoting it", () => {
		const make = () => open({ headers: { "X-Token": "s3cret\nX-Other: 1" } });
		expect(make).toThrow(expect.objectContaining({ code: "settings.invalid" }));
		expect(make).not.toThrow(/s3cret/);
	});
});

describe("a server in trouble", () => {
	test("is asked again after 429 and 503, when it says so", async () => {
		const answers = [429, 503];
		script = (_request, _body, response) => {
			const status = answers.shift();
			if (status === undefined) json(response, { experiments: [{ experiment_id: "1", name: "demo" }] });
			else response.writeHead(status, { "retry-after": "0" }).end();
		};
		expect((await open().experiments()).map(({ name }) => name)).toEqual(["demo"]);
		expect(requests.length).toBe(3);
	});

	test("is given up after four tries", async () => {
		script = (_request, _body, response) => response.writeHead(502, { "retry-after": "0" }).end("<html>");
		expect(await failure(open())).toMatchObject({
			code: "store.unreachable",
			message: expect.stringMatching(/fails \(502\)/),
		});
		expect(requests.length).toBe(4);
	});

	test("is asked once at a time while it is down, and as patiently as before once it has answered", async () => {
		let status = 502;
		script = (_request, _body, response) =>
			status === 200 ? json(response, {}) : response.writeHead(status, { "retry-after": "0" }).end();
		const store = open();
		const asked = async () => {
			const before = requests.length;
			await store.experiments().catch(() => undefined);
			return requests.length - before;
		};
		expect([await asked(), await asked(), await asked()]).toEqual([4, 1, 1]);
		status = 200;
		expect(await asked()).toBe(1);
		status = 502;
		expect([await asked(), await asked()]).toEqual([4, 1]);
	});

	test("is busy when it says so four times", async () => {
		script = (_request, _body, response) => response.writeHead(429, { "retry-after": "0" }).end();
		expect((await failure(open())).code).toBe("store.busy");
	});

	test("may close the connection once", async () => {
		script = (request, _body, response) => {
			if (requests.length === 1) request.socket.destroy();
			else json(response, {});
		};
		expect(await open().experiments()).toEqual([]);
	});

	test.each<[string, Script]>([
		["says nothing", () => {}],
		[
			"stops in the middle of an answer",
			(_request, _body, response) => response.writeHead(200).write('{"experiments": ['),
		],
	])("that %s is given up in time", async (_name, silent) => {
		script = silent;
		const startMs = performance.now();
		expect(await failure(open())).toMatchObject({
			code: "store.unreachable",
			message: expect.stringMatching(/in time/),
		});
		expect(performance.now() - startMs).toBeLessThan(3000);
	});

	test("that answers slowly but steadily is waited for", async () => {
		script = (_request, _body, response) => {
			const text = JSON.stringify({ experiments: [{ experiment_id: "1", name: "slow" }] });
			response.writeHead(200);
			let at = 0;
			const timer = setInterval(() => {
				response.write(text.slice(at, at + 10));
				at += 10;
				if (at < text.length) return;
				clearInterval(timer);
				response.end();
			}, 120);
		};
		expect((await open().experiments()).map(({ name }) => name)).toEqual(["slow"]);
	});

	test("that is not running says so", async () => {
		const port = await freePort();
		const { code, message } = await failure(open({ url: `http://ana:s3cret@127.0.0.1:${port}` }));
		expect(code).toBe("store.unreachable");
		expect(message).toBe(`The MLflow server 127.0.0.1:${port} is not running (connection refused).`);
	});

	test("a question that is withdrawn ends at once, not after its retries", async () => {
		script = (_request, _body, response) => response.writeHead(503, { "retry-after": "60" }).end();
		const abort = new AbortController();
		setTimeout(() => abort.abort(), 100);
		const startMs = performance.now();
		await expect(open().experiments(abort.signal)).rejects.toThrow(/abort/i);
		expect(performance.now() - startMs).toBeLessThan(2000);
	});
});

describe("what is no MLflow server", () => {
	test("a login page is named as such", async () => {
		script = (_request, _body, response) =>
			response.writeHead(200, { "content-type": "text/html" }).end("<h1>Sign in</h1>");
		expect(await failure(open())).toMatchObject({
			code: "store.refused",
			message: expect.stringMatching(/a web page instead of MLflow/),
		});
	});

	test("a redirect to a login page elsewhere is not followed, and no credentials go there", async () => {
		script = (_request, _body, response) => response.writeHead(302, { location: "http://login.example/?next=x" }).end();
		const { code, message } = await failure(open({ auth: { kind: "bearer", token: "s3cret" } }));
		expect(code).toBe("store.refused");
		expect(message).toContain("http://login.example");
		expect(message).not.toContain("s3cret");
	});

	test.each(["file:///etc/passwd", "gopher://x/", "data:text/plain,hello", "::"])(
		"a redirect to %s is not followed",
		async (location) => {
			script = (_request, _body, response) => response.writeHead(302, { location }).end();
			expect((await failure(open())).code).toBe("store.refused");
		},
	);

	test("a redirect on the same host is, but not in circles", async () => {
		script = (request, _body, response) => {
			if (request.url?.startsWith("/new")) json(response, {});
			else response.writeHead(307, { location: `/new${request.url}` }).end();
		};
		expect(await open().experiments()).toEqual([]);
		script = (request, _body, response) => response.writeHead(307, { location: request.url }).end();
		expect((await failure(open())).code).toBe("store.refused");
	});

	test.each<[string, unknown]>([
		["a text", "hello"],
		["null", null],
		["experiments of another shape", { experiments: [{ id: 3 }] }],
		["a list", [1, 2]],
	])("%s as an answer is refused", async (_name, value) => {
		script = (_request, _body, response) => json(response, value);
		expect((await failure(open())).code).toBe("store.refused");
	});

	test("404 for MLflow's paths is refused", async () => {
		script = (_request, _body, response) => response.writeHead(404).end("not found");
		expect((await failure(open())).code).toBe("store.refused");
	});
});

describe("odd answers of real servers", () => {
	const run = { info: { run_id: "r1", experiment_id: "1", status: "RUNNING", start_time: "1700000000000" } };

	test("a server without pages of history gives it at once; one that refuses the size is asked without", async () => {
		script = (request, _body, response) => {
			if (request.url?.includes("max_results"))
				json(response, { error_code: "INVALID_PARAMETER_VALUE", message: "max_results" }, 400);
			else
				json(response, {
					metrics: [
						{ key: "m", value: "NaN", timestamp: "5", step: "2" },
						{ key: "m", value: 1, timestamp: 4, step: 1 },
					],
				});
		};
		const { steps, values } = await open().history("r1", "m");
		expect([[...steps], [...values]]).toEqual([
			[1, 2],
			[1, Number.NaN],
		]);
	});

	test("a server that gives the same page for ever does not hold us", async () => {
		script = (request, _body, response) => {
			if (request.url?.includes("experiments"))
				json(response, { experiments: [{ experiment_id: "1", name: "demo" }], next_page_token: "x" });
			else if (request.url?.includes("history"))
				json(response, { metrics: [{ key: "m", value: 1, timestamp: 1, step: 1 }], next_page_token: "x" });
			else json(response, { runs: [run], next_page_token: "x" });
		};
		const store = open();
		expect((await store.experiments()).length).toBe(1);
		expect((await store.search({ view: "all" })).map(({ id }) => id)).toEqual(["r1", "r1"]);
		expect((await store.history("r1", "m")).steps.length).toBe(2);
	});

	test("a run without data, name or end is a run; one with an unknown status says so", async () => {
		script = (request, _body, response) => {
			if (request.url?.includes("experiments")) json(response, { experiments: [{ experiment_id: "1", name: "demo" }] });
			else
				json(response, {
					runs: [run, { info: { run_uuid: "r2", experiment_id: "1", status: "DREAMING", end_time: 0 } }],
				});
		};
		const [sound, odd] = await open().search({ view: "active" });
		expect(sound).toMatchObject({
			id: "r1",
			name: "",
			startTimeMs: 1700000000000,
			endTimeMs: null,
			params: {},
			problem: null,
		});
		expect(odd).toMatchObject({
			id: "r2",
			status: "FAILED",
			endTimeMs: null,
			problem: expect.stringMatching(/DREAMING/),
		});
	});

	test("a range is a range, whether the server knows ranges or not", async () => {
		const bytes = Buffer.from("0123456789".repeat(1000));
		script = (_request, _body, response) => response.writeHead(200, { "content-length": bytes.length }).end(bytes);
		const { bytes: part, totalBytes } = await open().readArtifact("r1", "a.bin", { offset: 9995, length: 3 });
		expect([new TextDecoder().decode(part), totalBytes]).toEqual(["567", 10_000]);
		script = (request, _body, response) => {
			const [, from = "", to = ""] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
			response
				.writeHead(206, { "content-range": `bytes ${from}-${to}/10000` })
				.end(bytes.subarray(Number(from), Number(to) + 1));
		};
		expect(new TextDecoder().decode((await open().readArtifact("r1", "a.bin", { offset: 2, length: 4 })).bytes)).toBe(
			"2345",
		);
		script = (_request, _body, response) => response.writeHead(416).end();
		expect((await open().readArtifact("r1", "a.bin", { offset: 99_999, length: 4 })).bytes.length).toBe(0);
	});

	test("no path that leaves the run is even asked for", async () => {
		script = (_request, _body, response) => json(response, {});
		for (const path of ["../x", "/etc/passwd", "%2e%2e/x", "a\\b"]) {
			await expect(open().readArtifact("r1", path)).rejects.toMatchObject({ code: "artifact.outside" });
			await expect(open().artifacts("r1", path)).rejects.toMatchObject({ code: "artifact.outside" });
		}
		expect(requests).toEqual([]);
	});

	test("a filter the server refuses is the filter's fault", async () => {
		script = (request, _body, response) => {
			if (request.url?.includes("experiments")) json(response, { experiments: [{ experiment_id: "1", name: "demo" }] });
			else
				json(response, { error_code: "INVALID_PARAMETER_VALUE", message: "Invalid clause(s) in filter string" }, 400);
		};
		await expect(open().search({ view: "active", filter: "~" })).rejects.toMatchObject({
			code: "search.syntax",
			message: expect.stringContaining("Invalid clause"),
		});
	});
});
