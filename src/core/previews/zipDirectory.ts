import { unreadable } from "./unreadable";

/** Behind the directory: 22 bytes and a comment of at most 64 KiB; before them the locator of a 64-bit directory. */
export const zipTailBytes = 22 + 0xffff + 20;
const endSignature = 0x06054b50;
const locatorSignature = 0x07064b50;
const end64Signature = 0x06064b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;

export const localHeaderBytes = 30;

export interface ZipEntry {
	readonly name: string;
	/** 0: stored, 8: deflated. */
	readonly method: number;
	readonly isEncrypted: boolean;
	readonly compressedBytes: number;
	readonly sizeBytes: number;
	readonly headerOffset: number;
}

export interface ZipDirectoryPlace {
	readonly offset: number;
	readonly sizeBytes: number;
	/** Where the record of a 64-bit directory is (56 bytes), when the place must be read from there. */
	readonly end64Offset: number | null;
}

/**
 * Where the directory is, from the last bytes of the file. Rejects with `artifact.unreadable`.
 * Format: PKWARE's APPNOTE.TXT, 4.3.
 */
export function findZipDirectory(tail: Uint8Array): ZipDirectoryPlace {
	const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
	for (let at = tail.length - 22; at >= 0; at--) {
		if (view.getUint32(at, true) !== endSignature || at + 22 + view.getUint16(at + 20, true) > tail.length) continue;
		const sizeBytes = view.getUint32(at + 12, true);
		const offset = view.getUint32(at + 16, true);
		const hasLocator = at >= 20 && view.getUint32(at - 20, true) === locatorSignature;
		return { offset, sizeBytes, end64Offset: hasLocator ? uint64(view, at - 12) : null };
	}
	throw unreadable("it has no zip directory at its end");
}

/** The place from the 64-bit record. */
export function readEnd64(bytes: Uint8Array): ZipDirectoryPlace {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (bytes.length < 56 || view.getUint32(0, true) !== end64Signature) throw unreadable("its zip directory is damaged");
	return { sizeBytes: uint64(view, 40), offset: uint64(view, 48), end64Offset: null };
}

/** The entries of the directory, at most `limit` of them. */
export function parseZipDirectory(bytes: Uint8Array, limit: number): ZipEntry[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const entries: ZipEntry[] = [];
	let at = 0;
	while (entries.length < limit && at + 46 <= bytes.length && view.getUint32(at, true) === entrySignature) {
		const nameEnd = at + 46 + view.getUint16(at + 28, true);
		const extraEnd = nameEnd + view.getUint16(at + 30, true);
		if (extraEnd > bytes.length) throw unreadable("its zip directory is damaged");
		entries.push({
			name: new TextDecoder("utf-8").decode(bytes.subarray(at + 46, nameEnd)),
			method: view.getUint16(at + 10, true),
			isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
			...sizesOf(view, at, nameEnd, extraEnd),
		});
		at = extraEnd + view.getUint16(at + 32, true);
	}
	return entries;
}

/** How many bytes after its start an entry's own bytes begin. */
export function localHeaderSize(bytes: Uint8Array): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (bytes.length < localHeaderBytes || view.getUint32(0, true) !== localSignature) {
		throw unreadable("its zip directory points to no entry");
	}
	return localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true);
}

/** Sizes and place of the entry at `at`; each that is all ones stands in the extra field 1, in this order. */
function sizesOf(view: DataView, at: number, extraFrom: number, extraEnd: number) {
	let sizeBytes = view.getUint32(at + 24, true);
	let compressedBytes = view.getUint32(at + 20, true);
	let headerOffset = view.getUint32(at + 42, true);
	for (let extra = extraFrom; extra + 4 <= extraEnd; ) {
		const end = extra + 4 + view.getUint16(extra + 2, true);
		if (view.getUint16(extra, true) === 1 && end <= extraEnd) {
			let value = extra + 4;
			const next = (current: number): number => {
				if (current !== 0xffffffff || value + 8 > end) return current;
				value += 8;
				return uint64(view, value - 8);
			};
			sizeBytes = next(sizeBytes);
			compressedBytes = next(compressedBytes);
			headerOffset = next(headerOffset);
		}
		extra = end;
	}
	return { sizeBytes, compressedBytes, headerOffset };
}

function uint64(view: DataView, at: number): number {
	return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}
