import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { previewArtifact } from "../../../../src/adapters/previews/previewArtifact";
import type { ByteRange } from "../../../../src/core/stores/trackingStore";
import { GammaError } from "../../../../src/shared/errors";
import type { Preview } from "../../../../src/shared/preview";

/** What an artifact of these bytes shows, and how many of them were read. */
async function preview(path: string, bytes: Uint8Array, sizeBytes: number | null = bytes.length) {
	let readBytes = 0;
	const read = async ({ offset, length }: ByteRange) => {
		const part = bytes.subarray(offset, offset + length);
		readBytes += part.length;
		return { bytes: part, totalBytes: sizeBytes };
	};
	const shown: Preview = await previewArtifact(read, path, sizeBytes);
	return { shown, readBytes };
}

const show = async (path: string, bytes: Uint8Array | string) =>
	(await preview(path, typeof bytes === "string" ? Buffer.from(bytes) : bytes)).shown;

async function refusal(path: string, bytes: Uint8Array): Promise<string> {
	const start = performance.now();
	try {
		await show(path, bytes);
	} catch (error) {
		if (!GammaError.is(error, "artifact.unreadable")) throw error;
		expect(performance.now() - start).toBeLessThan(5000);
		return error.message;
	}
	return "shown";
}

function npy(header: string, data: Uint8Array = new Uint8Array()): Buffer {
	const start = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, 0, 0]);
	start.writeUInt16LE(header.length, 8);
	return Buffer.concat([start, Buffer.from(header), data]);
}

const floats = (shape: string) => `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }\n`;

interface ZipPart {
	name: string;
	bytes: Uint8Array;
	method?: number;
	/** What the directory claims. */
	sizeBytes?: number;
	flags?: number;
}

function zip(parts: ZipPart[]): Buffer {
	const files: Buffer[] = [];
	const directory: Buffer[] = [];
	let offset = 0;
	for (const { name, bytes, method = 0, sizeBytes = bytes.length, flags = 0 } of parts) {
		const local = Buffer.alloc(30);
		local.writeUInt32LE(0x04034b50, 0);
		local.writeUInt16LE(name.length, 26);
		const entry = Buffer.alloc(46);
		entry.writeUInt32LE(0x02014b50, 0);
		entry.writeUInt16LE(flags, 8);
		entry.writeUInt16LE(method, 10);
		entry.writeUInt32LE(bytes.length, 20);
		entry.writeUInt32LE(sizeBytes, 24);
		entry.writeUInt16LE(name.length, 28);
		entry.writeUInt32LE(offset, 42);
		files.push(local, Buffer.from(name), Buffer.from(bytes));
		directory.push(entry, Buffer.from(name));
		offset += 30 + name.length + bytes.length;
	}
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt32LE(Buffer.concat(directory).length, 12);
	end.writeUInt32LE(offset, 16);
	return Buffer.concat([...files, ...directory, end]);
}

