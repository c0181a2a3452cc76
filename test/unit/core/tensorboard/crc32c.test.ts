import { expect, test } from "vitest";
import { maskedCrc32c } from "../../../../src/core/tensorboard/crc32c";
import { crc32cBitByBit, masked } from "../../../support/eventBytes";

function checksum(bytes: Uint8Array, from = 0, to = bytes.length): number {
	return maskedCrc32c(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), from, to);
}

test("matches the vectors of RFC 3720, appendix B.4", () => {
	expect(checksum(new Uint8Array(32))).toBe(masked(0x8a9136aa));
	expect(checksum(new Uint8Array(32).fill(0xff))).toBe(masked(0x62a8ab43));
	expect(checksum(Uint8Array.from({ length: 32 }, (_, at) => at))).toBe(masked(0x46dd794e));
	expect(checksum(Uint8Array.from({ length: 32 }, (_, at) => 31 - at))).toBe(masked(0x113fdb5c));
});

test("matches the bit-by-bit definition for every length and any place", () => {
	const bytes = Uint8Array.from({ length: 200 }, (_, at) => (at * 167 + (at >> 3)) & 255);
	for (let from = 0; from < 9; from++) {
		for (let to = from; to <= bytes.length; to++) {
			expect(checksum(bytes, from, to)).toBe(masked(crc32cBitByBit(bytes.subarray(from, to))));
		}
	}
});
