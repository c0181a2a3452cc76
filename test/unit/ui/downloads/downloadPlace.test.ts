import { createHash } from "node:crypto";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FolderArtifacts } from "../../../../src/adapters/artifacts/folderArtifacts";
import type { ArtifactPlace } from "../../../../src/core/artifacts/artifactPlace";
import { GammaError } from "../../../../src/shared/errors";
import { downloadPlace } from "../../../../src/ui/downloads/downloadPlace";
import { localParts } from "../../../../src/ui/downloads/localParts";
import { rangeBytes, resumeDownload } from "../../../../src/ui/downloads/resumeDownload";

/** What paths go wrong by, in every spelling that somebody decodes. */
const pieces = [
	"..",
	".",
	"/",
	"\\",
	"C:",
	"nul",
	"%2e",
	"%2f",
	"%5c",
	"%25",
	"a",
	" ",
	"\0",
	"\n",
	"\u202e",
	"é",
	"🙂",
];
const never = new AbortController().signal;

/** A flat place of any keys, as S3 is one; `whenRead` may fail. */
function memoryPlace(files: Readonly<Record<string, Uint8Array>>, whenRead: () => void = () => {}) {
	const version = (path: string) =>
		createHash("md5")
			.update(files[path] ?? "")
			.digest("hex");
	const place: ArtifactPlace = {
		...{ id: "s3://memory/", changes: null, sign: null },
		s3Uri: () => null,
		list: async () => ({
			entries: Object.entries(files).map(([path, { length }]) => ({
				...{ path, isDir: false, sizeBytes: length, modifiedMs: null, storageClass: null },
			})),
			next: null,
		}),
		stat: async (path) => ({
			sizeBytes: files[path]?.length ?? null,
			version: version(path),
			checksum: { kind: "md5", hex: version(path) },
		}),
		read: async (path, { offset, length }) => {
			whenRead();
			const bytes = files[path] ?? new Uint8Array();
			return { bytes: bytes.subarray(offset, offset + length), totalBytes: bytes.length };
		},
	};
	return place;
}

describe("downloads", () => {
	let outside: string;
	let into: string;
	beforeEach(() => {
		outside = mkdtempSync(join(tmpdir(), "gamma-place-"));
		into = join(outside, "chosen");
		mkdirSync(into);
	});
	afterEach(() => rmSync(outside, { recursive: true, force: true }));

	const all = [{ path: "", isDir: true }];
	const get = (place: ArtifactPlace, done = new Set<string>()) =>
		downloadPlace({ place, entries: all, into, signal: never, done, retryAfterMs: [], onProgress() {} });
	const bytes = (text: string) => new TextEncoder().encode(text);

	test("stay in the chosen folder whatever the keys are, or are refused by name", async () => {
		const hostile = ["../../x", "..\\..\\x", "C:\\x", "/etc/x", "a/../../x", "%2e%2e/x", "%252e%252e/x", "nul\0.pt"];
		const fine = ["a/b.pt", "größe.pt", "\u202egpj.exe", "tab\there.txt", "con.txt"];
		const keys = [...hostile, ...fine, "k".repeat(1_000_000)];
		const answer = await get(memoryPlace(Object.fromEntries(keys.map((key) => [key, bytes(key.slice(0, 9))]))));
		expect(answer).toMatchObject({ files: fine.length, verified: fine.length });
		expect(answer.skipped).toHaveLength(hostile.length + 1);
		for (const sentence of answer.skipped) expect(sentence.length).toBeLessThan(1_500);
		expect(readdirSync(outside)).toEqual(["chosen"]);
		expect(readFileSync(join(into, "größe.pt"), "utf8")).toBe("größe.pt");
	});

	test("of any key have names that stay below the folder on every system", () => {
		fc.assert(
			fc.property(
				fc.array(fc.constantFrom(...pieces), { maxLength: 8 }),
				fc.constantFrom<NodeJS.Platform>("linux", "win32", "darwin"),
				(parts, platform) => {
					let names: readonly string[] = [];
					try {
						names = localParts(parts.join(""), platform);
					} catch (error) {
						expect(GammaError.is(error, "artifact.outside")).toBe(true);
						return;
					}
					const inside = relative(into, resolve(into, ...names));
					const leaves = ["", ".."].includes(inside) || inside.startsWith(`..${sep}`) || inside.startsWith(sep);
					expect(leaves).toBe(false);
				},
			),
			{ numRuns: 300 },
		);
	});

	test("do not follow a link that waits where the file or its beginning goes", async () => {
		const secret = join(outside, "secret");
		writeFileSync(secret, "mine");
		symlinkSync(secret, join(into, "a.pt"));
		await get(memoryPlace({ "a.pt": bytes("theirs") }));
		expect(readFileSync(secret, "utf8")).toBe("mine");
		expect(readFileSync(join(into, "a.pt"), "utf8")).toBe("theirs");
	});

	test("go on after a loss where they were, file by file and part by part", async () => {
		const large = new Uint8Array(Buffer.alloc(3 * rangeBytes + 5, "a period of 251 or so"));
		let reads = 0;
		let failAt = 3;
		const place = memoryPlace({ "a.pt": bytes("a"), "b.pt": large }, () => {
			if (++reads === failAt) throw new GammaError("aws.unreachable", "S3 is away: try again.");
		});
		const done = new Set<string>();
		await expect(get(place, done)).rejects.toMatchObject({ code: "aws.unreachable" });
		failAt = 0;
		const before = reads;
		await get(place, done);
		// Of five parts in all two had come; the one that failed is asked for again.
		expect(reads - before).toBe(3);
		expect(Buffer.from(readFileSync(join(into, "b.pt"))).equals(Buffer.from(large))).toBe(true);
		expect(readdirSync(into).sort()).toEqual(["a.pt", "b.pt"]);
	});

	test("begin anew when the file is another by now, and give up on one that goes on to change", async () => {
		const files = { "a.pt": new Uint8Array(rangeBytes + 5).fill(1) };
		let changes = 1;
		const place = memoryPlace(files, () => {
			if (changes > 0) files["a.pt"] = new Uint8Array(rangeBytes + 5).fill(1 + changes--);
		});
		const { read } = place;
		const versioned: ArtifactPlace = {
			...place,
			read: async (path, range, version) => {
				const part = await read(path, range, version);
				if ((await place.stat(path)).version === version) return part;
				throw new GammaError("artifact.changed", "It changed meanwhile: refresh and begin again.");
			},
		};
		let restarts = 0;
		const download = () =>
			resumeDownload({
				...{ place: versioned, path: "a.pt", target: join(into, "a.pt"), signal: never, onProgress() {} },
				onRestart: () => restarts++,
			});
		expect((await download()).isVerified).toBe(true);
		expect(restarts).toBe(1);
		expect(readFileSync(join(into, "a.pt"))[rangeBytes]).toBe(2);
		rmSync(join(into, "a.pt"));
		changes = 100;
		await expect(download()).rejects.toMatchObject({ code: "artifact.changed" });
		expect(restarts).toBe(3);
		expect(readdirSync(into)).toEqual([]);
	});

	test("say what the disk says: a folder that may not be written, a name that is none", async () => {
		writeFileSync(join(into, "file"), "");
		const place = memoryPlace({ "a.pt": bytes("a") });
		const download = (target: string) =>
			resumeDownload({ place, path: "a.pt", target, signal: never, onProgress() {} });
		await expect(download(join(into, "file", "a.pt"))).rejects.toMatchObject({
			...{ code: "artifact.unwritable", message: expect.stringMatching(/a\.pt could not be written \(E\w+\): choose/) },
		});
		await expect(download(join(into, "n".repeat(300), "a.pt"))).rejects.toMatchObject({
			...{ code: "artifact.unwritable", message: expect.stringMatching(/longer name than that disk takes/) },
		});
	});

	test("leave nothing behind when they are called off", async () => {
		const abort = new AbortController();
		const place = memoryPlace({ "b.pt": new Uint8Array(2 * rangeBytes) }, () => abort.abort());
		const target = join(into, "b.pt");
		const download = resumeDownload({ place, path: "b.pt", target, signal: abort.signal, onProgress() {} });
		await expect(download).rejects.toMatchObject({ code: "call.cancelled" });
		expect(readdirSync(into)).toEqual([]);
	});
});

