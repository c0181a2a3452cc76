/** CRC-32C (Castagnoli), reflected polynomial: RFC 3720, appendix B.4. */
const polynomial = 0x82f63b78;

/** Eight tables of 256, for eight bytes a step ("slicing-by-8": Kounavis and Berry, 2005). */
const table = new Int32Array(8 * 256);
for (let byte = 0; byte < 256; byte++) {
	let crc = byte;
	for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
	table[byte] = crc;
}
for (let at = 256; at < table.length; at++) {
	const previous = entry(at - 256);
	table[at] = (previous >>> 8) ^ entry(previous & 255);
}

function entry(at: number): number {
	return table[at] ?? 0;
}

/**
 * The masked CRC-32C of a TFRecord, of `bytes[from, to)`, as an unsigned 32-bit number.
 * `view` is a DataView over the same bytes. Masked as TensorFlow does: rotated right by 15, plus 0xa282ead8.
 */
export function maskedCrc32c(view: DataView, from: number, to: number): number {
	let crc = -1;
	let at = from;
	for (const last = to - 8; at <= last; at += 8) {
		const low = view.getInt32(at, true) ^ crc;
		const high = view.getInt32(at + 4, true);
		crc =
			entry(1792 + (low & 255)) ^
			entry(1536 + ((low >>> 8) & 255)) ^
			entry(1280 + ((low >>> 16) & 255)) ^
			entry(1024 + (low >>> 24)) ^
			entry(768 + (high & 255)) ^
			entry(512 + ((high >>> 8) & 255)) ^
			entry(256 + ((high >>> 16) & 255)) ^
			entry(high >>> 24);
	}
	for (; at < to; at++) crc = (crc >>> 8) ^ entry((crc ^ view.getUint8(at)) & 255);
	crc = ~crc;
	return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