describe("an artifact is shown as", () => {
	test("text, with the language of its ending", async () => {
		expect(await show("train.py", "print('é')")).toEqual({
			kind: "text",
			text: "print('é')",
			truncated: false,
			language: "python",
		});
		expect(await show("report.HTML", "<script>alert(1)</script>")).toMatchObject({ kind: "text", language: "html" });
		expect(await show("LICENSE", "")).toMatchObject({ kind: "text", text: "", language: null });
	});

	test("Markdown, JSON or a table", async () => {
		expect(await show("README.md", "# Hi")).toEqual({ kind: "markdown", text: "# Hi", truncated: false });
		expect(await show("a/config.json", '{"lr":1e-3}')).toMatchObject({ kind: "json", text: '{\n  "lr": 1e-3\n}' });
		expect(await show("x.csv", "a,b\n1,2\n")).toMatchObject({ kind: "table", rows: [["1", "2"]] });
		expect(await show("x.tsv", "a,b\tc\n1\t2\n")).toMatchObject({
			kind: "table",
			columns: [{ name: "a,b" }, { name: "c" }],
		});
	});

	test("an image by what it is, not by its name", async () => {
		const png = Buffer.from("89504e470d0a1a0a0000", "hex");
		expect(await show("plot.txt", png)).toEqual({ kind: "image", mimeType: "image/png", bytes: png });
		expect(await show("a.jpg", Buffer.from("ffd8ffe0", "hex"))).toMatchObject({ mimeType: "image/jpeg" });
		expect(await show("a.gif", "GIF89a")).toMatchObject({ mimeType: "image/gif" });
		expect(await show("a.webp", "RIFF____WEBPVP8 ")).toMatchObject({ mimeType: "image/webp" });
		expect(await show("a.svg", "<?xml version='1.0'?><svg/>")).toMatchObject({
			kind: "image",
			mimeType: "image/svg+xml",
		});
		expect(await show("a.svg", "<html>")).toMatchObject({ kind: "text", language: "xml" });
		expect(await show("a.png", "no image")).toMatchObject({ kind: "text" });
	});

	test("its first bytes, when it is nothing known", async () => {
		expect(await show("model.pkl", Buffer.from([0x80, 4, 0x95, 0]))).toMatchObject({
			kind: "binary",
			hexHead: expect.stringContaining("80 04 95 00"),
			sizeBytes: 4,
		});
	});
});

describe("of a large artifact", () => {
	test("only the beginning is read", async () => {
		const text = Buffer.alloc(5_000_000, "0123456789,é\n");
		for (const path of ["log.txt", "x.csv", "x.json", "x.md"]) {
			const { shown, readBytes } = await preview(path, text);
			expect(shown, path).toMatchObject({ truncated: true });
			expect(readBytes, path).toBeLessThan(1.2 * 2 ** 20);
		}
		const { shown, readBytes } = await preview("model.bin", Buffer.alloc(5_000_000));
		expect(shown).toMatchObject({ kind: "binary", sizeBytes: 5_000_000 });
		expect(readBytes).toBeLessThanOrEqual(65_536);
	});

	test("an image is not read at all", async () => {
		const png = Buffer.alloc(100_000);
		png.set(Buffer.from("89504e470d0a1a0a", "hex"));
		const { shown, readBytes } = await preview("big.png", png, 50_000_000);
		expect(shown).toEqual({ kind: "tooLarge", sizeBytes: 50_000_000, limitBytes: 24 * 2 ** 20 });
		expect(readBytes).toBeLessThanOrEqual(65_536);
	});

	test("whose size is not known, texts are shown all the same", async () => {
		expect((await preview("a.txt", Buffer.from("abc"), null)).shown).toMatchObject({ text: "abc", truncated: false });
	});
});

describe("a hostile array", () => {
	test("that claims more than it holds is refused", async () => {
		expect(await refusal("a.npy", npy(floats("(1000000000000000000,)")))).toContain("claims an array of shape");
		expect(await refusal("a.npy", npy(floats("(1000000000, 1000000000)")))).toContain("claims an array of shape");
		expect(await refusal("a.npy", npy(floats("(3,)"), Buffer.alloc(11)))).toContain("claims an array of shape");
		expect(await refusal("a.npy", npy(floats(`(${"9".repeat(400)}, 0)`)))).toContain("impossible shape");
		expect(await refusal("a.npy", npy(floats(`(${"1, ".repeat(100)})`), Buffer.alloc(4)))).toContain(
			"impossible shape",
		);
	});

	test("whose header is no header is refused", async () => {
		expect(await refusal("a.npy", Buffer.from("hello"))).toContain("does not begin as");
		expect(await refusal("a.npy", npy("__import__('os').system('true')"))).toContain("no shape");
		expect(await refusal("a.npy", npy("{'descr': 'exec', 'fortran_order': False, 'shape': (1,)}"))).toContain(
			"names no type",
		);
		expect(await refusal("a.npy", npy(floats("(-1,)")))).toContain("no shape");
		const long = npy(floats("(1,)"));
		long.writeUInt16LE(65_535, 8);
		expect(await refusal("a.npy", long)).toContain("longer than NumPy allows");
		const whole = npy(floats("(1,)"), Buffer.alloc(4));
		for (let cut = 0; cut < whole.length; cut++)
			expect(await refusal("a.npy", whole.subarray(0, cut))).not.toBe("shown");
	});

	test("with a shape that has a zero, or no dimension, is shown", async () => {
		expect(await show("a.npy", npy(floats("(0, 1000000000000000000)")))).toMatchObject({ entries: [{ values: [] }] });
		expect(await show("a.npy", npy(floats("()"), Buffer.alloc(4)))).toMatchObject({
			entries: [{ values: ["0"], shape: [] }],
		});
	});

	test("of objects is a program, and is not run", async () => {
		const header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }";
		expect(await show("a.npy", npy(header, Buffer.from("cos\nsystem\n")))).toMatchObject({
			entries: [{ dtype: "object", values: [], note: expect.stringMatching(/^Object array, not shown/) }],
		});
	});
});

