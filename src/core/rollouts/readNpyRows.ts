import { npyDataBytes, numberAt } from "../previews/decodeNpy";
import { parseNpyHeader } from "../previews/npyHeader";
import { maxRolloutNumbers, type NumberRows, unreadableRollout } from "./rolloutArrays";

/** The whole of an npy file as rows: (T, n), (T,) as T rows of one, or either with leading ones, as batches of one are written. */
export function readNpyRows(bytes: Uint8Array): NumberRows {
	const header = parseNpyHeader(bytes);
	const { kind, itemBytes, dtype, dataOffset } = header;
	const sizes: Readonly<Record<string, readonly number[]>> = { f: [2, 4, 8], i: [1, 2, 4, 8], u: [1, 2, 4, 8], b: [1] };
	if (!sizes[kind]?.includes(itemBytes)) throw unreadableRollout(`an array of type ${dtype} holds no numbers to play`);
	const total = npyDataBytes(header) / itemBytes;
	if (total > maxRolloutNumbers) throw unreadableRollout(`an array of ${total} numbers is too large`);
	if (npyDataBytes(header) > bytes.length - dataOffset) throw unreadableRollout("an array ends before its last number");
	const shape = [...header.shape];
	while (shape.length > 2 && shape[0] === 1) shape.shift();
	if (shape.length > 2) throw unreadableRollout(`an array of shape (${header.shape.join(", ")}) is not one trajectory`);
	const [rows = 1, columns = 1] = shape;
	const view = new DataView(bytes.buffer, bytes.byteOffset + dataOffset, total * itemBytes);
	const values = Float64Array.from({ length: total }, (_, at) => {
		const from = header.isFortranOrder ? (at % columns) * rows + Math.floor(at / columns) : at;
		return numberAt(view, from * itemBytes, header);
	});
	return { rows, columns, values };
}
