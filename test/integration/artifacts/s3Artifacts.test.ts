import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListMultipartUploadsCommand, type S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { S3Artifacts } from "../../../src/adapters/artifacts/s3Artifacts";
import { resumeDownload } from "../../../src/ui/downloads/resumeDownload";
import type { RunningServer } from "../../support/mlflowServer";
import { startMotoOfMany } from "../../support/motoOfMany";
import { startMoto } from "../../support/motoServer";
import { fillBucket, putObject, s3ClientOf } from "../../support/s3Bucket";
import { TcpProxy } from "../../support/tcpProxy";
import { startVersity } from "../../support/versityServer";

const python = process.env.GAMMA_PYTHON;
const versity = process.env.GAMMA_VERSITYGW;
/** Two servers that others wrote: what holds with both is S3, and not one stand-in's way. */
const servers = [
	{ name: "moto", needs: "GAMMA_PYTHON", program: python, start: startMoto },
	{ name: "versitygw", needs: "GAMMA_VERSITYGW", program: versity, start: startVersity },
] as const;
const bucket = "gamma-models";
const partBytes = 8 * 2 ** 20;
const never = new AbortController().signal;

/** Bytes that repeat nowhere within a part, so that one put in the wrong place is seen. */
function telling(length: number): Buffer {
	const bytes = Buffer.alloc(length);
	for (let at = 0; at + 4 <= length; at += 4) bytes.writeUInt32LE((at * 2654435761) >>> 0, at);
	return bytes;
}

