import * as z from "zod/mini";
import { unreadable } from "../previews/unreadable";
import { type CheckpointContents, type CheckpointTensor, tensorBytes } from "./checkpointContents";

/** Before the header: how long it is. */
export const safetensorsPrefixBytes = 8;
/** A header of 100,000 tensors has less; what claims more is no header. */
const mostHeaderBytes = 32 * 2 ** 20;
const mostFacts = 200;

const size = z.number().check(z.int(), z.gte(0));
const entry = z.object({
	dtype: z.string(),
	shape: z.array(size).check(z.maxLength(64)),
	data_offsets: z.tuple([size, size]),
});

const dtypes: Readonly<Record<string, string>> = {
	BOOL: "bool",
	U8: "uint8",
	I8: "int8",
	F8_E4M3: "float8_e4m3fn",
	F8_E5M2: "float8_e5m2",
	F8_E8M0: "float8_e8m0fnu",
	I16: "int16",
	U16: "uint16",
	F16: "float16",
	BF16: "bfloat16",
	I32: "int32",
	U32: "uint32",
	F32: "float32",
	I64: "int64",
	U64: "uint64",
	F64: "float64",
	C64: "complex64",
};

/**
 * How long the header is, from the first eight bytes; null where these cannot be a safetensors file of this size.
 * Format: huggingface/safetensors, README "Format".
 */
export function safetensorsHeaderBytes(head: Uint8Array, fileBytes: number | null): number | null {
	if (head.length < safetensorsPrefixBytes + 1 || head[safetensorsPrefixBytes] !== 0x7b) return null;
	const length = new DataView(head.buffer, head.byteOffset, head.byteLength).getBigUint64(0, true);
	const room = BigInt((fileBytes ?? Number.MAX_SAFE_INTEGER) - safetensorsPrefixBytes);
	return length < 2n || length > room ? null : Number(length);
}

/** Rejects with `artifact.unreadable` before anything is read of a header that is larger than any real one. */
export function demandReasonableHeader(bytes: number): void {
	if (bytes > mostHeaderBytes) throw unreadable("its header claims to be larger than that of any model");
}

/** `dataBytes`: what the file has after the header, null where nobody knows. Rejects with `artifact.unreadable`. */
export function readSafetensors(header: Uint8Array, dataBytes: number | null): CheckpointContents {
	const tensors: CheckpointTensor[] = [];
	let facts: CheckpointContents["facts"] = [];
	for (const [name, value] of Object.entries(parse(header))) {
		if (name === "__metadata__") {
			facts = toFacts(value);
			continue;
		}
		const { success, data } = entry.safeParse(value);
		if (!success) throw unreadable(`its header says nothing that can be read of ${JSON.stringify(name.slice(0, 100))}`);
		const [from, to] = data.data_offsets;
		const dtype = dtypes[data.dtype] ?? data.dtype.slice(0, 40);
		const expected = tensorBytes(dtype, data.shape);
		const isInside = from <= to && (dataBytes === null || to <= dataBytes);
		if (!isInside || (expected !== null && expected !== to - from))
			throw unreadable(`its header and its length disagree about ${JSON.stringify(name.slice(0, 100))}`);
		tensors.push({ name, dtype, shape: data.shape, sizeBytes: to - from, place: null });
	}
	tensors.sort((a, b) => (a.name < b.name ? -1 : 1));
	return { format: "safetensors", tensors, facts, isCut: false };
}

function parse(header: Uint8Array): object {
	let parsed: unknown;
	try {
		parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(header));
	} catch {
		// Also what is nested so deep that the parser gives up.
		throw unreadable("its header is no JSON");
	}
	if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw unreadable("its header is no list");
	return parsed;
}

function toFacts(value: unknown): CheckpointContents["facts"] {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value)
		.slice(0, mostFacts)
		.map(([name, fact]) => [name, typeof fact === "string" ? fact : "(no text)"] as const);
}
