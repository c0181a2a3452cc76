import { maskedCrc32c } from "./crc32c";

/** Length (8), its checksum (4) before the bytes of a record, the bytes' checksum (4) after them. */
export const headerBytes = 12;
export const framingBytes = 16;

/** No protobuf message may be longer (2 GiB), so no event is. */
const longestMessageBytes = 2 ** 31;

export interface RecordSink {
	/** One sound record: `view[from, to)`. */
	record(view: DataView, from: number, to: number): void;
	/** One record whose bytes do not match their checksum: left out. */
	damaged(): void;
}

export interface Scan {
	/** Where the first record starts that was not passed on. */
	readonly next: number;
	/** Bytes from `next` on that the following record needs; what is missing may come later. */
	readonly needed: number;
	/** The frame at `next` is damaged: where the record after it begins cannot be known. */
	readonly isBroken: boolean;
}

/** Checksums of short lengths, filled as they come: most records of a file have one of a few lengths. */
const lengthChecksums = new Float64Array(4096).fill(-1);

function lengthChecksum(view: DataView, at: number, length: number): number {
	if (length >= lengthChecksums.length) return maskedCrc32c(view, at, at + 8);
	let checksum = lengthChecksums[length] ?? -1;
	if (checksum < 0) {
		checksum = maskedCrc32c(view, at, at + 8);
		lengthChecksums[length] = checksum;
	}
	return checksum;
}

/**
 * Passes on every whole record of `view[from, to)`, as TensorBoard's reader takes them apart:
 * an unfinished record is kept back, a bad data checksum costs its record, a bad length checksum ends the scan.
 * Format: tensorflow/core/lib/io/record_writer.h (TFRecord).
 */
export function scanRecords(view: DataView, from: number, to: number, sink: RecordSink): Scan {
	let at = from;
	while (at + headerBytes <= to) {
		const length = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
		if (lengthChecksum(view, at, length) !== view.getUint32(at + 8, true) || length > longestMessageBytes) {
			return { next: at, needed: headerBytes, isBroken: true };
		}
		const start = at + headerBytes;
		const end = start + length;
		if (end + 4 > to) return { next: at, needed: length + framingBytes, isBroken: false };
		if (maskedCrc32c(view, start, end) === view.getUint32(end, true)) sink.record(view, start, end);
		else sink.damaged();
		at = end + 4;
	}
	return { next: at, needed: headerBytes, isBroken: false };
}
