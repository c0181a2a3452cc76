/** A layer of a network: out = act(in · weights + bias). */
export interface DenseLayer {
	readonly inputs: number;
	readonly outputs: number;
	/** inputs × outputs, rows first. */
	readonly weights: Float32Array;
	/** outputs. */
	readonly bias: Float32Array;
	readonly activation: "none" | "tanh" | "relu";
}

/**
 * A feed-forward network as an ONNX model (opset 13): input `observation` (batch × n), output `action` (batch × m), float32. The fields
 * are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3, written by hand: a dozen of them need no library.
 */
export function toOnnx(layers: readonly DenseLayer[]): Uint8Array {
	const [first, last] = [layers[0], layers.at(-1)];
	if (!first || !last) throw new RangeError("a network has at least one layer");
	const nodes: Uint8Array[] = [];
	const tensors: Uint8Array[] = [];
	let from = "observation";
	for (const [at, { inputs, outputs, weights, bias, activation }] of layers.entries()) {
		const to = at === layers.length - 1 ? "action" : `layer${at}`;
		tensors.push(tensor(`weights${at}`, [inputs, outputs], weights), tensor(`bias${at}`, [outputs], bias));
		nodes.push(node("MatMul", [from, `weights${at}`], `product${at}`));
		const sum = activation === "none" ? to : `sum${at}`;
		nodes.push(node("Add", [`product${at}`, `bias${at}`], sum));
		if (activation !== "none") nodes.push(node(activation === "tanh" ? "Tanh" : "Relu", [sum], to));
		from = to;
	}
	const graph = joined([
		...nodes.map((bytes) => field(1, bytes)),
		field(2, text("policy")),
		...tensors.map((bytes) => field(5, bytes)),
		field(11, port("observation", first.inputs)),
		field(12, port("action", last.outputs)),
	]);
	return joined([number(1, 8), field(2, text("gamma")), field(7, graph), field(8, number(2, 13))]);
}

function node(kind: string, inputs: readonly string[], output: string): Uint8Array {
	return joined([...inputs.map((name) => field(1, text(name))), field(2, text(output)), field(4, text(kind))]);
}

const float = 1;

function tensor(name: string, sizes: readonly number[], values: Float32Array): Uint8Array {
	const raw = new Uint8Array(values.length * 4);
	const view = new DataView(raw.buffer);
	for (const [at, value] of values.entries()) view.setFloat32(at * 4, value, true);
	return joined([...sizes.map((size) => number(1, size)), number(2, float), field(8, text(name)), field(9, raw)]);
}

/** A matrix of any number of rows. */
function port(name: string, columns: number): Uint8Array {
	const shape = joined([field(1, field(2, text("batch"))), field(1, number(1, columns))]);
	const type = field(1, joined([number(1, float), field(2, shape)]));
	return joined([field(1, text(name)), field(2, type)]);
}

/** Protocol buffers: a field of bytes. */
function field(key: number, bytes: Uint8Array): Uint8Array {
	return joined([varint(key * 8 + 2), varint(bytes.length), bytes]);
}

function number(key: number, value: number): Uint8Array {
	return joined([varint(key * 8), varint(value)]);
}

function varint(value: number): Uint8Array {
	const bytes: number[] = [];
	let rest = value;
	for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
	return Uint8Array.from([...bytes, rest]);
}

function text(value: string): Uint8Array {
	return new TextEncoder().encode(value);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
