import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
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
const timeLimitMs = 10_000;
const maxHeapMb = 256;
/** Typed arrays are not on the heap: the process must not grow by more than this meanwhile. */
const maxGrowthBytes = 1024 * 2 ** 20;
const growthCheckMs = 50;

/** The decoder lies beside the program in dist/; in tests it is the source itself, whose types Node strips. */
const isBundled = __filename.endsWith(".cjs");
const here = dirname(__filename);

const answerSchema = z.discriminatedUnion("type", [
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

/** The first rows of a Parquet file, decoded in a thread that is stopped when it takes too much time or memory. */
export async function previewParquet(reader: RangeReader, signal?: AbortSignal): Promise<TablePreview> {
	const { sizeBytes } = reader;
	if (sizeBytes === null) throw unreadable("the store does not say how large it is");
	const task: ParquetTask = { part: "parquet", byteLength: sizeBytes, ...limits };
	const worker = new Worker(isBundled ? join(here, "parquet.cjs") : join(here, "../lazy/parquet.ts"), {
		workerData: task,
		// From source, Node tells for every start how it would rather have it.
		execArgv: isBundled ? [] : ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"],
		resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: 32 },
	});
	const timers: NodeJS.Timeout[] = [];
	const onAbort = () => void worker.terminate();
	try {
		return await new Promise<TablePreview>((resolve, reject) => {
			let readBytes = 0;
			const send = async (id: number, start: number, end: number): Promise<void> => {
				readBytes += end - start;
				if (readBytes > maxReadBytes) throw unreadable("its footer or its columns are too large");
				const bytes = Uint8Array.from(await reader.exactly(start, end - start));
				worker.postMessage({ id, bytes: bytes.buffer } satisfies ToParquet, [bytes.buffer]);
			};
			worker.on("message", (raw: unknown) => {
				const answer = answerSchema.parse(raw);
				if (answer.type === "slice") send(answer.id, answer.start, answer.end).catch(reject);
				else if (answer.type === "failed") reject(unreadable(`its Parquet is damaged or unusual (${answer.reason})`));
				else resolve({ kind: "table", ...withoutType(answer) });
			});
			worker.on("error", (error) => reject(unreadable(`its Parquet is damaged (${error.message})`)));
			worker.on("exit", () => reject(cancelledOr(signal, unreadable("its Parquet ended the decoder"))));
			timers.push(setTimeout(() => reject(unreadable("decoding its Parquet takes too long")), timeLimitMs));
			const before = process.memoryUsage.rss();
			const check = () => {
				if (process.memoryUsage.rss() - before > maxGrowthBytes) reject(unreadable("its Parquet claims too much"));
			};
			timers.push(setInterval(check, growthCheckMs));
			signal?.addEventListener("abort", onAbort, { once: true });
			if (signal?.aborted) onAbort();
		});
	} finally {
		for (const timer of timers) clearTimeout(timer);
		signal?.removeEventListener("abort", onAbort);
		await worker.terminate();
	}
}

function withoutType<T extends { type: string }>({ type: _, ...rest }: T): Omit<T, "type"> {
	return rest;
}

function cancelledOr(signal: AbortSignal | undefined, error: GammaError): GammaError {
	return signal?.aborted ? new GammaError("call.cancelled", "The preview was cancelled.") : error;
}
