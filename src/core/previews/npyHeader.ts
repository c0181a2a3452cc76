import { unreadable } from "./unreadable";

/** NumPy itself refuses longer headers (`max_header_size`), because parsing them is not safe. */
const maxHeaderBytes = 10_000;
const fixedBytes = 10;

/** So many bytes of a file surely hold the header, or it has none that NumPy would read. */
export const npyHeadBytes = maxHeaderBytes + 12;

export interface NpyHeader {
	/** `f`, `i`, `u`, `b`, `c`, `S`, `U`, `M`, `m`, `O`, `V`: NumPy's kinds; `structured` for one with fields. */
	readonly kind: string;
	readonly itemBytes: number;
	readonly isLittleEndian: boolean;
	/** Of a date or duration, e.g. `ns`. */
	readonly unit: string | null;
	/** As NumPy names it. */
	readonly dtype: string;
	readonly isFortranOrder: boolean;
	readonly shape: readonly number[];
	/** Where the values begin. */
	readonly dataOffset: number;
}

export function isNpy(bytes: Uint8Array): boolean {
	return bytes[0] === 0x93 && [..."NUMPY"].every((char, at) => bytes[at + 1] === char.charCodeAt(0));
}

/**
 * The header of an npy file, from its first bytes. Rejects with `artifact.unreadable`.
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html (versions 1 to 3).
 */
export function parseNpyHeader(bytes: Uint8Array): NpyHeader {
	if (!isNpy(bytes) || bytes.length < fixedBytes) throw unreadable("it does not begin as a NumPy array does");
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const isShort = bytes[6] === 1;
	if (!isShort && bytes.length < fixedBytes + 2) throw unreadable("it ends inside its header");
	const headerBytes = isShort ? view.getUint16(8, true) : view.getUint32(8, true);
	const start = isShort ? fixedBytes : fixedBytes + 2;
	if (headerBytes > maxHeaderBytes) throw unreadable("its header is longer than NumPy allows");
	if (start + headerBytes > bytes.length) throw unreadable("it ends inside its header");
	const header = new TextDecoder("utf-8").decode(bytes.subarray(start, start + headerBytes));
	const shape = /['"]shape['"]\s*:\s*\(([\d\sL,]*)\)/.exec(header)?.[1];
	const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(header)?.[1];
	if (shape === undefined || order === undefined) throw unreadable("its header has no shape and order");
	const sizes = shape.split(",").filter((size) => size.trim() !== "");
	const parsed = sizes.map((size) => Number.parseInt(size, 10));
	// NumPy's own limits: 64 dimensions, 64-bit sizes.
	if (parsed.length > 64 || !parsed.every((size) => size < 2 ** 63))
		throw unreadable("its header claims an impossible shape");
	return {
		...parseDescr(header),
		isFortranOrder: order === "True",
		shape: parsed,
		dataOffset: start + headerBytes,
	};
}

const names: Readonly<Record<string, string>> = { f: "float", i: "int", u: "uint", c: "complex" };

function parseDescr(header: string): Pick<NpyHeader, "kind" | "itemBytes" | "isLittleEndian" | "unit" | "dtype"> {
	if (/['"]descr['"]\s*:\s*\[/.test(header)) {
		return { kind: "structured", itemBytes: 0, isLittleEndian: true, unit: null, dtype: "structured" };
	}
	const descr = /['"]descr['"]\s*:\s*['"]([<>=|]?)([a-zA-Z])(\d*)(?:\[([^\]'"]{1,12})\])?['"]/.exec(header);
	if (!descr) throw unreadable("its header names no type that NumPy has");
	const [, endian, kind = "", count = "", unit] = descr;
	const size = count === "" ? 0 : Number.parseInt(count, 10);
	const itemBytes = kind === "U" ? size * 4 : size;
	const name = names[kind];
	const bool = kind === "b" ? "bool" : null;
	const dated = kind === "M" ? `datetime64[${unit ?? ""}]` : kind === "m" ? `timedelta64[${unit ?? ""}]` : null;
	const dtype = bool ?? dated ?? (kind === "O" ? "object" : name ? `${name}${size * 8}` : `${endian}${kind}${count}`);
	return { kind, itemBytes, isLittleEndian: endian !== ">", unit: unit ?? null, dtype };
}
