import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RelayClient } from "../../../../src/adapters/relay/relayClient";
import type { RelayProblem } from "../../../../src/adapters/relay/relayProblem";
import type { Logger } from "../../../../src/core/logger";
import { freePort } from "../../../support/postgresServer";
import { type RelayUnderTest, startTestRelay } from "../../../support/relay";
import { accessTo } from "../../../support/relayAccess";
import { testLogger } from "../../../support/testLogger";
import { commit, postGithub, pushOf } from "../../../support/webhooks";

let relay: RelayUnderTest;
let client: RelayClient;
beforeAll(async () => {
	relay = await startTestRelay();
	client = clientOf(relay.url, relay.token ?? "");
});
afterAll(() => relay.close());

const clientOf = (url: string, ...tokens: readonly string[]) =>
	new RelayClient({ url, access: accessTo(url, ...tokens), logger: testLogger });

async function served(listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
	const server = createServer(listener);
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	try {
		await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	} finally {
		server.closeAllConnections();
		server.close();
	}
}

describe("a real relay", () => {
	test("tells its projects, makes, changes and deletes them, and refuses a second of one repository", async () => {
		const made = await client.makeProject({ name: "Digits", repository: "ada/made" });
		expect(made).toMatchObject({ name: "Digits", repository: "ada/made", target: "runner" });
		expect((await client.changeProject(made.id, { s3Bucket: "b" })).s3Bucket).toBe("b");
		expect((await client.projects()).map(({ id }) => id)).toContain(made.id);
		const again = client.makeProject({ name: "Digits", repository: "ada/made" });
		await expect(again).rejects.toMatchObject({
			code: "relay.refused",
			status: 409,
			message: "There is a project of this repository: an owner of it can add you.",
		});
		expect(await client.members(made.id)).toMatchObject([{ role: "owner" }]);
		await client.deleteProject(made.id);
		expect((await client.projects()).map(({ id }) => id)).not.toContain(made.id);
	});

	test("tells more projects than one page holds", async () => {
		for (let n = 0; n < 205; n++) await client.makeProject({ name: `P${n}`, repository: `many/p${n}` });
		expect((await client.projects()).filter(({ repository }) => repository.startsWith("many/"))).toHaveLength(205);
	});

	test("tells a push as a job, in pages, with its history, comments and log; stops and retries it", async () => {
		const project = await client.makeProject({ name: "Words", repository: "ada/words" });
		for (const n of [1, 2, 3]) {
			await postGithub(
				relay.url,
				"push",
				pushOf("ada/words", "models/a b", commit(n), { pushedAt: 1_700_000_000 + n }),
			);
		}
		await expect.poll(async () => (await client.jobs({ project: project.id })).items.length).toBe(3);
		const page = await client.jobs({ project: project.id, branch: "models/a b", status: "pending", limit: 2 });
		expect(page.items.map(({ commitSha }) => commitSha)).toEqual([commit(3), commit(2)]);
		const rest = await client.jobs({ project: project.id, limit: 2, before: page.next ?? "" });
		expect(rest).toMatchObject({ items: [{ commitSha: commit(1) }], next: null });

		const [job] = page.items;
		const id = job?.id ?? "";
		expect(await client.job(id)).toEqual(job);
		const stopped = await client.stop(id);
		expect(stopped).toMatchObject({ status: "stopped" });
		await expect(client.stop(id)).rejects.toMatchObject({ code: "relay.refused", status: 409 });
		expect((await client.history(id)).map(({ status }) => status)).toEqual(["stopped", "pending"]);
		expect(await client.retry(id, { lr: 0.1 })).toMatchObject({ attempt: 2, status: "pending" });
		expect(await client.addComment(id, "why?")).toMatchObject({ jobId: id, text: "why?" });
		expect(await client.comments(id)).toMatchObject([{ text: "why?" }]);
		expect(await client.readLog(id, 0)).toEqual({ bytes: Buffer.alloc(0), sizeBytes: 0 });
		await expect(client.job("../projects")).rejects.toMatchObject({ code: "relay.refused" });
	});

	test("takes a new token once where the first is refused, and then says who is not known", async () => {
		const access = accessTo(relay.url, "an old token of this machine", relay.token ?? "");
		const renewing = new RelayClient({ url: relay.url, access, logger: testLogger });
		await renewing.jobs({ limit: 1 });
		expect(access.asked).toEqual(["token", "renewToken"]);
		const stranger = accessTo(relay.url, "one wrong token", "another wrong token");
		const refused = new RelayClient({ url: relay.url, access: stranger, logger: testLogger }).projects();
		await expect(refused).rejects.toMatchObject({ code: "relay.unauthorized", status: 401 });
		expect(stranger.asked).toEqual(["token", "renewToken"]);
	});

	test("is not asked any more after the question is taken back", async () => {
		const taken = new AbortController();
		const asked = client.projects(taken.signal);
		taken.abort();
		await expect(asked).rejects.toMatchObject({ code: "call.cancelled" });
	});
});

