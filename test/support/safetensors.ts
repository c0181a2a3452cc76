/** A safetensors file as its own library lays it out, with values that are all zero. */
export function safetensors(
	tensors: Readonly<Record<string, readonly number[]>>,
	metadata: Readonly<Record<string, string>> = {},
): Buffer {
	let end = 0;
	const entries = Object.entries(tensors).map(([name, shape]) => {
		const from = end;
		end += 4 * shape.reduce((product, size) => product * size, 1);
		return [name, { dtype: "F32", shape, data_offsets: [from, end] }] as const;
	});
	const header = Buffer.from(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }));
	const length = Buffer.alloc(8);
	length.writeBigUInt64LE(BigInt(header.length));
	return Buffer.concat([length, header, Buffer.alloc(end)]);
}
