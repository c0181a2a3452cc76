/** One tensor of a checkpoint, from its header: its values are not read. */
export interface CheckpointTensor {
	/** With a dot between the dictionaries it lies in, e.g. `state_dict.encoder.weight`. */
	readonly name: string;
	/** As PyTorch says it, e.g. `float32`, `bfloat16`. */
	readonly dtype: string;
	readonly shape: readonly number[];
	/** Null for a type whose size is not known. */
	readonly sizeBytes: number | null;
	/** Two of the same place are one tensor under two names (tied weights); null where each has its own. */
	readonly place: string | null;
}

export interface CheckpointContents {
	readonly format: "safetensors" | "PyTorch";
	/** By name. */
	readonly tensors: readonly CheckpointTensor[];
	/** What else it says of itself: safetensors' metadata; epoch, step and the like beside a PyTorch state. */
	readonly facts: readonly (readonly [name: string, value: string])[];
	/** There is more than was read. */
	readonly isCut: boolean;
}

/** Bytes of one element, by PyTorch's name. */
const elementBytes: Readonly<Record<string, number>> = {
	bool: 1,
	uint8: 1,
	int8: 1,
	float8_e4m3fn: 1,
	float8_e5m2: 1,
	float8_e8m0fnu: 1,
	int16: 2,
	uint16: 2,
	float16: 2,
	bfloat16: 2,
	int32: 4,
	uint32: 4,
	float32: 4,
	int64: 8,
	uint64: 8,
	float64: 8,
	complex64: 8,
	complex128: 16,
};

export function elementCount(shape: readonly number[]): number {
	return shape.reduce((product, size) => product * size, 1);
}

/** Null for a type that has no such size. */
export function tensorBytes(dtype: string, shape: readonly number[]): number | null {
	const each = Object.hasOwn(elementBytes, dtype) ? elementBytes[dtype] : undefined;
	return each === undefined ? null : each * elementCount(shape);
}

export interface CheckpointCount {
	/** Elements of all tensors but an optimizer's, tied ones once. */
	readonly parameters: number;
	/** Elements that an optimizer keeps to go on. */
	readonly optimizerValues: number;
	readonly sizeBytes: number;
}

export function countCheckpoint({ tensors }: Pick<CheckpointContents, "tensors">): CheckpointCount {
	const seen = new Set<string>();
	const count = { parameters: 0, optimizerValues: 0, sizeBytes: 0 };
	for (const { name, shape, sizeBytes, place } of tensors) {
		if (place !== null && seen.has(place)) continue;
		if (place !== null) seen.add(place);
		count[/(^|[._])optimi[sz]er/i.test(name) ? "optimizerValues" : "parameters"] += elementCount(shape);
		count.sizeBytes += sizeBytes ?? 0;
	}
	return count;
}