for (const { name, needs, program, start } of servers) {
	describe.skipIf(!program)(`artifacts in S3, as ${name} has it (needs ${needs})`, () => {
		const folder = mkdtempSync(join(tmpdir(), "gamma-s3-"));
		let server: RunningServer;
		let client: S3Client;
		let place: S3Artifacts;
		beforeAll(async () => {
			server = await start(program ?? "");
			client = s3ClientOf(server.url);
			place = new S3Artifacts(client, { bucket, prefix: "team/a/" });
			await fillBucket(client, bucket, {
				"team/a/": "",
				"team/a/run 1/checkpoints/step-100.pt": "hundred",
				"team/a/run 1/checkpoints/step-200.pt": "two hundred",
				"team/a/run 1/log äö.txt": "epoch 1\n",
				"team/a/metrics.json": "{}",
				"team/a/empty.bin": "",
				"team/a/large.pt": telling(3 * partBytes + 1234),
				"team/ab/hidden.bin": "of somebody else",
			});
		});
		afterAll(async () => {
			client?.destroy();
			await server?.stop();
			rmSync(folder, { recursive: true, force: true });
		});

		test("a folder is listed with its folders first, and nothing of its neighbours", async () => {
			const { entries, next } = await place.list("", null);
			expect(next).toBeNull();
			expect(entries.map(({ path, isDir, sizeBytes }) => [path, isDir, sizeBytes])).toEqual([
				["run 1", true, null],
				["empty.bin", false, 0],
				["large.pt", false, 3 * partBytes + 1234],
				["metrics.json", false, 2],
			]);
			expect(entries[3]?.modifiedMs).toBeGreaterThan(Date.now() - 3_600_000);
			const inside = await place.list("run 1/checkpoints", null);
			expect(inside.entries.map(({ path }) => path)).toEqual([
				"run 1/checkpoints/step-100.pt",
				"run 1/checkpoints/step-200.pt",
			]);
			expect(place.s3Uri("run 1/log äö.txt")).toBe("s3://gamma-models/team/a/run 1/log äö.txt");
		});

		test("a range is read and no more, and of a version that is gone nothing", async () => {
			const { version } = await place.stat("metrics.json");
			const range = { offset: 1, length: 10 };
			const part = await place.read("metrics.json", range, version);
			expect({ text: Buffer.from(part.bytes).toString(), totalBytes: part.totalBytes }).toEqual({
				text: "}",
				totalBytes: 2,
			});
			expect(await place.read("empty.bin", { offset: 0, length: 100 }, null)).toEqual({
				bytes: new Uint8Array(),
				totalBytes: 0,
			});
			await putObject(client, bucket, "team/a/metrics.json", "[]");
			await expect(place.read("metrics.json", range, version)).rejects.toMatchObject({
				code: "artifact.changed",
				message: expect.stringMatching(/metrics\.json changed meanwhile: refresh and begin again\.$/),
			});
		});

		test("what is not there says so", async () => {
			await expect(place.stat("gone.pt")).rejects.toMatchObject({ code: "artifact.missing" });
			const nowhere = new S3Artifacts(client, { bucket: "no-such-bucket", prefix: "" });
			await expect(nowhere.list("", null)).rejects.toMatchObject({
				message: "There is no bucket of s3://no-such-bucket/: correct its name.",
			});
		});

		test("a download of parts is checked against them, and an empty file is a file", async () => {
			const get = (path: string, target: string) =>
				resumeDownload({ place, path, target: join(folder, target), signal: never, onProgress() {} });
			expect(await get("large.pt", "large.pt")).toEqual({
				sizeBytes: 3 * partBytes + 1234,
				movedBytes: 3 * partBytes + 1234,
				isVerified: true,
			});
			expect(readFileSync(join(folder, "large.pt")).equals(telling(3 * partBytes + 1234))).toBe(true);
			expect((await get("empty.bin", "empty.bin")).isVerified).toBe(true);
			expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
		});

		test("a link downloads without credentials, for as long as it says", async () => {
			const link = await place.sign("run 1/checkpoints/step-200.pt", 900);
			expect(link).toMatch(/X-Amz-Expires=900/);
			expect(await (await fetch(link)).text()).toBe("two hundred");
		});

		test("an upload comes whole, replaces nothing unasked, and leaves no parts behind when it is called off", async () => {
			const filePath = join(folder, "mine.bin");
			writeFileSync(filePath, telling(2 * partBytes + 77));
			let sent = 0;
			const upload = (replaces: boolean, signal = never) =>
				place.changes.upload({
					...{ filePath, path: "run 1/mine.bin", replaces, signal },
					onProgress: (bytes) => {
						sent += bytes;
					},
				});
			await upload(false);
			expect(sent).toBe(2 * partBytes + 77);
			expect((await place.stat("run 1/mine.bin")).sizeBytes).toBe(2 * partBytes + 77);
			await expect(upload(false)).rejects.toMatchObject({ code: "artifact.outside" });
			await upload(true);
			const calledOff = new AbortController();
			const cancelled = place.changes.upload({
				...{ filePath, path: "run 1/never.bin", replaces: false, signal: calledOff.signal },
				onProgress: () => calledOff.abort(),
			});
			await expect(cancelled).rejects.toMatchObject({ code: "call.cancelled" });
			await expect
				.poll(async () => (await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? [])
				.toEqual([]);
			await expect(place.stat("run 1/never.bin")).rejects.toMatchObject({ code: "artifact.missing" });
		});

		test("names of all kinds are listed as they are, read, linked and deleted, each by itself", async () => {
			const ours = new S3Artifacts(client, { bucket, prefix: "odd/" });
			const names = [
				"a b+c%2F&=?#'\".pt",
				"b\tc.pt",
				"cr\rx.pt",
				"UP.pt",
				"up.pt",
				"ä 💥.pt",
				"photo\u202egpj.exe",
				"CON",
				"C:\\x",
				...(name === "moto" ? ["\u0001.pt", "nul\0x", "cr\nx.pt2"] : []),
			];
			for (const each of names) await putObject(client, bucket, `odd/${each}`, `bytes of ${each}`).catch(() => {});
			const listed = async () => (await ours.list("", null)).entries.map(({ path }) => path).sort();
			const kept = await listed();
			// moto takes no name with a line feed: it stands for what a server refuses.
			expect(kept).toEqual(names.filter((each) => !each.includes("\n")).sort());
			for (const each of kept) {
				const { bytes } = await ours.read(each, { offset: 0, length: 100 }, null);
				expect(Buffer.from(bytes).toString()).toBe(`bytes of ${each}`);
				const link = await ours.sign(each, 60);
				expect(await (await fetch(link)).text()).toBe(`bytes of ${each}`);
			}
			// What a proxy or a file system on the way takes for a path is not deleted by its name.
			const [odd, plain] = [true, false].map((isOdd) => kept.filter((each) => /[\\\0]/.test(each) === isOdd));
			for (const each of odd ?? []) {
				await expect(ours.changes.delete(each, false, never)).rejects.toMatchObject({ code: "artifact.outside" });
			}
			for (const [index, each] of (plain ?? []).entries()) {
				await ours.changes.delete(each, false, never);
				expect(await listed()).toEqual([...(odd ?? []), ...(plain ?? []).slice(index + 1)].sort());
				if (index === 4) break;
			}
			const left = kept.length - 5;
			expect(await new S3Artifacts(client, { bucket, prefix: "" }).changes.delete("odd", true, never)).toBe(left);
			expect(await listed()).toEqual([]);
		});

		test("a file goes, then a folder with what is in it; the whole place never", async () => {
			expect(await place.changes.delete("run 1/mine.bin", false, never)).toBe(1);
			expect(await place.changes.delete("run 1", true, never)).toBe(3);
			expect((await place.list("", null)).entries.map(({ path }) => path)).not.toContain("run 1");
			await expect(place.changes.delete("", true, never)).rejects.toMatchObject({ code: "artifact.outside" });
			await expect(place.changes.delete("../ab", true, never)).rejects.toMatchObject({ code: "artifact.outside" });
			const theirs = new S3Artifacts(client, { bucket, prefix: "team/ab/" });
			expect((await theirs.list("", null)).entries).toHaveLength(1);
		});

		/** The larger half of the file's time: once, over the server that is quicker. */
		const isCutHere = name === "versitygw" || !versity;
		if (isCutHere)
			test("300 MB, cut three times, end byte for byte, and no part came twice but those that were cut", async () => {
				const whole = telling(300 * 2 ** 20);
				await putObject(client, bucket, "team/a/300.pt", whole);
				const proxy = await TcpProxy.start();
				proxy.leadTo(server.url);
				const through = s3ClientOf(proxy.url, { maxAttempts: 1 });
				const cutPlace = new S3Artifacts(through, { bucket, prefix: "team/a/" });
				const target = join(folder, "300.pt");
				let moved = 0;
				const counted = {
					id: cutPlace.id,
					stat: cutPlace.stat.bind(cutPlace),
					read: async (...asked: Parameters<S3Artifacts["read"]>) => {
						const part = await cutPlace.read(...asked);
						moved += part.bytes.length;
						return part;
					},
				};
				let cuts = 0;
				for (const cutAt of [7, 18, 30]) {
					// The connection breaks in the middle of a part, and the attempt is given up: the window was closed.
					const attempt = resumeDownload({
						...{ place: counted, path: "300.pt", target, signal: never, retryAfterMs: [] },
						onProgress: (bytes) => {
							if (bytes === cutAt * partBytes) proxy.cut(partBytes / 2);
						},
					});
					await expect(attempt).rejects.toMatchObject({ code: expect.stringMatching(/^aws\.|^store\./) });
					cuts++;
				}
				const last = await resumeDownload({ place: counted, path: "300.pt", target, signal: never, onProgress() {} });
				expect(cuts).toBe(3);
				expect(last).toEqual({ sizeBytes: whole.length, movedBytes: whole.length - 30 * partBytes, isVerified: true });
				// Whole parts came once each; half of one was lost with each cut.
				expect(moved).toBe(whole.length);
				const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
				expect(sha(readFileSync(target))).toBe(sha(whole));
				expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
				through.destroy();
				await proxy.close();
			});
	});
}

describe.skipIf(!python)("a folder of 50,000 checkpoints in S3 (needs GAMMA_PYTHON)", () => {
	let server: RunningServer;
	let client: S3Client;
	beforeAll(async () => {
		server = await startMotoOfMany(python ?? "", 50_000);
		client = s3ClientOf(server.url);
	});
	afterAll(async () => {
		client?.destroy();
		await server?.stop();
	});

	test("comes page by page: the first is small, the rest only when somebody asks", async () => {
		const sent: number[] = [];
		client.middlewareStack.add(
			(next) => async (args) => {
				sent.push(Number("MaxKeys" in args.input ? args.input.MaxKeys : 0));
				return next(args);
			},
			{ step: "initialize" },
		);
		const place = new S3Artifacts(client, { bucket: "many-models", prefix: "" });
		const began = performance.now();
		const first = await place.list("many", null);
		process.stdout.write(
			`first ${first.entries.length} of 50,000 objects after ${Math.round(performance.now() - began)} ms\n`,
		);
		expect(first.entries).toHaveLength(200);
		expect(sent).toEqual([200]);
		const second = await place.list("many", first.next);
		expect(second.entries[0]?.path).toBe("many/checkpoint-000200.pt");
		expect(second.entries).toHaveLength(1_000);
		expect(sent).toEqual([200, 1_000]);
	});

	test("what lies at its end is found by how its name begins, with one question", async () => {
		const place = new S3Artifacts(client, { bucket: "many-models", prefix: "" });
		const found = await place.startingWith("many", "checkpoint-04999");
		expect(found.map(({ path }) => path)).toEqual(
			Array.from({ length: 10 }, (_, digit) => `many/checkpoint-04999${digit}.pt`),
		);
		expect(await place.startingWith("many", "nothing")).toEqual([]);
	});
});
