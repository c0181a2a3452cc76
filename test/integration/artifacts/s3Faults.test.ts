import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { S3Artifacts } from "../../../src/adapters/artifacts/s3Artifacts";
import { resumeDownload } from "../../../src/ui/downloads/resumeDownload";
import { s3ClientOf } from "../../support/s3Bucket";

const never = new AbortController().signal;

/** A disk of one megabyte, where this machine lets us make one; null elsewhere. */
function smallDisk(): string | null {
	const at = mkdtempSync(join(tmpdir(), "gamma-small-disk-"));
	try {
		execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", at], { stdio: "ignore" });
		return at;
	} catch {
		rmSync(at, { recursive: true });
		return null;
	}
}

describe("an S3 that refuses, errs and dawdles", () => {
	const room = smallDisk();
	const folder = mkdtempSync(join(tmpdir(), "gamma-s3-faults-"));
	let asked = 0;
	let answer: (response: ServerResponse, method: string) => void = () => {};
	const server = createServer((request, response) => {
		asked++;
		answer(response, request.method ?? "");
	});
	let url = "";
	let place: S3Artifacts;
	beforeAll(async () => {
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		place = new S3Artifacts(s3ClientOf(url, { maxAttempts: 2 }), { bucket: "models", prefix: "a/" });
	});
	afterAll(async () => {
		server.closeAllConnections();
		await new Promise((done) => server.close(done));
		rmSync(folder, { recursive: true, force: true });
		if (room === null) return;
		execFileSync("umount", [room]);
		rmSync(room, { recursive: true });
	});

	const refusal = (status: number, code: string) => (response: ServerResponse) => {
		response.writeHead(status, { "content-type": "application/xml" });
		response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>said by S3</Message></Error>`);
	};

	test.each([
		[503, "SlowDown", "aws.unreachable", "S3 is busy and asks to slow down: try s3://models/a/ again in a minute.", 2],
		[
			403,
			"AccessDenied",
			"aws.refused",
			"You may not read s3://models/a/: ask who owns the bucket for s3:ListBucket and s3:GetObject.",
			1,
		],
		[404, "NoSuchKey", "artifact.missing", "There is no s3://models/a/ any more: refresh the list.", 1],
		[404, "NoSuchBucket", "artifact.missing", "There is no bucket of s3://models/a/: correct its name.", 1],
		[
			400,
			"ExpiredToken",
			"aws.expiredToken",
			"The sign-in to AWS has expired: sign in again (aws sso login) and repeat this.",
			1,
		],
		[
			403,
			"InvalidAccessKeyId",
			"aws.noCredentials",
			"S3 does not know you: sign in (aws sso login), or set AWS_PROFILE.",
			1,
		],
		[
			400,
			"AuthorizationHeaderMalformed",
			"settings.invalid",
			"s3://models/a/ is in another region: set AWS_REGION to that of the bucket.",
			1,
		],
		[500, "InternalError", "aws.unreachable", "S3 had a fault (500) at s3://models/a/: try again in a minute.", 2],
	])("%d %s is one sentence that says what to do", async (status, code, expected, sentence, attempts) => {
		answer = refusal(status, code);
		asked = 0;
		await expect(place.list("", null)).rejects.toMatchObject({ name: "GammaError", code: expected, message: sentence });
		expect(asked).toBe(attempts);
	});

	test("a clock that is wrong is named", async () => {
		answer = refusal(403, "RequestTimeTooSkewed");
		await expect(place.list("", null)).rejects.toMatchObject({
			...{ code: "aws.clockSkew", message: expect.stringMatching(/clock/) },
		});
	});

	test("a server that falls silent in the middle of an object is away, and says for how long it was", async () => {
		const client = s3ClientOf(url, { maxAttempts: 1 });
		const impatient = new S3Artifacts(client, { bucket: "models", prefix: "a/" }, 200);
		answer = (response) => {
			response.writeHead(206, { "content-length": "5", "content-range": "bytes 0-4/5" });
			response.write("he");
		};
		await expect(impatient.read("x.pt", { offset: 0, length: 5 }, null)).rejects.toMatchObject({
			code: "aws.unreachable",
			message: "S3 has not answered for 0.2 s: try s3://models/a/x.pt again.",
		});
		client.destroy();
	});

	test("what is archived says that it must be restored first", async () => {
		answer = refusal(403, "InvalidObjectState");
		await expect(place.read("x.pt", { offset: 0, length: 5 }, null)).rejects.toMatchObject({
			code: "artifact.unreadable",
			message: "s3://models/a/x.pt is archived (Glacier): restore it in S3 before it is read.",
		});
	});

	test("a request to a server that says nothing is called off at once when the person does", async () => {
		answer = () => {};
		const calledOff = new AbortController();
		const listing = place.list("", null, calledOff.signal);
		setImmediate(() => calledOff.abort());
		await expect(listing).rejects.toMatchObject({ code: "call.cancelled" });
	});

	test("nobody there is said as that", async () => {
		const away = new S3Artifacts(s3ClientOf("http://127.0.0.1:1", { maxAttempts: 1 }), {
			bucket: "models",
			prefix: "",
		});
		await expect(away.list("", null)).rejects.toMatchObject({ code: "aws.unreachable" });
	});

	const download = (retryAfterMs: readonly number[] = []) =>
		resumeDownload({
			...{ place, path: "x.pt", target: join(folder, "x.pt"), signal: never, retryAfterMs },
			onProgress() {},
		});
	const object = (body: string, head: Record<string, string> = {}) => {
		const headers = { "content-length": String(body.length), etag: '"0123456789abcdef0123456789abcdef"', ...head };
		return (response: ServerResponse, method: string) => {
			response.writeHead(method === "HEAD" ? 200 : 206, { "content-range": `bytes 0-4/${body.length}`, ...headers });
			response.end(method === "HEAD" ? "" : body);
		};
	};

	test("bytes that are not what the checksum says never become the file", async () => {
		answer = object("hello");
		await expect(download()).rejects.toMatchObject({
			code: "artifact.unreadable",
			message: expect.stringMatching(/is not what its checksum says, so it was thrown away: download it again\.$/),
		});
		expect(readdirSync(folder)).toEqual([]);
		answer = object("hello", { etag: '"5d41402abc4b2a76b9719d911017c592"' });
		expect(await download()).toEqual({ sizeBytes: 5, movedBytes: 5, isVerified: true });
		rmSync(join(folder, "x.pt"));
	});

	test("an encrypted object's ETag is no checksum; one that was sent with it is", async () => {
		answer = object("hello", { "x-amz-server-side-encryption": "aws:kms" });
		expect((await download()).isVerified).toBe(false);
		answer = object("hello", { "x-amz-checksum-sha256": "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=" });
		expect((await download()).isVerified).toBe(true);
		answer = object("hello", { "x-amz-checksum-sha256": "AAAAul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=" });
		await expect(download()).rejects.toMatchObject({ code: "artifact.unreadable" });
		rmSync(join(folder, "x.pt"));
	});

	test("a body that breaks off is asked for again, then given up, and never becomes the file", async () => {
		let broken = 0;
		answer = (response, method) => {
			const isHead = method === "HEAD";
			response.writeHead(isHead ? 200 : 206, { "content-length": "5", etag: '"a"', "content-range": "bytes 0-4/5" });
			if (isHead) response.end();
			else response.write("he", () => response.destroy());
			broken += isHead ? 0 : 1;
		};
		await expect(download([1, 1])).rejects.toMatchObject({ code: "aws.unreachable" });
		expect(broken).toBe(3);
		expect(readdirSync(folder)).not.toContain("x.pt");
	});

	test.skipIf(!room)(
		"a disk that fills up ends the download in one sentence, and nothing lies on it (needs root)",
		async () => {
			const body = Buffer.alloc(3 * 2 ** 20, "checkpoint ").toString();
			answer = object(body, { "content-range": `bytes 0-${body.length - 1}/${body.length}` });
			const target = join(room ?? "", "full.pt");
			const filling = resumeDownload({ place, path: "x.pt", target, signal: never, onProgress() {} });
			await expect(filling).rejects.toMatchObject({
				code: "artifact.unwritable",
				message: `There is no room for ${target}: make some on that disk, or choose another folder.`,
			});
			expect(readdirSync(room ?? "")).toEqual([]);
		},
	);
});
