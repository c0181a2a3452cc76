/** An ONNX network of one output: the observation times these weights. Bytes of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. */
export function linearNetwork(weights: readonly number[]): Uint8Array {
	const values = [...Buffer.from(Float32Array.from(weights).buffer)];
	const dimension = (size: number) => field(1, whole(1, size));
	const port = (name: string, size: number) => [
		...text(1, name),
		...field(2, field(1, [...whole(1, 1), ...field(2, [...dimension(1), ...dimension(size)])])),
	];
	const tensor = [...whole(1, weights.length), ...whole(1, 1), ...whole(2, 1), ...text(8, "w"), ...field(9, values)];
	const graph = [
		...field(1, [...text(1, "obs"), ...text(1, "w"), ...text(2, "action"), ...text(4, "MatMul")]),
		...text(2, "linear"),
		...field(5, tensor),
		...field(11, port("obs", weights.length)),
		...field(12, port("action", 1)),
	];
	return Uint8Array.from([...whole(1, 8), ...field(7, graph), ...field(8, [...text(1, ""), ...whole(2, 13)])]);
}

function varint(value: number): number[] {
	return value > 127 ? [(value & 127) | 128, ...varint(value >>> 7)] : [value];
}

function field(number: number, bytes: readonly number[]): number[] {
	return [...varint((number << 3) | 2), ...varint(bytes.length), ...bytes];
}

function whole(number: number, value: number): number[] {
	return [...varint(number << 3), ...varint(value)];
}

function text(number: number, value: string): number[] {
	return field(number, [...Buffer.from(value)]);
}
