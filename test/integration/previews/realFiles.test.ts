import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LocalArtifacts } from "../../../src/adapters/artifacts/localArtifacts";
import { previewArtifact } from "../../../src/adapters/previews/previewArtifact";
import type { GammaError } from "../../../src/shared/errors";
import type { ArrayPreview, Preview, TablePreview } from "../../../src/shared/preview";

const python = process.env.GAMMA_PYTHON;

interface Expected {
	arrays: Record<
		string,
		{ shape: number[]; dtype: string; values: string[]; min: number | null; max: number | null; mean: number | null }
	>;
	codecs: string[];
	ids: number[];
	losses: number[];
	names: string[];
	rows: number;
}

describe.skipIf(!python)("files from NumPy, pandas and pyarrow (skipped: no GAMMA_PYTHON)", () => {
	const root = mkdtempSync(join(tmpdir(), "gamma-preview-"));
	const artifacts = new LocalArtifacts(root);
	let expected: Expected;
	let readBytes = 0;

	beforeAll(async () => {
		const script = resolve(import.meta.dirname, "../../support/python/previewFiles.py");
		const { stdout } = await promisify(execFile)(python ?? "", [script, root], { maxBuffer: 2 ** 26 });
		expected = JSON.parse(stdout);
	});
	afterAll(() => rmSync(root, { recursive: true, force: true }));

	async function preview(path: string): Promise<Preview> {
		readBytes = 0;
		const { size } = await stat(join(root, path));
		return previewArtifact(
			async (range) => {
				const answer = await artifacts.read(path, range);
				readBytes += answer.bytes.length;
				return answer;
			},
			path,
			size,
		);
	}
	async function table(path: string): Promise<TablePreview> {
		const found = await preview(path);
		if (found.kind !== "table") throw new Error(`${path} is a ${found.kind}`);
		return found;
	}

	function expectArray(entry: ArrayPreview | undefined, name: string): void {
		const wanted = expected.arrays[name]!;
		expect(entry?.shape, name).toEqual(wanted.shape);
		expect(entry?.dtype, name).toBe(wanted.dtype);
		expect(entry?.note, name).toBeNull();
		const isNumber = wanted.min !== null && name !== "bool";
		if (isNumber && name !== "large") {
			const shown = entry?.values.map(Number) ?? [];
			// A narrow float is shown in fewer digits than Python gives its double.
			const digits = name.startsWith("float16") ? 2 ** -11 : name.startsWith("float32") ? 6e-8 : 0;
			for (const [at, value] of wanted.values.entries()) {
				const number = Number(value.replace("inf", "Infinity"));
				if (digits === 0) expect(shown[at], name).toBe(number);
				else expect(Math.abs(shown[at]! - number), name).toBeLessThanOrEqual(Math.abs(number) * digits);
			}
		}
		if (["i", "u", "b"].includes(name[0]!) && name !== "bytes") expect(entry?.values, name).toEqual(wanted.values);
		if (name === "large") return;
		expect(entry?.min ?? null, name).toBe(wanted.min);
		expect(entry?.max ?? null, name).toBe(wanted.max);
		if (wanted.mean === null) expect(entry?.mean ?? null, name).toBe(null);
		else expect(entry?.mean, name).toBeCloseTo(wanted.mean, 9);
	}

	test("npy of every number type, both byte orders", async () => {
		for (const name of Object.keys(expected.arrays)) {
			const found = await preview(`${name}.npy`);
			if (found.kind !== "array") throw new Error(`${name} is a ${found.kind}`);
			expectArray(found.entries[0], name);
			expect(found.truncated, name).toBe(name === "large");
		}
	});

	test("npy of texts, dates, complex numbers and Fortran order", async () => {
		const values = async (name: string) => {
			const found = await preview(`${name}.npy`);
			return found.kind === "array" ? found.entries[0]?.values : null;
		};
		expect(await values("unicode")).toEqual(["é", "損失", "", "abcdef"]);
		expect(await values("unicode big")).toEqual(["é", "abc"]);
		expect(await values("bytes")).toEqual(["ab", "", "xyz"]);
		expect(await values("dates")).toEqual(["2024-02-29T12:34:56.789Z", "NaT"]);
		expect(await values("days")).toEqual(["1969-12-31T00:00:00.000Z"]);
		expect(await values("complex64")).toEqual(["1+2j", "-0.5-1000j"]);
		expect(await values("most int64")).toEqual(["9223372036854775807", "-9223372036854775808"]);
		expect(await values("fortran")).toEqual(["0", "4", "8", "1", "5", "9", "2", "6", "10", "3", "7", "11"]);
		expect(await preview("fortran.npy")).toMatchObject({ entries: [{ order: "column", shape: [3, 4] }] });
		expect(await preview("nonfinite.npy")).toMatchObject({ entries: [{ nonFiniteValues: 3, min: 1, max: 3 }] });
	});

	test("object arrays and records are named, never run", async () => {
		expect(await preview("objects.npy")).toMatchObject({
			entries: [{ dtype: "object", values: [], note: expect.stringContaining("not shown") }],
		});
		expect(await preview("records.npy")).toMatchObject({ entries: [{ dtype: "structured", values: [] }] });
	});

	test("npz, stored and deflated, reading no more than the beginnings", async () => {
		for (const archive of ["stored.npz", "deflated.npz"]) {
			const found = await preview(archive);
			if (found.kind !== "array") throw new Error(`${archive} is a ${found.kind}`);
			const byName = new Map(found.entries.map((entry) => [entry.name, entry]));
			for (const name of Object.keys(expected.arrays)) expectArray(byName.get(name.replaceAll(" ", "_")), name);
			expect(byName.get("large")?.countedValues).toBe(2 ** 21);
			expect(found.truncated).toBe(true);
			expect(readBytes).toBeLessThan(10 * 2 ** 20);
		}
	});

	test("Parquet in every usual compression", async () => {
		for (const file of [...expected.codecs, "groups"]) {
			const { columns, rows, totalRows, truncated } = await table(`${file}.parquet`);
			expect(columns.map(({ name }) => name)).toEqual(["id", "loss", "name", "maybe", "flag", "when", "list"]);
			expect({ rows: rows.length, totalRows, truncated }).toEqual({
				rows: 500,
				totalRows: expected.rows,
				truncated: true,
			});
			expect(rows.map((row) => Number(row[0]))).toEqual(expected.ids);
			expect(rows.map((row) => Number(row[1]))).toEqual(expected.losses);
			expect(rows.map((row) => row[2])).toEqual(expected.names);
			expect(rows[1]).toEqual([
				"1",
				String(expected.losses[1]),
				expected.names[1],
				"",
				"false",
				"2024-01-01T01:00:00.000Z",
				'["1","2"]',
			]);
		}
		await expect(preview("lz4.parquet")).rejects.toMatchObject({ code: "artifact.unreadable" });
	});

	test("Parquet with no rows, a thousand columns, or columns too large to read", async () => {
		expect(await table("none.rows.parquet")).toMatchObject({ rows: [], totalRows: 0, truncated: false });
		const wide = await table("wide.parquet");
		expect([wide.columns.length, wide.rows.length, wide.truncated]).toEqual([300, 20, true]);
		const big = await table("big.parquet");
		expect([big.columns.length, big.rows.length, big.totalRows]).toEqual([4, 500, 3_000_000]);
		expect(readBytes).toBeLessThan(18 * 2 ** 20);
		const onePage = await table("one.page.parquet");
		expect([onePage.columns.length, onePage.rows.length]).toEqual([2, 500]);
	});

	test("Parquet with a page that would fill the memory is stopped, and the process goes on", async () => {
		const bytes = readFileSync(join(root, "none.parquet"));
		// The first page's run of 5,000 definition levels (as a varint, doubled) becomes one of a thousand million.
		const run = bytes.indexOf(Buffer.from("03000000904e01", "hex"));
		expect(run).toBeGreaterThan(0);
		bytes.set(Buffer.from("feffffff07", "hex"), run + 4);
		writeFileSync(join(root, "bomb.parquet"), bytes);
		const before = process.memoryUsage.rss();
		await expect(preview("bomb.parquet")).rejects.toMatchObject({ code: "artifact.unreadable" });
		expect(process.memoryUsage.rss() - before).toBeLessThan(1.5 * 2 ** 30);
		expect(await table("snappy.parquet")).toMatchObject({ totalRows: expected.rows });
	});

	test("Parquet with a changed bit is a table or refused, in either case soon", async () => {
		const bytes = readFileSync(join(root, "snappy.parquet"));
		for (let at = 0; at < 24; at++) {
			const place = at % 2 ? bytes.length - 1 - at * 97 : at * 9973;
			const changed = Buffer.from(bytes);
			changed[place] = changed[place]! ^ (1 << (at % 8));
			writeFileSync(join(root, "changed.parquet"), changed);
			const result = await preview("changed.parquet").then(
				({ kind }) => kind,
				({ code }: GammaError) => code,
			);
			expect(["table", "artifact.unreadable"], `byte ${place}`).toContain(result);
		}
	});

	test("Parquet can be cancelled", async () => {
		const cancelled = new AbortController();
		const bytes = readFileSync(join(root, "snappy.parquet"));
		const reading = previewArtifact(
			async ({ offset, length }) => {
				if (offset > 0) cancelled.abort();
				return { bytes: bytes.subarray(offset, offset + length), totalBytes: bytes.length };
			},
			"x.parquet",
			bytes.length,
			cancelled.signal,
		);
		await expect(reading).rejects.toMatchObject({ code: "call.cancelled" });
	});

	test("CSV as pandas writes it, whatever the delimiter", async () => {
		for (const file of ["frame.csv", "frame.tsv", "semicolons.csv"]) {
			const { columns, rows } = await table(file);
			expect(columns.map(({ name }) => name)).toEqual(["id", "loss", "name", "maybe", "flag", "when", "list"]);
			expect(columns.map(({ type }) => type).slice(0, 5)).toEqual(["number", "number", "text", "number", "boolean"]);
			expect(rows.slice(0, 20).map((row) => row[2])).toEqual(expected.names.slice(0, 20));
			expect(rows.slice(0, 20).map((row) => Number(row[1]))).toEqual(expected.losses.slice(0, 20));
		}
		expect(await table("frame.csv")).toMatchObject({ totalRows: expected.rows, truncated: true });
	});
});
