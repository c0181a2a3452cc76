import { WireReader } from "./wireReader";

/** DataType of tensorflow/core/framework/types.proto, as far as a scalar or a text can be of it. */
const float = 1;
const double = 2;
const string = 7;
const bfloat16 = 14;
const half = 19;
const unsigned = new Set([4, 17, 22, 23]);
const bytesOfType = new Map([
	[float, 4],
	[double, 8],
	[3, 4],
	[4, 1],
	[5, 2],
	[6, 1],
	[9, 8],
	[10, 1],
	[bfloat16, 2],
	[17, 2],
	[half, 2],
	[22, 4],
	[23, 8],
]);

/** The `*_val` fields of TensorProto that hold numbers as varints: half, int, int64, bool, uint32, uint64. */
const varintFields = new Set([13, 7, 10, 11, 16, 17]);

/**
 * The one number of a scalar tensor, or null where it is none (strings, complex, more than one element).
 * `reader` stands at the start of a TensorProto (tensorflow/core/framework/tensor.proto).
 */
export function scalarOfTensor(reader: WireReader): number | null {
	const { view } = reader;
	let type = 0;
	let value: number | null = null;
	let count = 0;
	let content: readonly [number, number] | null = null;
	while (reader.next()) {
		if (reader.field === 1 && reader.wire === 0) type = reader.low;
		else if (reader.field === 4 && reader.wire === 2 && reader.to > reader.from) content = [reader.from, reader.to];
		else if (reader.field === 5 && (reader.wire === 5 || reader.wire === 2)) {
			count += (reader.to - reader.from) / 4;
			if (reader.to - reader.from >= 4) value = view.getFloat32(reader.from, true);
		} else if (reader.field === 6 && (reader.wire === 1 || reader.wire === 2)) {
			count += (reader.to - reader.from) / 8;
			if (reader.to - reader.from >= 8) value = view.getFloat64(reader.from, true);
		} else if (varintFields.has(reader.field)) {
			if (reader.wire === 0) {
				count++;
				value = ofVarint(type, reader);
			} else if (reader.wire === 2) {
				const packed = firstOfPacked(view, reader.from, reader.to);
				count += packed.count;
				if (packed.first) value = ofVarint(type, packed.first);
			}
		}
	}
	if (content) return ofContent(view, type, content[0], content[1]);
	return count === 1 ? value : null;
}

/** The strings of a string tensor as places in the view, and its shape. */
export interface StringTensor {
	readonly shape: readonly number[];
	readonly places: readonly (readonly [from: number, to: number])[];
}

export function stringsOfTensor(reader: WireReader): StringTensor | null {
	const shape: number[] = [];
	const places: [number, number][] = [];
	let type = 0;
	while (reader.next()) {
		if (reader.field === 1 && reader.wire === 0) type = reader.low;
		else if (reader.field === 2 && reader.wire === 2) {
			const shapeReader = new WireReader(reader.view, reader.from, reader.to);
			while (shapeReader.next()) {
				if (shapeReader.field !== 2 || shapeReader.wire !== 2) continue;
				const dimension = new WireReader(reader.view, shapeReader.from, shapeReader.to);
				let size = 0;
				while (dimension.next()) if (dimension.field === 1 && dimension.wire === 0) size = dimension.int64();
				shape.push(size);
			}
		} else if (reader.field === 8 && reader.wire === 2) places.push([reader.from, reader.to]);
	}
	return type === string ? { shape, places } : null;
}

function ofContent(view: DataView, type: number, from: number, to: number): number | null {
	if (bytesOfType.get(type) !== to - from) return null;
	switch (type) {
		case float:
			return view.getFloat32(from, true);
		case double:
			return view.getFloat64(from, true);
		case half:
			return halfToNumber(view.getUint16(from, true));
		case bfloat16:
			return bfloat16ToNumber(view.getUint16(from, true));
		case 23:
			return Number(view.getBigUint64(from, true));
		case 9:
			return Number(view.getBigInt64(from, true));
		case 3:
			return view.getInt32(from, true);
		case 22:
			return view.getUint32(from, true);
		case 5:
			return view.getInt16(from, true);
		case 17:
			return view.getUint16(from, true);
		case 6:
			return view.getInt8(from);
		default:
			return view.getUint8(from);
	}
}

function ofVarint(type: number, reader: WireReader): number {
	if (type === half) return halfToNumber(reader.low & 0xffff);
	if (type === bfloat16) return bfloat16ToNumber(reader.low & 0xffff);
	return unsigned.has(type) ? reader.uint64() : reader.int64();
}

/** A packed list is varints without keys: each is read as if it had one. */
function firstOfPacked(view: DataView, from: number, to: number): { first: WireReader | null; count: number } {
	let count = 0;
	for (let at = from; at < to; at++) if (view.getUint8(at) < 128) count++;
	if (count === 0) return { first: null, count };
	const first = new WireReader(view, from, to);
	first.bareVarint();
	return { first, count };
}

/** IEEE 754 binary16. */
export function halfToNumber(bits: number): number {
	const sign = bits & 0x8000 ? -1 : 1;
	const exponent = (bits >> 10) & 31;
	const fraction = bits & 1023;
	if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
	return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new DataView(new ArrayBuffer(4));

/** The upper half of an IEEE 754 binary32. */
export function bfloat16ToNumber(bits: number): number {
	word.setUint32(0, bits << 16);
	return word.getFloat32(0);
}
