import { BinaryWriter } from "@bufbuild/protobuf/wire";

/** Event files made by hand, for what no real writer will do on demand. The checksum is worked out bit by bit, unlike Gamma's own. */
export function crc32cBitByBit(bytes: Uint8Array): number {
	let crc = 0xffffffff;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
	}
	return ~crc >>> 0;
}

export function masked(crc: number): number {
	return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

export function record(event: Uint8Array): Buffer {
	const bytes = Buffer.alloc(event.length + 16);
	bytes.writeBigUInt64LE(BigInt(event.length), 0);
	bytes.writeUInt32LE(masked(crc32cBitByBit(bytes.subarray(0, 8))), 8);
	bytes.set(event, 12);
	bytes.writeUInt32LE(masked(crc32cBitByBit(event)), event.length + 12);
	return bytes;
}

/** A header that claims a length it does not have. */
export function headerClaiming(length: bigint): Buffer {
	const bytes = Buffer.alloc(12);
	bytes.writeBigUInt64LE(length, 0);
	bytes.writeUInt32LE(masked(crc32cBitByBit(bytes.subarray(0, 8))), 8);
	return bytes;
}

export function versionEvent(version = "brain.Event:2", wallTime = 1_757_000_000): Buffer {
	return record(new BinaryWriter().tag(1, 1).double(wallTime).tag(3, 2).string(version).finish());
}

export function restartEvent(step: number, wallTime = 1_757_000_000): Buffer {
	const session = new BinaryWriter().tag(1, 0).int32(1).finish();
	return record(new BinaryWriter().tag(1, 1).double(wallTime).tag(2, 0).int64(step).tag(7, 2).bytes(session).finish());
}

export interface LoggedValue {
	tag: string;
	simple?: number;
	/** A TensorProto. */
	tensor?: Uint8Array;
	plugin?: string;
	content?: Uint8Array;
}

export function summaryEvent(step: number, wallTime: number, values: readonly LoggedValue[]): Buffer {
	const summary = new BinaryWriter();
	for (const { tag, simple, tensor, plugin, content } of values) {
		const value = new BinaryWriter().tag(1, 2).string(tag);
		if (simple !== undefined) value.tag(2, 5).float(simple);
		if (tensor) value.tag(8, 2).bytes(tensor);
		if (plugin !== undefined) {
			const pluginWriter = new BinaryWriter().tag(1, 2).string(plugin);
			if (content) pluginWriter.tag(2, 2).bytes(content);
			value.tag(9, 2).bytes(new BinaryWriter().tag(1, 2).bytes(pluginWriter.finish()).finish());
		}
		summary.tag(1, 2).bytes(value.finish());
	}
	const event = new BinaryWriter().tag(1, 1).double(wallTime);
	if (step !== 0) event.tag(2, 0).int64(step);
	return record(event.tag(5, 2).bytes(summary.finish()).finish());
}

export function scalarEvent(tag: string, step: number, value: number, wallTime = 1_757_000_000 + step): Buffer {
	return summaryEvent(step, wallTime, [{ tag, simple: value }]);
}