describe("a hostile npz", () => {
	const array = npy(floats("(2,)"), Buffer.alloc(8));

	test("is shown as far as its arrays are sound", async () => {
		const deflated = deflateRawSync(array);
		const archive = zip([
			{ name: "../../a.npy", bytes: array },
			{ name: "b.npy", bytes: deflated, method: 8, sizeBytes: array.length },
			{ name: "notes.txt", bytes: Buffer.from("x") },
		]);
		expect(await show("x.npz", archive)).toMatchObject({
			kind: "array",
			entries: [{ name: "../../a" }, { name: "b", values: ["0", "0"] }],
			truncated: false,
		});
	});

	test("that unpacks to gigabytes is unpacked no further than is shown", async () => {
		const unpacked = Buffer.concat([npy(floats("(50000000,)")), Buffer.alloc(200_000_000)]);
		const bomb = deflateRawSync(unpacked);
		const before = process.memoryUsage.rss();
		const { shown, readBytes } = await preview(
			"x.npz",
			zip([{ name: "a.npy", bytes: bomb, method: 8, sizeBytes: unpacked.length }]),
		);
		expect(shown).toMatchObject({ entries: [{ shape: [50_000_000], max: 0 }], truncated: true });
		expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 2 ** 20);
		expect(readBytes).toBeLessThan(bomb.length + 200_000);
	});

	test("that lies about sizes, methods or places is refused", async () => {
		const lies: ZipPart[] = [
			{ name: "a.npy", bytes: deflateRawSync(npy(floats("(1000,)"))), method: 8, sizeBytes: 5000 },
			{ name: "a.npy", bytes: Buffer.from("not deflated at all"), method: 8, sizeBytes: 1000 },
			{ name: "a.npy", bytes: array, method: 99 },
			{ name: "a.npy", bytes: array, flags: 1 },
			{ name: "a.npy", bytes: npy(floats("(1000000,)")) },
		];
		for (const lie of lies) expect(await refusal("x.npz", zip([lie]))).not.toBe("shown");
		expect(await refusal("x.npz", Buffer.from("PK no"))).toContain("no zip directory");
		const moved = zip([{ name: "a.npy", bytes: array }]);
		moved.writeUInt32LE(0xfffffff0, moved.length - 6);
		expect(await refusal("x.npz", moved)).toContain("beyond its end");
	});

	test("cut anywhere, or with any byte changed, is shown or refused, never more", async () => {
		const archive = zip([{ name: "a.npy", bytes: deflateRawSync(array), method: 8, sizeBytes: array.length }]);
		for (let at = 0; at < archive.length; at++) {
			await refusal("x.npz", archive.subarray(0, at));
			const changed = Buffer.from(archive);
			changed[at] = changed[at]! ^ 0xff;
			await refusal("x.npz", changed);
		}
	});
});
