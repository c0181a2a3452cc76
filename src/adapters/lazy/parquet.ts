/**
 * Reads the first rows of a Parquet file, as a worker thread of its own (dist/parquet.cjs): one flipped bit in a page can make
 * a decoder fill memory or never end, and only a thread can be given limits and be stopped. Needs no other file of Gamma's.
 *
 * Started with `ParquetTask` as its workerData; asks for bytes with `{type: "slice"}` and answers once, with `table` or `failed`.
 */
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import * as zlib from "node:zlib";
import {
	type AsyncBuffer,
	type Compressors,
	type FileMetaData,
	parquetMetadataAsync,
	parquetRead,
	parquetSchema,
} from "hyparquet";

export interface ParquetTask {
	readonly part: "parquet";
	readonly byteLength: number;
	readonly maxRows: number;
	readonly maxColumns: number;
	readonly maxCellLength: number;
	/** Of the columns' compressed bytes; columns beyond it are left out. */
	readonly maxColumnBytes: number;
}

export type FromParquet =
	| { readonly type: "slice"; readonly id: number; readonly start: number; readonly end: number }
	| {
			readonly type: "table";
			readonly columns: { name: string; type: string }[];
			readonly rows: string[][];
			readonly totalRows: number;
			readonly truncated: boolean;
	  }
	| { readonly type: "failed"; readonly reason: string };

/** `bytes` null: they could not be read. */
export interface ToParquet {
	readonly id: number;
	readonly bytes: ArrayBuffer | null;
}

/** A page says how long it is when unpacked; what says more than this is not believed. */
const maxPageBytes = 256 * 2 ** 20;

const compressors: Compressors = {
	GZIP: (input, length) => zlib.gunzipSync(input, limited(length)),
	BROTLI: (input, length) => zlib.brotliDecompressSync(input, limited(length)),
	// Absent before Node 22.15.
	...("zstdDecompressSync" in zlib && {
		ZSTD: (input: Uint8Array, length: number) => zlib.zstdDecompressSync(input, limited(length)),
	}),
};

function limited(length: number): { maxOutputLength: number } {
	return { maxOutputLength: Math.max(1, Math.min(length, maxPageBytes)) };
}

async function readTable(task: ParquetTask, file: AsyncBuffer): Promise<FromParquet> {
	const metadata = await parquetMetadataAsync(file);
	const columns = parquetSchema(metadata).children.map(({ element }) => ({
		name: element.name,
		type: element.logical_type?.type ?? element.converted_type ?? element.type ?? "GROUP",
	}));
	const totalRows = Number(metadata.num_rows);
	const rowEnd = Math.min(task.maxRows, totalRows);
	const affordable = affordableColumns(metadata, rowEnd, task);
	const shown = columns.filter(({ name }) => rowEnd === 0 || affordable.has(name)).slice(0, task.maxColumns);
	const names = shown.map(({ name }) => name);
	let rows: string[][] = [];
	if (names.length > 0 && rowEnd > 0) {
		await parquetRead({
			file,
			metadata,
			columns: names,
			rowEnd,
			compressors,
			useOffsetIndex: true,
			rowFormat: "object",
			onComplete: (read) => {
				rows = read.map((row) => names.map((name) => cellText(row[name], task.maxCellLength)));
			},
		});
	}
	const truncated = totalRows > rows.length || shown.length < columns.length;
	return { type: "table", columns: shown.length > 0 ? shown : columns, rows, totalRows, truncated };
}

/** The columns, from the first on, whose bytes in the row groups that hold the first rows are within the budget. */
function affordableColumns(metadata: FileMetaData, rowEnd: number, { maxColumnBytes }: ParquetTask): Set<string> {
	const bytes = new Map<string, number>();
	let rows = 0;
	for (const group of metadata.row_groups) {
		if (rows >= rowEnd) break;
		rows += Number(group.num_rows);
		for (const { meta_data } of group.columns) {
			const name = meta_data?.path_in_schema[0];
			if (name !== undefined) bytes.set(name, (bytes.get(name) ?? 0) + Number(meta_data?.total_compressed_size));
		}
	}
	const affordable = new Set<string>();
	let left = maxColumnBytes;
	for (const [name, size] of bytes) {
		if (size > left) continue;
		left -= size;
		affordable.add(name);
	}
	return affordable;
}

function cellText(value: unknown, maxLength: number): string {
	const text = plainText(value);
	return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

function plainText(value: unknown): string {
	if (value === null || value === undefined) return "";
	if (typeof value === "string") return value;
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
	if (value instanceof Uint8Array) return Buffer.from(value.subarray(0, 64)).toString("hex");
	if (typeof value !== "object") return String(value);
	return JSON.stringify(value, (_, part: unknown) =>
		typeof part === "bigint" || (typeof part === "number" && !Number.isFinite(part)) ? String(part) : part,
	);
}

function serve(task: ParquetTask): void {
	const port = parentPort;
	if (!port) return;
	const waiting = new Map<number, { resolve(bytes: ArrayBuffer): void; reject(error: Error): void }>();
	let nextId = 1;
	port.on("message", ({ id, bytes }: ToParquet) => {
		if (bytes) waiting.get(id)?.resolve(bytes);
		else waiting.get(id)?.reject(new Error("it asks for bytes it does not have"));
		waiting.delete(id);
	});
	const file: AsyncBuffer = {
		byteLength: task.byteLength,
		slice: (start, end = task.byteLength) =>
			new Promise((resolve, reject) => {
				const id = nextId++;
				waiting.set(id, { resolve, reject });
				port.postMessage({ type: "slice", id, start, end } satisfies FromParquet);
			}),
	};
	readTable(task, file).then(
		(table) => port.postMessage(table),
		(error: unknown) => {
			const reason = error instanceof Error ? error.message : String(error);
			port.postMessage({ type: "failed", reason } satisfies FromParquet);
		},
	);
}

if (!isMainThread && workerData?.part === "parquet") serve(workerData);
