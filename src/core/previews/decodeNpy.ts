import type { ArrayPreview } from "../../shared/preview";
import { halfToNumber } from "../tensorboard/tensor";
import type { NpyHeader } from "./npyHeader";
import { unreadable } from "./unreadable";

/** Values shown; the minimum, maximum and mean count all that were read. */
const shownValues = 200;

/** Bytes of all values of the array, as its header claims. */
export function npyDataBytes({ shape, itemBytes }: NpyHeader): number {
	return shape.reduce((product, size) => product * size, itemBytes);
}

/**
 * An array from its header and the first bytes of its values. `availableBytes` is what the file has room for after the header:
 * a header that claims more is refused (`artifact.unreadable`). Object arrays are pickles, which are programs: never run, so not shown.
 */
export function decodeNpy(name: string, header: NpyHeader, bytes: Uint8Array, availableBytes: number): ArrayPreview {
	const { kind, dtype, shape, itemBytes } = header;
	const order = header.isFortranOrder && shape.length > 1 ? "column" : "row";
	const empty = { name, dtype, shape, values: [], order, min: null, max: null, mean: null } as const;
	const note = noteOn(header);
	if (note !== null) return { ...empty, countedValues: 0, nonFiniteValues: 0, note };
	if (npyDataBytes(header) > availableBytes) {
		throw unreadable(`its header claims an array of shape (${shape.join(", ")}), but the file ends before`);
	}
	const total = npyDataBytes(header) / itemBytes;
	const count = Math.min(total, Math.floor(bytes.length / itemBytes));
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const shown = Math.min(count, shownValues);
	const values = Array.from({ length: shown }, (_, at) => valueAt(view, at * itemBytes, header));
	const numbers = kind === "f" || kind === "i" || kind === "u" || kind === "b";
	const statistics = numbers
		? statisticsOf(view, count, header)
		: { min: null, max: null, mean: null, nonFiniteValues: 0 };
	return { ...empty, values, ...statistics, countedValues: count, note: null };
}

function noteOn({ kind, itemBytes, dtype }: NpyHeader): string | null {
	if (kind === "O") return "Object array, not shown: reading it would run the program it holds.";
	if (kind === "structured") return "Array of records, not shown.";
	const sizes: Readonly<Record<string, readonly number[]>> = {
		b: [1],
		c: [8, 16],
		f: [2, 4, 8],
		i: [1, 2, 4, 8],
		M: [8],
		m: [8],
		u: [1, 2, 4, 8],
	};
	const allowed = sizes[kind];
	const isKnown = allowed ? allowed.includes(itemBytes) : (kind === "S" || kind === "U") && itemBytes > 0;
	return isKnown ? null : `Values of type ${dtype} are not shown.`;
}

function statisticsOf(view: DataView, count: number, header: NpyHeader) {
	let min = Number.POSITIVE_INFINITY;
	let max = Number.NEGATIVE_INFINITY;
	let sum = 0;
	let finite = 0;
	for (let at = 0; at < count; at++) {
		const value = numberAt(view, at * header.itemBytes, header);
		if (!Number.isFinite(value)) continue;
		finite++;
		sum += value;
		if (value < min) min = value;
		if (value > max) max = value;
	}
	const nonFiniteValues = count - finite;
	return finite === 0
		? { min: null, max: null, mean: null, nonFiniteValues }
		: { min, max, mean: sum / finite, nonFiniteValues };
}

/** The number at an offset, of the kinds f, i, u and b. */
export function numberAt(view: DataView, at: number, { kind, itemBytes, isLittleEndian }: NpyHeader): number {
	switch (`${kind}${itemBytes}`) {
		case "f2":
			return halfToNumber(view.getUint16(at, isLittleEndian));
		case "f4":
			return view.getFloat32(at, isLittleEndian);
		case "f8":
			return view.getFloat64(at, isLittleEndian);
		case "i1":
			return view.getInt8(at);
		case "i2":
			return view.getInt16(at, isLittleEndian);
		case "i4":
			return view.getInt32(at, isLittleEndian);
		case "i8":
			return Number(view.getBigInt64(at, isLittleEndian));
		case "u2":
			return view.getUint16(at, isLittleEndian);
		case "u4":
			return view.getUint32(at, isLittleEndian);
		case "u8":
			return Number(view.getBigUint64(at, isLittleEndian));
		default:
			return view.getUint8(at);
	}
}

function valueAt(view: DataView, at: number, header: NpyHeader): string {
	const { kind, itemBytes, isLittleEndian, unit } = header;
	switch (kind) {
		case "b":
			return view.getUint8(at) === 0 ? "False" : "True";
		case "i":
			return itemBytes === 8 ? String(view.getBigInt64(at, isLittleEndian)) : String(numberAt(view, at, header));
		case "u":
			return itemBytes === 8 ? String(view.getBigUint64(at, isLittleEndian)) : String(numberAt(view, at, header));
		case "f":
			return floatText(numberAt(view, at, header), itemBytes);
		case "c": {
			const part = { ...header, kind: "f", itemBytes: itemBytes / 2 };
			const imaginary = floatText(numberAt(view, at + itemBytes / 2, part), part.itemBytes);
			return `${floatText(numberAt(view, at, part), part.itemBytes)}${/^[-+]/.test(imaginary) ? "" : "+"}${imaginary}j`;
		}
		case "S":
			return new TextDecoder("utf-8").decode(bytesAt(view, at, itemBytes)).replace(/\0+$/, "");
		case "U":
			return unicodeAt(view, at, itemBytes, isLittleEndian);
		default:
			return kind === "M"
				? dateText(view.getBigInt64(at, isLittleEndian), unit)
				: durationText(view.getBigInt64(at, isLittleEndian), unit);
	}
}

/** A narrow float in as few digits as tell it from its neighbours: 0.1, not 0.10000000149011612. */
function floatText(value: number, bytes: number): string {
	if (bytes === 8 || !Number.isFinite(value)) return String(value);
	for (let digits = 1; digits < 9; digits++) {
		const short = Number(value.toPrecision(digits));
		if (bytes === 4 ? Math.fround(short) === value : Math.abs(short - value) <= Math.abs(value) * 2 ** -12) {
			return String(short);
		}
	}
	return String(value);
}

function bytesAt(view: DataView, at: number, length: number): Uint8Array {
	return new Uint8Array(view.buffer, view.byteOffset + at, length);
}

/** UCS-4, padded with zeros. */
function unicodeAt(view: DataView, from: number, length: number, isLittleEndian: boolean): string {
	let text = "";
	for (let at = from; at < from + length; at += 4) {
		const point = view.getUint32(at, isLittleEndian);
		text += point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
	}
	return text.replace(/\0+$/, "");
}

/** NumPy's "not a time". */
const notATime = -(2n ** 63n);
const nsPerUnit: Readonly<Record<string, bigint>> = {
	W: 604_800_000_000_000n,
	D: 86_400_000_000_000n,
	h: 3_600_000_000_000n,
	m: 60_000_000_000n,
	s: 1_000_000_000n,
	ms: 1_000_000n,
	us: 1_000n,
	ns: 1n,
};

function dateText(ticks: bigint, unit: string | null): string {
	if (ticks === notATime) return "NaT";
	const ns = nsPerUnit[unit ?? ""];
	const ms = ns === undefined ? Number.NaN : Number((ticks * ns) / 1_000_000n);
	// The range of a Date (ECMA-262, 21.4.1.1).
	return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : durationText(ticks, unit);
}

function durationText(ticks: bigint, unit: string | null): string {
	return ticks === notATime ? "NaT" : `${ticks} ${unit ?? ""}`.trim();
}
