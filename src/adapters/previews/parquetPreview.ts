import { fork } from "node:child_process";
import { dirname, join } from "node:path";
import * as z from "zod/mini";
import { unreadable } from "../../core/previews/unreadable";
import { GammaError } from "../../shared/errors";
import type { TablePreview } from "../../shared/preview";
import type { ParquetTask, ToParquet } from "../lazy/parquet";
import type { RangeReader } from "./rangeReader";

const limits = { maxRows: 500, maxColumns: 300, maxCellLength: 1000, maxColumnBytes: 48 * 2 ** 20 };
/** Of all that the decoder may ask for: the columns, and a footer (which for thousands of columns is some megabytes). */
const maxReadBytes = 96 * 2 ** 20;
/** A sound file of this size takes well under a second. */
const timeLimitMs = 8_000;
const maxHeapMb = 256;

/** The decoder lies beside the program in dist/; in tests it is the source itself, whose types Node strips. */
const isBundled = __filename.endsWith(".cjs");
const here = dirname(__filename);

const messageSchema = z.discriminatedUnion("type", [
	z.object({ type: z.literal("slice"), id: z.number(), start: z.number(), end: z.number() }),
	z.object({
		type: z.literal("table"),
		columns: z.array(z.object({ name: z.string(), type: z.string() })),
		rows: z.array(z.array(z.string())),
		totalRows: z.number(),
		truncated: z.boolean(),
	}),
	z.object({ type: z.literal("failed"), reason: z.string() }),
]);

/** The first rows of a Parquet file, decoded in a process that is stopped when it takes too much time or memory. */
export async function previewParquet(reader: RangeReader, signal?: AbortSignal): Promise<TablePreview> {
	const { sizeBytes } = reader;
	if (sizeBytes === null) throw unreadable("the store does not say how large it is");
	const task: ParquetTask = { byteLength: sizeBytes, ...limits };
	const { NODE_OPTIONS: _, ...env } = process.env;
	const decoder = fork(isBundled ? join(here, "parquet.cjs") : join(here, "../lazy/parquet.ts"), ["parquet-decoder"], {
		// The editor's own executable runs a script only when told so.
		env: { ...env, ELECTRON_RUN_AS_NODE: "1" },
		execArgv: [`--max-old-space-size=${maxHeapMb}`],
		serialization: "advanced",
		stdio: ["ignore", "ignore", "ignore", "ipc"],
	});
	const onAbort = () => decoder.kill("SIGKILL");
	let timer: NodeJS.Timeout | undefined;
	try {
		return await new Promise<TablePreview>((resolve, reject) => {
			let readBytes = 0;
			const answer = async (id: number, start: number, end: number): Promise<void> => {
				readBytes += end - start;
				if (readBytes > maxReadBytes) throw unreadable("its footer or its columns are too large");
				decoder.send({ id, bytes: Uint8Array.from(await reader.exactly(start, end - start)) } satisfies ToParquet);
			};
			decoder.on("message", (raw: unknown) => {
				const message = messageSchema.parse(raw);
				if (message.type === "slice") answer(message.id, message.start, message.end).catch(reject);
				else if (message.type === "failed") {
					reject(unreadable(`its Parquet is damaged or unusual (${message.reason})`));
				} else resolve({ kind: "table", ...withoutType(message) });
			});
			decoder.on("error", (error) =>
				reject(cancelledOr(signal, unreadable(`the decoder could not be started (${error.message})`))),
			);
			decoder.on("exit", () =>
				reject(cancelledOr(signal, unreadable("its Parquet takes more memory than it has bytes for"))),
			);
			timer = setTimeout(() => reject(unreadable("decoding its Parquet takes too long")), timeLimitMs);
			signal?.addEventListener("abort", onAbort, { once: true });
			if (signal?.aborted) onAbort();
			decoder.send(task);
		});
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener("abort", onAbort);
		decoder.removeAllListeners();
		// What it may still send or fail with concerns nobody.
		decoder.on("error", () => {});
		decoder.kill("SIGKILL");
	}
}

function withoutType<T extends { type: string }>({ type: _, ...rest }: T): Omit<T, "type"> {
	return rest;
}

function cancelledOr(signal: AbortSignal | undefined, error: GammaError): GammaError {
	return signal?.aborted ? new GammaError("call.cancelled", "The preview was cancelled.") : error;
}