describe("a token", () => {
	test("goes to no other relay than the one it is for", async () => {
		const access = accessTo("http://127.0.0.1:1", "a token of another relay");
		const wrong = new RelayClient({ url: relay.url, access, logger: testLogger });
		await expect(wrong.projects()).rejects.toMatchObject({ code: "relay.unauthorized" });
		expect(access.asked).toEqual([]);
	});

	test("follows no redirect", async () => {
		const seen: (string | undefined)[] = [];
		await served(
			(request, response) => {
				seen.push(request.headers.authorization);
				response.end("[]");
			},
			async (elsewhere) => {
				await served(
					(_, response) => response.writeHead(302, { location: `${elsewhere}/api/projects` }).end(),
					async (url) => {
						const refused = clientOf(url, "a token that stays here").projects();
						await expect(refused).rejects.toMatchObject({ code: "relay.refused", status: 302 });
					},
				);
			},
		);
		expect(seen).toEqual([]);
	});

	test("that cannot be sent is not quoted", async () => {
		const error: unknown = await clientOf(relay.url, "sécret\n")
			.projects()
			.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ code: "relay.unauthorized" });
		expect(String(error)).not.toContain("cret");
	});
});

describe("what is no relay", () => {
	test("is said so, with its address only", async () => {
		await served(
			(_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Welcome</h1>"),
			async (url) => {
				const { host } = new URL(url);
				await expect(clientOf(url, "some token of mine").projects()).rejects.toMatchObject({
					code: "relay.refused",
					message: `${host} does not answer as a relay does (200): correct its address.`,
				});
			},
		);
		expect(() => clientOf("ftp://relay.test")).toThrow(/starts with http/);
	});

	test("or does not run, is unreachable", async () => {
		const host = `127.0.0.1:${await freePort()}`;
		const error = clientOf(`http://${host}`, "some token of mine").projects();
		await expect(error).rejects.toMatchObject({
			code: "relay.unreachable",
			status: null,
			message: `The relay ${host} is not running (connection refused).`,
		});
	});

	test("or is slow, is given up", async () => {
		await served(
			(_, response) => response.writeHead(200).write("["),
			async (url) => {
				const access = accessTo(url, "some token of mine");
				const hasty = new RelayClient({ url, access, logger: testLogger, timeoutMs: 200 });
				await expect(hasty.projects()).rejects.toMatchObject({
					code: "relay.unreachable",
					message: expect.stringMatching(/does not answer in time/),
				});
			},
		);
	});

	test.each([
		[503, "relay.unreachable", "The database is away."],
		[429, "relay.refused", expect.stringMatching(/asked too often/)],
	])("or answers %i, says when to come back", async (status, code, message) => {
		await served(
			(_, response) => {
				response.writeHead(status, { "retry-after": "7", "content-type": "application/problem+json" });
				response.end(JSON.stringify({ detail: "The database is away." }));
			},
			async (url) => {
				const error = await clientOf(url, "some token of mine")
					.projects()
					.catch((thrown: RelayProblem) => thrown);
				expect(error).toMatchObject({ code, status, message, retryAfterMs: 7_000 });
			},
		);
	});
});

test("a job in words of a newer relay is passed by, and the others are shown", async () => {
	const warnings: string[] = [];
	const logger: Logger = { ...testLogger, warn: (message) => warnings.push(message) };
	const { items } = await client.jobs({ limit: 1 });
	const body = JSON.stringify({ items: [{ ...items[0], status: "hibernating" }, items[0]], next: null });
	await served(
		(_, response) => response.writeHead(200, { "content-type": "application/json" }).end(body),
		async (url) => {
			const newer = new RelayClient({ url, access: accessTo(url, "some token of mine"), logger });
			expect((await newer.jobs({})).items).toEqual(items);
			expect((await newer.jobs({})).items).toEqual(items);
		},
	);
	expect(warnings).toHaveLength(1);
});
