import { type CheckpointContents, type CheckpointTensor, tensorBytes } from "./checkpointContents";
import { callArguments, calledName, isPickleNode, type PickleNode, type PickleValue } from "./pickleValue";

const mostTensors = 200_000;
const mostVisited = 2_000_000;
const mostNameLength = 1_000;
const mostFacts = 100;

/** PyTorch's storage classes, by the type they hold. */
const storageTypes: Readonly<Record<string, string>> = {
	Float: "float32",
	Double: "float64",
	Half: "float16",
	BFloat16: "bfloat16",
	Long: "int64",
	Int: "int32",
	Short: "int16",
	Char: "int8",
	Byte: "uint8",
	Bool: "bool",
	ComplexFloat: "complex64",
	ComplexDouble: "complex128",
};

/**
 * The tensors that a pickle of `torch.save` describes, with what numbers and short texts lie beside them at the top
 * (epoch, global_step). Each place is looked at once, however often it is pointed at.
 */
export function readTorchState(root: PickleValue): Omit<CheckpointContents, "format"> {
	const tensors: CheckpointTensor[] = [];
	const facts: [string, string][] = [];
	const seen = new Set<PickleNode>();
	const waiting: { value: PickleValue; name: string; depth: number }[] = [{ value: root, name: "", depth: 0 }];
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		const { value, name, depth } = next;
		if (!isPickleNode(value)) {
			if (depth === 1 && value !== null && facts.length < mostFacts) facts.push([name, String(value).slice(0, 200)]);
			continue;
		}
		const tensor = toTensor(value, name);
		if (tensor) tensors.push(tensor);
		if (tensors.length > mostTensors || seen.size > mostVisited) return sorted(tensors, facts, true);
		if (tensor || seen.has(value)) continue;
		seen.add(value);
		for (const [key, member] of membersOf(value)) {
			const inside = name === "" ? key : `${name}.${key}`;
			waiting.push({ value: member, name: inside.slice(0, mostNameLength), depth: depth + 1 });
		}
	}
	return sorted(tensors, facts, false);
}

function sorted(tensors: CheckpointTensor[], facts: [string, string][], isCut: boolean) {
	tensors.sort((a, b) => (a.name < b.name ? -1 : 1));
	facts.sort(([a], [b]) => (a < b ? -1 : 1));
	return { tensors, facts, isCut };
}

function* membersOf({ kind, items, pairs, states }: PickleNode): Iterable<readonly [string, PickleValue]> {
	for (const [key, value] of pairs) yield [isPickleNode(key) ? "?" : String(key), value];
	// An object's own fields are what it was told to become, as are a module's; its arguments are no members.
	for (const state of states) if (isPickleNode(state)) yield* membersOf(state);
	if (kind === "list" || kind === "tuple" || kind === "set")
		for (const [place, value] of items.entries()) yield [String(place), value];
}

function toTensor(value: PickleNode, name: string): CheckpointTensor | null {
	const given = value.kind === "call" ? callArguments(value) : [];
	switch (calledName(value)) {
		case "torch._utils._rebuild_tensor":
		case "torch._utils._rebuild_tensor_v2":
		case "torch._utils._rebuild_tensor_v3":
			return fromStorage(given, name);
		case "torch._utils._rebuild_parameter":
		case "torch._utils._rebuild_parameter_with_state": {
			const [inner] = given;
			return isPickleNode(inner) ? toTensor(inner, name) : null;
		}
		case "torch._tensor._rebuild_from_type_v2": {
			const [, , inner] = given;
			return isPickleNode(inner, "tuple") ? fromStorage(inner.items, name) : null;
		}
		default:
			return null;
	}
}

/** `(storage, offset, size, stride, …)`, and from v3 on the type at place 6. */
function fromStorage(given: readonly PickleValue[], name: string): CheckpointTensor | null {
	const [storage, offset, size] = given;
	if (!isPickleNode(storage, "persistent") || !isPickleNode(size, "tuple")) return null;
	const [id] = storage.items;
	const [, type, key] = isPickleNode(id, "tuple") ? id.items : [];
	const shape = size.items.map((each) => (typeof each === "number" && each >= 0 ? each : 0));
	const dtype = dtypeOf(given[6]) ?? dtypeOf(type) ?? "unknown";
	const place = `${String(key)}:${String(offset)}:${shape.join("x")}`;
	return { name, dtype, shape, sizeBytes: tensorBytes(dtype, shape), place };
}

function dtypeOf(type: PickleValue | undefined): string | null {
	if (!isPickleNode(type, "global")) return null;
	const plain = type.name.slice(type.name.lastIndexOf(".") + 1);
	const storage = /^(\w+)Storage$/.exec(plain)?.[1];
	if (storage === undefined) return type.name.startsWith("torch.") ? plain : null;
	return Object.hasOwn(storageTypes, storage) ? (storageTypes[storage] ?? null) : null;
}
