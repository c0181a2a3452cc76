import { decodeNpy, npyDataBytes } from "../../core/previews/decodeNpy";
import { npyHeadBytes, parseNpyHeader } from "../../core/previews/npyHeader";
import { unreadable } from "../../core/previews/unreadable";
import type { ZipEntry } from "../../core/previews/zipDirectory";
import type { ArrayPreview, Preview } from "../../shared/preview";
import type { RangeReader } from "./rangeReader";
import { openZipEntry, readZipDirectory } from "./zipReader";

/** Of an array's values: enough for every weight matrix of a small model, whole; of a larger one the beginning. */
const maxArrayBytes = 8 * 2 ** 20;
const maxEntries = 200;
/** Of all arrays of an npz together. */
const maxArchiveBytes = 32 * 2 ** 20;

export async function previewNpy(reader: RangeReader): Promise<Preview> {
	const header = parseNpyHeader(await reader.first(npyHeadBytes));
	const wanted = Math.min(npyDataBytes(header), maxArrayBytes);
	const available = (reader.sizeBytes ?? Number.POSITIVE_INFINITY) - header.dataOffset;
	const bytes = await reader.upTo(header.dataOffset, wanted);
	const preview = decodeNpy("", header, bytes, available);
	if (bytes.length < wanted) throw unreadable("it ends before what it says it holds");
	return {
		kind: "array",
		entries: [preview],
		truncated: bytes.length < npyDataBytes(header),
	};
}

/** The arrays of an npz: a zip of npy files, stored (`savez`) or deflated (`savez_compressed`). */
export async function previewNpz(reader: RangeReader): Promise<Preview> {
	const listed = await readZipDirectory(reader, maxEntries + 1);
	const arrays = listed.filter(({ name }) => name.endsWith(".npy"));
	const entries: ArrayPreview[] = [];
	let left = maxArchiveBytes;
	let isCut = false;
	for (const entry of arrays.slice(0, maxEntries)) {
		const { preview, readBytes, isWhole } = await previewEntry(reader, entry, Math.min(left, maxArrayBytes));
		entries.push(preview);
		left -= readBytes;
		isCut ||= !isWhole;
	}
	return { kind: "array", entries, truncated: isCut || arrays.length > maxEntries };
}

async function previewEntry(
	reader: RangeReader,
	entry: ZipEntry,
	maxBytes: number,
): Promise<{ preview: ArrayPreview; readBytes: number; isWhole: boolean }> {
	const head = await openZipEntry(reader, entry);
	const header = parseNpyHeader(await head(npyHeadBytes));
	const wanted = header.dataOffset + Math.min(npyDataBytes(header), maxBytes);
	const bytes = await head(wanted);
	const name = entry.name.slice(0, -".npy".length);
	const preview = decodeNpy(name, header, bytes.subarray(header.dataOffset), entry.sizeBytes - header.dataOffset);
	if (bytes.length < wanted) throw unreadable("it ends before what it says it holds");
	return {
		preview,
		readBytes: bytes.length,
		isWhole: bytes.length >= header.dataOffset + npyDataBytes(header),
	};
}
