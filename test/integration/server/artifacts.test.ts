import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../../server/database/database";
import { connectPostgres } from "../../../server/database/postgres";
import { freePort } from "../../support/mlflowServer";
import { type MotoServer, startMoto } from "../../support/motoServer";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { accessToken, type RelayUnderTest, sharedRelay, startTestRelay } from "../../support/relay";
import { testLogger } from "../../support/testLogger";
import { makePeople, makeProject, people } from "../../support/userRoutes";

const python = process.env.GAMMA_PYTHON;
const outsiderId = "55555555-5555-4555-8555-555555555555";
const bucket = "gamma-models";
const keyId = "AKIAGAMMATESTSGAMMA1";
const secretKey = "a secret key that stays in the relay";
const names = ["ckpt/step-10.pt", "ckpt/step-20.pt", "log äö 'x'.txt", "metrics.json"];

interface Page {
	readonly items: readonly { readonly key: string; readonly sizeBytes: number; readonly modifiedAt: string }[];
	readonly next: string | null;
}

describe.skipIf(!postgresFolder || !python)("artifacts in S3 (needs PostgreSQL and GAMMA_PYTHON)", () => {
	const before = { ...process.env };
	let moto: MotoServer;
	let postgres: PostgresServer;
	let relay: RelayUnderTest;
	let database: Database;
	let projectId: string;
	let theirId: string;
	let tokens: Record<keyof typeof people | "outsider", string>;
	const bind = (id: string, at: string | null, prefix: string | null) =>
		database.asRelay((transaction) =>
			transaction.query("update projects set s3_bucket = $2, s3_prefix = $3 where id = $1", [id, at, prefix]),
		);
	const awsSettings = (endpoint: string) => ({
		AWS_REGION: "us-east-1",
		S3_BUCKET: bucket,
		AWS_ENDPOINT_URL_S3: endpoint,
	});

	beforeAll(async () => {
		// As AWS's tools find them; nothing of this machine may be found before.
		Object.assign(process.env, {
			AWS_ACCESS_KEY_ID: keyId,
			AWS_SECRET_ACCESS_KEY: secretKey,
			AWS_EC2_METADATA_DISABLED: "true",
		});
		moto = await startMoto(python ?? "");
		const client = new S3Client({ region: "us-east-1", endpoint: moto.url, forcePathStyle: true });
		await client.send(new CreateBucketCommand({ Bucket: bucket }));
		for (const Key of [...names.map((name) => `team/a/${name}`), "team/ab/hidden.bin", "other/hidden.bin", "team/a/"]) {
			const Body = Buffer.from(Key.endsWith("/") ? "" : `the bytes of ${Key}`);
			await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: "text/html" }));
		}
		client.destroy();
		postgres = await startPostgres();
		relay = await startTestRelay({ ...sharedRelay(postgres), ...awsSettings(moto.url) });
		database = connectPostgres(postgres.url, testLogger);
		await makePeople(database, [...Object.values(people), outsiderId]);
		projectId = (
			await makeProject(database, { [people.owner]: "owner", [people.member]: "member", [people.viewer]: "viewer" })
		).projectId;
		theirId = (await makeProject(database, { [outsiderId]: "owner" })).projectId;
		await bind(projectId, bucket, "team/a");
		await bind(theirId, null, "/other/");
		const all = Object.entries({ ...people, outsider: outsiderId });
		tokens = Object.fromEntries(await Promise.all(all.map(async ([role, id]) => [role, await accessToken(id)])));
	});
	afterAll(async () => {
		await database?.close();
		await relay?.close();
		await postgres?.stop();
		await moto?.stop();
		for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_EC2_METADATA_DISABLED"]) {
			if (before[name] === undefined) delete process.env[name];
			else process.env[name] = before[name];
		}
	});
	const list = (token: string, id: string, query = "") =>
		relay.ask<Page>("GET", `/api/artifacts/${id}${query}`, { token });
	const link = (token: string, id: string, key: string) =>
		relay.ask<{ url: string; expiresAt: string; sizeBytes: number }>(
			"GET",
			`/api/artifacts/${id}/url?key=${encodeURIComponent(key)}`,
			{ token },
		);
	const keysOf = ({ body }: { body: Page }) => body.items.map(({ key }) => key);

	test.each(["owner", "member", "viewer"] as const)(
		"a project's own are listed and downloaded by its %s",
		async (role) => {
			const token = tokens[role];
			const all = await list(token, projectId);
			expect(all.status).toBe(200);
			expect(keysOf(all)).toEqual(names.map((name) => `team/a/${name}`));
			expect(all.body.items[0]).toMatchObject({ sizeBytes: "the bytes of team/a/ckpt/step-10.pt".length });
			expect(Date.parse(all.body.items[0]?.modifiedAt ?? "")).not.toBeNaN();
			for (const prefix of ["ckpt/", "team/a/ckpt/"]) {
				expect(keysOf(await list(token, projectId, `?prefix=${prefix}`))).toHaveLength(2);
			}
			expect(keysOf(await list(token, projectId, "?prefix=team/a"))).toHaveLength(names.length);
			const paged: string[] = [];
			for (let cursor = ""; ; ) {
				const page = await list(token, projectId, `?limit=2${cursor}`);
				expect(page.status).toBe(200);
				expect(page.body.items.length).toBeLessThanOrEqual(2);
				paged.push(...keysOf(page));
				if (page.body.next === null) break;
				cursor = `&cursor=${encodeURIComponent(page.body.next)}`;
			}
			expect(paged).toEqual(keysOf(all));
			for (const name of names) {
				const { status, body } = await link(token, projectId, `team/a/${name}`);
				expect(status).toBe(200);
				const leftMs = Date.parse(body.expiresAt) - Date.now();
				expect(leftMs).toBeGreaterThan(13 * 60_000);
				expect(leftMs).toBeLessThanOrEqual(15 * 60_000);
				expect(new URL(body.url).searchParams.get("X-Amz-Expires")).toBe("900");
				expect(body.url).not.toContain(encodeURIComponent(secretKey));
				const download = await fetch(body.url);
				expect(await download.text()).toBe(`the bytes of team/a/${name}`);
				expect(download.headers.get("content-disposition")).toMatch(/^attachment; filename\*=UTF-8''/);
				expect(download.headers.get("content-type")).toBe("application/octet-stream");
			}
			expect((await link(token, projectId, "metrics.json")).body.url).toContain("/team/a/metrics.json");
			expect((await link(token, projectId, "nothing.bin")).status).toBe(404);
		},
	);

	test("nobody reaches another project's, by its id, its folder or a key that leads out", async () => {
		for (const role of ["owner", "member", "viewer", "stranger"] as const) {
			expect((await list(tokens[role], theirId)).status).toBe(404);
			expect((await link(tokens[role], theirId, "hidden.bin")).status).toBe(404);
		}
		expect((await list(tokens.stranger, projectId)).status).toBe(404);
		expect((await relay.ask("GET", `/api/artifacts/${projectId}`, { token: null })).status).toBe(401);
		expect(keysOf(await list(tokens.outsider, theirId))).toEqual(["other/hidden.bin"]);
		for (const key of ["other/hidden.bin", "team/ab/hidden.bin", "team/ab"]) {
			expect((await link(tokens.owner, projectId, key)).status, key).toBe(404);
			expect(keysOf(await list(tokens.owner, projectId, `?prefix=${key}`)), key).toEqual([]);
		}
		for (const key of [
			"../../other/hidden.bin",
			"team/a/../../other/hidden.bin",
			"team/a/%2e%2e/%2e%2e/other/hidden.bin",
			"team/a/%252e%252e/other/hidden.bin",
			"..\\..\\other\\hidden.bin",
			"/other/hidden.bin",
			"team/a/x\0",
		]) {
			expect((await link(tokens.owner, projectId, key)).status, key).toBe(400);
			expect((await list(tokens.owner, projectId, `?prefix=${encodeURIComponent(key)}`)).status, key).toBe(400);
		}
		const cursor = (await list(tokens.owner, projectId, "?limit=1")).body.next ?? "";
		const theirs = await list(tokens.outsider, theirId, `?cursor=${encodeURIComponent(cursor)}`);
		expect(JSON.stringify(theirs.body)).not.toContain("team/a");
	});

	test("a folder is the project's that named it, and where people sign in every project has one", async () => {
		const make = (token: string, more: object) =>
			relay.ask("POST", "/api/projects", {
				token,
				body: { name: "p", repository: `a/${crypto.randomUUID()}`, ...more },
			});
		for (const s3Prefix of ["team/a", "team/a/", "/team/a/ckpt", "team", "", "/"]) {
			expect((await make(tokens.stranger, { s3Prefix, s3Bucket: bucket })).status, s3Prefix).toBe(409);
			// The relay's own bucket may be any.
			expect((await make(tokens.stranger, { s3Prefix })).status, s3Prefix).toBe(409);
		}
		const beside = await make(tokens.stranger, { s3Prefix: "team/abc", s3Bucket: bucket });
		expect(beside.status).toBe(201);
		const patch = (body: object) =>
			relay.ask("PATCH", `/api/projects/${beside.body.id}`, { token: tokens.stranger, body });
		expect((await patch({ s3Prefix: "team/a/x" })).status).toBe(409);
		expect((await patch({ s3Bucket: "elsewhere", s3Prefix: "free" })).status).toBe(200);
		expect((await list(tokens.stranger, String(beside.body.id))).status).toBe(403);
		const without = await make(tokens.stranger, {});
		expect((await list(tokens.stranger, String(without.body.id))).status).toBe(404);
		// A member reads it, but only an owner gives it to another project.
		expect((await make(tokens.member, { s3Prefix: "team/a/evaluation" })).status).toBe(409);
		expect((await make(tokens.owner, { s3Prefix: "team/a/evaluation" })).status).toBe(201);
	});

	test("what AWS refuses is said in words that help, and tell no key", async () => {
		await moto.enforceIam();
		const refused = await list(tokens.owner, projectId);
		expect(refused.status).toBe(502);
		expect(refused.body).toMatchObject({ detail: expect.stringMatching(/no AWS credentials that S3 takes/) });
		expect(JSON.stringify(refused.body)).not.toContain(keyId);
		await moto.trustAll();
		const away = `http://127.0.0.1:${await freePort()}`;
		/** S3's own words for what no stand-in does on demand. */
		let said = "";
		const scripted = createServer((_, response) => {
			const body = `<?xml version="1.0"?><Error><Code>${said}</Code><Message>told</Message></Error>`;
			response.writeHead(said === "SlowDown" ? 503 : 400, { "content-type": "application/xml" }).end(body);
		});
		await new Promise<void>((resolve) => scripted.listen(0, "127.0.0.1", resolve));
		const at = `http://127.0.0.1:${(scripted.address() as AddressInfo).port}`;
		// On the same PostgreSQL: each database of its own would be a second's work, and much more on a busy machine.
		const start = (settings: Record<string, string>) => startTestRelay({ DATABASE_URL: postgres.url, ...settings });
		const relays = await Promise.all([away, at].map((url) => start(awsSettings(url))));
		const local = await start(awsSettings(moto.url));
		const none = await start({});
		const ask = async (one: RelayUnderTest, more: object) => {
			const body = { name: "p", repository: `a/${crypto.randomUUID()}`, ...more };
			const { id } = (await one.ask("POST", "/api/projects", { body })).body;
			const answer = await one.ask("GET", `/api/artifacts/${id}`);
			return [answer.status, answer.body.detail ?? ""];
		};
		try {
			const [gone, told] = relays as [RelayUnderTest, RelayUnderTest];
			expect(await ask(gone, {})).toEqual([503, expect.stringMatching(/S3 cannot be reached/)]);
			for (const [code, status, words] of [
				["ExpiredToken", 502, /credentials have expired/],
				["AccessDenied", 502, /may not read the bucket gamma-models/],
				["RequestTimeTooSkewed", 502, /clock/],
				["InvalidArgument", 400, /cursor/],
				["SlowDown", 503, /busy/],
			] as const) {
				said = code;
				expect(await ask(told, {}), code).toEqual([status, expect.stringMatching(words)]);
			}
			expect(await ask(local, { s3Bucket: "no-such-bucket" })).toEqual([
				404,
				expect.stringMatching(/no bucket no-such/),
			]);
			// One person's relay reads all that its credentials let it.
			expect(await ask(local, {})).toEqual([200, ""]);
			expect((await ask(none, { s3Bucket: bucket }))[0]).toBe(404);
		} finally {
			for (const one of [...relays, local, none]) await one.close();
			scripted.closeAllConnections();
			await new Promise((resolve) => scripted.close(resolve));
		}
	});

	test("neither key nor secret is logged", () => {
		expect(relay.log.join("")).not.toContain(secretKey);
		expect(relay.log.join("")).not.toContain(keyId);
	});
});