describe("a folder as a place", () => {
	let root: string;
	beforeEach(() => {
		root = mkdtempSync(join(tmpdir(), "gamma-folder-"));
		mkdirSync(join(root, "in", "deep"), { recursive: true });
		writeFileSync(join(root, "in", "deep", "a.pt"), "a");
		writeFileSync(join(root, "secret"), "mine");
		symlinkSync("..", join(root, "in", "out"));
	});
	afterEach(() => rmSync(root, { recursive: true, force: true }));

	const upload = (place: FolderArtifacts, path: string, replaces = false) =>
		place.changes.upload({ filePath: join(root, "secret"), path, replaces, signal: never, onProgress() {} });

	test("takes files up, replaces nothing unasked, and gives away what is deleted", async () => {
		const place = new FolderArtifacts(join(root, "in"));
		await upload(place, "deep/b.pt");
		await expect(upload(place, "deep/b.pt")).rejects.toMatchObject({ code: "artifact.outside" });
		await upload(place, "deep/b.pt", true);
		expect((await place.list("deep", null)).entries.map(({ path }) => path)).toEqual(["deep/a.pt", "deep/b.pt"]);
		expect(await place.changes.delete("deep", true, never)).toBe(2);
		expect(existsSync(join(root, "in", "deep"))).toBe(false);
	});

	test("writes and deletes nothing through a link out of it", async () => {
		const place = new FolderArtifacts(join(root, "in"));
		await expect(upload(place, "out/x")).rejects.toMatchObject({ code: "artifact.outside" });
		await expect(place.changes.delete("out/secret", false, never)).rejects.toMatchObject({ code: "artifact.outside" });
		await expect(place.changes.delete("", true, never)).rejects.toMatchObject({ code: "artifact.outside" });
		expect(readFileSync(join(root, "secret"), "utf8")).toBe("mine");
		expect(existsSync(join(root, "x"))).toBe(false);
	});

	test("a file that changed while it was read is not taken for the one it was", async () => {
		const place = new FolderArtifacts(join(root, "in"));
		const { version } = await place.stat("deep/a.pt");
		writeFileSync(join(root, "in", "deep", "a.pt"), "another");
		await expect(place.read("deep/a.pt", { offset: 0, length: 9 }, version)).rejects.toMatchObject({
			code: "artifact.changed",
		});
	});
});
