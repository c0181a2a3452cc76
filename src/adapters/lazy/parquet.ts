/**
 * Reads the first rows of a Parquet file, as a process of its own (dist/parquet.cjs): one flipped bit in a page can make a decoder
 * fill memory or never end, and running out of memory in a thread takes the whole process with it. Needs no other file of Gamma's.
 *
 * Started with the argument `parquet-decoder`; gets one `ParquetTask`, asks for bytes with `{type: "slice"}` and answers once,
 * with `table` or `failed`.
 */
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
	readonly bytes: Uint8Array | null;
}

/** A page says how long it is when unpacked; what says more than this is not believed. */
const maxPageBytes = 256 * 2 ** 20;

const cutBytes = 4n * 2n ** 20n;

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
	try {
		return await readRows(task, file, withColumnsCut(metadata));
	} catch {
		// A page did not fit into what was read of its column.
		return await readRows(task, file, metadata);
	}
}

async function readRows(task: ParquetTask, file: AsyncBuffer, metadata: FileMetaData): Promise<FromParquet> {
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
			rowFormat: "object",
			onComplete: (read) => {
				rows = read.map((row) => names.map((name) => cellText(row[name], task.maxCellLength)));
			},
		});
	}
	const truncated = totalRows > rows.length || shown.length < columns.length;
	return { type: "table", columns: shown.length > 0 ? shown : columns, rows, totalRows, truncated };
}

/**
 * The same file as if its flat columns ended after some megabytes: the first rows are in the first page or two (by default of
 * 1 MiB each, after a dictionary of 1 MiB), and the decoder stops there. Columns of lists are read to their end.
 */
function withColumnsCut(metadata: FileMetaData): FileMetaData {
	const cut = (group: FileMetaData["row_groups"][number]) => ({
		...group,
		columns: group.columns.map((column) => {
			const meta = column.meta_data;
			if (meta?.path_in_schema.length !== 1 || meta.total_compressed_size <= cutBytes) return column;
			return { ...column, meta_data: { ...meta, total_compressed_size: cutBytes } };
		}),
	});
	return { ...metadata, row_groups: metadata.row_groups.map(cut) };
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

/** Arrays beyond the heap's limit are typed ones: none that a damaged header asks for may be larger than a page. */
function limitTypedArrays(): void {
	for (const type of [Uint8Array, Int32Array, Float32Array, Float64Array, BigInt64Array]) {
		Reflect.set(
			globalThis,
			type.name,
			new Proxy(type, {
				construct(target, args: unknown[]) {
					const [length] = args;
					if (typeof length === "number" && length * type.BYTES_PER_ELEMENT > maxPageBytes) {
						throw new Error("it claims too many values");
					}
					return Reflect.construct(target, args);
				},
			}),
		);
	}
}

async function serve(task: ParquetTask): Promise<void> {
	const waiting = new Map<number, (bytes: Uint8Array | null) => void>();
	let nextId = 1;
	const send = (message: FromParquet) => process.send?.(message);
	process.on("message", ({ id, bytes }: ToParquet) => {
		waiting.get(id)?.(bytes);
		waiting.delete(id);
	});
	const file: AsyncBuffer = {
		byteLength: task.byteLength,
		slice: (start, end = task.byteLength) =>
			new Promise((resolve, reject) => {
				const id = nextId++;
				waiting.set(id, (bytes) => {
					if (bytes) resolve(new Uint8Array(bytes).buffer);
					else reject(new Error("it asks for bytes it does not have"));
				});
				send({ type: "slice", id, start, end });
			}),
	};
	try {
		send(await readTable(task, file));
	} catch (error) {
		send({ type: "failed", reason: error instanceof Error ? error.message : String(error) });
	}
}

if (process.argv[2] === "parquet-decoder") {
	limitTypedArrays();
	process.once("message", serve);
	process.once("disconnect", () => process.exit());
}
