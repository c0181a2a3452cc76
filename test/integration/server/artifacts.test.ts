import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../../server/database/database";
import { connectPostgres } from "../../../server/database/postgres";
import { RelayArtifacts } from "../../../src/adapters/artifacts/relayArtifacts";
import { RelayClient } from "../../../src/adapters/relay/relayClient";
import { GammaError } from "../../../src/shared/errors";
import { rangeBytes, resumeDownload } from "../../../src/ui/downloads/resumeDownload";
import { freePort } from "../../support/mlflowServer";
import { type MotoServer, startMoto } from "../../support/motoServer";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { accessToken, type RelayUnderTest, sharedRelay, startTestRelay } from "../../support/relay";
import { accessTo } from "../../support/relayAccess";
import { putObject } from "../../support/s3Bucket";
import { testLogger } from "../../support/testLogger";
import { makePeople, makeProject, people } from "../../support/userRoutes";

const python = process.env.GAMMA_PYTHON;
const never = new AbortController().signal;
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
	const home = mkdtempSync(join(tmpdir(), "gamma-relay-artifacts-"));
	let moto: MotoServer;
	let client: S3Client;
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
		client = new S3Client({ region: "us-east-1", endpoint: moto.url, forcePathStyle: true });
		await client.send(new CreateBucketCommand({ Bucket: bucket }));
		for (const Key of [...names.map((name) => `team/a/${name}`), "team/ab/hidden.bin", "other/hidden.bin", "team/a/"]) {
			const Body = Buffer.from(Key.endsWith("/") ? "" : `the bytes of ${Key}`);
			await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: "text/html" }));
		}
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
		client?.destroy();
		await moto?.stop();
		rmSync(home, { recursive: true, force: true });
		for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_EC2_METADATA_DISABLED"]) {
			if (before[name] === undefined) delete process.env[name];
			else process.env[name] = before[name];
		}
	});
	const put = (key: string, body: Uint8Array | string) => putObject(client, bucket, key, body);
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

	test("one folder is listed without what lies deeper, and a link lasts as long as it is asked to", async () => {
		const { body } = await relay.ask("GET", `/api/artifacts/${projectId}?delimiter=/`, { token: tokens.viewer });
		expect(body).toMatchObject({
			items: [{ key: "team/a/log äö 'x'.txt", storageClass: "STANDARD" }, { key: "team/a/metrics.json" }],
			folders: ["team/a/ckpt/"],
			...{ bucket, next: null },
		});
		const asked = (seconds: number) =>
			relay.ask("GET", `/api/artifacts/${projectId}/url?key=metrics.json&seconds=${seconds}`, { token: tokens.viewer });
		const long = await asked(43_200);
		expect(new URL(String(long.body.url)).searchParams.get("X-Amz-Expires")).toBe("43200");
		expect(long.body).toMatchObject({ etag: expect.stringMatching(/^"\w{32}"$/), checksum: { kind: "md5" } });
		for (const seconds of [0, 43_201, -1]) expect((await asked(seconds)).status, String(seconds)).toBe(400);
	});

	const askAs = (role: keyof typeof tokens) =>
		new RelayClient({ url: relay.url, access: accessTo(relay.url, tokens[role]), logger: testLogger });
	const placeOf = (role: keyof typeof tokens, id: string, prefix: string, at = bucket) =>
		new RelayArtifacts({ relay: askAs(role), projectId: id, place: { bucket: at, prefix } });

	test("the editor's own place lists, previews, resumes and links through the relay, without an account at AWS", async () => {
		const ours = placeOf("viewer", projectId, "team/a/");
		const { entries } = await ours.list("", null);
		expect(entries.map(({ path, isDir, sizeBytes }) => [path, isDir, sizeBytes])).toEqual([
			["ckpt", true, null],
			["log äö 'x'.txt", false, 36],
			["metrics.json", false, 32],
		]);
		expect((await ours.list("ckpt", null)).entries.map(({ path }) => path)).toEqual([
			"ckpt/step-10.pt",
			"ckpt/step-20.pt",
		]);
		expect((await ours.startingWith("ckpt", "step-2")).map(({ path }) => path)).toEqual(["ckpt/step-20.pt"]);
		expect((await ours.startingWith("", "c")).map(({ path }) => path)).toHaveLength(2);
		expect(ours.changes).toBeNull();
		expect(ours.s3Uri("metrics.json")).toBe("s3://gamma-models/team/a/metrics.json");
		const part = await ours.read("metrics.json", { offset: 4, length: 5 }, null);
		expect([Buffer.from(part.bytes).toString(), part.totalBytes]).toEqual(["bytes", 32]);
		expect(await ours.read("metrics.json", { offset: 32, length: 5 }, null)).toEqual({
			...{ bytes: new Uint8Array(), totalBytes: 32 },
		});
		const link = await ours.sign("metrics.json", 60);
		expect(await (await fetch(link)).text()).toBe("the bytes of team/a/metrics.json");

		// Of a bucket that only the relay knows the address comes with the first page.
		const unnamed = placeOf("viewer", projectId, "team/a/", "");
		expect(unnamed.s3Uri("x")).toBeNull();
		await unnamed.list("", null);
		expect(unnamed.s3Uri("x")).toBe("s3://gamma-models/team/a/x");

		const theirs = placeOf("owner", theirId, "other/");
		await expect(theirs.list("", null)).rejects.toMatchObject({ code: "relay.refused" });
		await expect(theirs.read("hidden.bin", { offset: 0, length: 5 }, null)).rejects.toMatchObject({
			...{ code: "relay.refused" },
		});
		// Another's folder under one's own project's id is no folder of it.
		const asIfOurs = placeOf("owner", projectId, "other/");
		expect((await asIfOurs.list("", null)).entries).toEqual([]);
		await expect(asIfOurs.stat("hidden.bin")).rejects.toMatchObject({ code: "relay.refused" });
	});

	test("a download through the relay goes on after a loss, and notices another version", async () => {
		const whole = Buffer.alloc(rangeBytes * 2 + 77, "a checkpoint of megabytes ");
		await put("team/large/large.pt", whole);
		await bind(projectId, bucket, "team/large");
		const ours = placeOf("viewer", projectId, "team/large/");
		const { version } = await ours.stat("large.pt");
		let parts = 0;
		const broken = {
			...{ id: ours.id, stat: ours.stat.bind(ours) },
			read: (...asked: Parameters<typeof ours.read>) => {
				if (++parts === 2) throw new GammaError("aws.unreachable", "The line broke.");
				return ours.read(...asked);
			},
		};
		const target = join(home, "large.pt");
		const download = (place: typeof broken) =>
			resumeDownload({ place, path: "large.pt", target, signal: never, retryAfterMs: [], onProgress() {} });
		await expect(download(broken)).rejects.toMatchObject({ code: "aws.unreachable" });
		expect(await download(broken)).toEqual({
			...{ sizeBytes: whole.length, movedBytes: rangeBytes + 77, isVerified: true },
		});
		expect(readFileSync(target).equals(whole)).toBe(true);
		await put("team/large/large.pt", "another");
		await expect(ours.read("large.pt", { offset: 0, length: 5 }, version)).rejects.toMatchObject({
			...{ code: "artifact.changed", message: expect.stringMatching(/changed meanwhile/) },
		});
		await bind(projectId, bucket, "team/a");
	});

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
