import { unreadable } from "../../core/previews/unreadable";
import {
	findZipDirectory,
	localHeaderBytes,
	localHeaderSize,
	parseZipDirectory,
	readEnd64,
	type ZipEntry,
	zipTailBytes,
} from "../../core/previews/zipDirectory";
import { inflateHead } from "./inflateHead";
import type { RangeReader } from "./rangeReader";

const maxDirectoryBytes = 4 * 2 ** 20;

/** The first `limit` entries of a zip. Rejects with `artifact.unreadable`. */
export async function readZipDirectory(reader: RangeReader, limit: number): Promise<ZipEntry[]> {
	const size = reader.sizeBytes;
	if (size === null) throw unreadable("the store does not say how large it is");
	const tailFrom = Math.max(0, size - zipTailBytes);
	let place = findZipDirectory(await reader.exactly(tailFrom, size - tailFrom));
	if (place.end64Offset !== null) place = readEnd64(await reader.exactly(place.end64Offset, 56));
	if (place.sizeBytes > maxDirectoryBytes) throw unreadable("its zip directory is too large");
	return parseZipDirectory(await reader.exactly(place.offset, place.sizeBytes), limit);
}

/** Reads an entry's first bytes, unpacked, as many as asked where it holds so many. */
export async function openZipEntry(
	reader: RangeReader,
	entry: ZipEntry,
): Promise<(length: number) => Promise<Uint8Array>> {
	if (entry.isEncrypted || (entry.method !== 0 && entry.method !== 8)) {
		throw unreadable(`${JSON.stringify(entry.name.slice(0, 100))} in it is packed in a way that Gamma does not read`);
	}
	const local = localHeaderSize(await reader.exactly(entry.headerOffset, localHeaderBytes));
	const offset = entry.headerOffset + local;
	return async (length) =>
		entry.method === 0
			? reader.exactly(offset, Math.min(length, entry.compressedBytes))
			: inflateHead(reader, offset, entry.compressedBytes, Math.min(length, entry.sizeBytes));
}
