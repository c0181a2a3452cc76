import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databases, type RelayUnderTest, startTestRelay, withDatabase } from "../../support/relay";
import { type ProjectFixture, sha, userRoutes } from "../../support/userRoutes";

const oddValues: readonly unknown[] = [
	null,
	true,
	"",
	"\0",
	"a\0b",
	"\ud800",
	"💩",
	"x".repeat(100_000),
	"' or 1=1 --",
	-1,
	1.5,
	1e308,
	2 ** 53,
	[],
	["a"],
	[null],
	{},
	{ a: "\0" },
	{ "\0": 1 },
	{ a: { b: [] } },
	Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`k${at}`, at])),
];

/** As they stand in an address. */
const oddTexts: readonly string[] = [
	"x",
	"-1",
	"0",
	"%00",
	"%F0%9F%92%A9",
	"%2e%2e%2f",
	"1e400",
	"NaN",
	"99999999999999999999",
	"null",
	"a".repeat(900),
	"00000000-0000-0000-0000-000000000000",
	"FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
	"{11111111-1111-4111-8111-111111111111}",
	"11111111111141118111111111111111",
];

describe.each(databases)("odd requests to a relay on %s", (kind) => {
	let stopDatabase: () => Promise<void>;
	let relay: RelayUnderTest;
	let project: ProjectFixture;
	beforeAll(async () => {
		const { environment, stop } = await withDatabase(kind);
		stopDatabase = stop;
		relay = await startTestRelay(environment);
	});
	afterAll(async () => {
		await relay?.close();
		await stopDatabase?.();
	});

	const id = async (method: string, path: string, body: unknown) => {
		const answer = await relay.ask(method, path, { body });
		expect(answer.status, JSON.stringify(answer.body)).toBe(201);
		return String(answer.body.id);
	};
	const makeFixture = async (): Promise<ProjectFixture> => {
		const projectId = await id("POST", "/api/projects", { name: "p", repository: `odd/${crypto.randomUUID()}` });
		const job = { projectId, branch: "models", commitSha: sha };
		const [pendingJobId, endedJobId] = [await id("POST", "/api/jobs", job), await id("POST", "/api/jobs", job)];
		await relay.ask("PATCH", `/api/jobs/${endedJobId}`, { body: { status: "failed" } });
		const conversationId = await id("POST", `/api/projects/${projectId}/conversations`, {});
		return { projectId, pendingJobId, endedJobId, conversationId };
	};
	/** Refused or taken, never failed, and a refusal is a problem. */
	const isWell = async (method: string, path: string, body?: unknown) => {
		const answer = await relay.ask(method, path, { body });
		const what = `${method} ${path.slice(0, 120)} ${JSON.stringify(body)?.slice(0, 200)}: ${JSON.stringify(answer.body)}`;
		expect(answer.status, what).toBeLessThan(500);
		expect(answer.status, "the limit of requests hides what is looked at here").not.toBe(429);
		if (answer.status >= 400) {
			expect(answer.headers.get("content-type")).toContain("application/problem+json");
			expect(answer.body).toMatchObject({
				status: answer.status,
				title: expect.any(String),
				detail: expect.any(String),
			});
		}
		return answer.status;
	};

	test.each(userRoutes.filter(({ body }) => body))("$method $path takes no odd body", async (route) => {
		project = await makeFixture();
		const url = route.url(project);
		const sound = route.body?.(project) ?? {};
		for (const odd of oddValues) {
			const isObject = typeof odd === "object" && odd !== null && !Array.isArray(odd);
			if (!isObject) expect(await isWell(route.method, url, odd), JSON.stringify(odd)).toBe(400);
			for (const key of Object.keys(sound)) await isWell(route.method, url, { ...sound, [key]: odd });
		}
		for (const [key, value] of Object.entries(sound)) {
			if (typeof value !== "string") continue;
			expect(await isWell(route.method, url, { ...sound, [key]: `${value}\0` }), key).toBe(400);
			expect(await isWell(route.method, url, { ...sound, [key]: [value] }), key).toBe(400);
			expect(await isWell(route.method, url, { ...sound, [key]: 5 }), key).toBe(400);
		}
		for (const text of ["", "{", "null", '{"__proto__":{"a":1}}', "[".repeat(50_000)]) {
			const response = await fetch(`${relay.url}${url}`, {
				method: route.method,
				headers: { authorization: `Bearer ${relay.token}`, "content-type": "application/json" },
				body: text,
			});
			expect(response.status, text.slice(0, 50)).toBe(400);
		}
	});

	test.each(userRoutes)("$method $path takes no odd address", async (route) => {
		project = await makeFixture();
		const body = route.body?.(project);
		const url = route.url(project);
		const ids = [...Object.values(project), sha].filter((part) => url.includes(part));
		for (const odd of oddTexts) {
			for (const part of ids) {
				const status = await isWell(route.method, url.replace(part, odd), body);
				expect([400, 404], `${url} with ${odd}`).toContain(status);
			}
			for (const key of ["before", "limit", "project", "status", "branch", "job", "userId"]) {
				const join = url.includes("?") ? "&" : "?";
				if (route.method === "GET") await isWell(route.method, `${url}${join}${key}=${odd}`);
				if (route.method === "GET") await isWell(route.method, `${url}${join}${key}=${odd}&${key}=${odd}`);
			}
		}
	});

	test.each(["/api/projects", "/api/jobs"])("%s refuses a page that is none", async (url) => {
		for (const query of [
			"before=x",
			"before=-1",
			"before=1e3",
			"limit=0",
			"limit=501",
			"limit=x",
			"limit=1.5",
			"limit=",
			"before=",
		]) {
			expect(await isWell("GET", `${url}?${query}`), query).toBe(400);
		}
		expect(await isWell("GET", `${url}?before=${"9".repeat(18)}&limit=500`)).toBe(200);
	});

	test("null is null, not a text, and nothing was logged as an error", async () => {
		project = await makeFixture();
		const answer = await relay.ask("PATCH", `/api/projects/${project.projectId}`, { body: { s3Prefix: null } });
		expect(answer.body.s3Prefix).toBeNull();
		const errors = relay.log.filter((line) => JSON.parse(line).level >= 50);
		expect(errors).toEqual([]);
	});
});
