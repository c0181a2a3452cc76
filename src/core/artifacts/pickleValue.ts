/** What a pickle describes, as data: a class is its name, a call what would be called with what. Nothing is ever called. */
export type PickleValue = null | boolean | number | string | PickleNode;

export interface PickleNode {
	readonly kind: "tuple" | "list" | "dict" | "set" | "bytes" | "global" | "call" | "persistent";
	/** Of a `global`: `module.name`; else empty. */
	readonly name: string;
	/** Members; of a `call` what is called and its arguments; of a `persistent` its id. */
	readonly items: PickleValue[];
	/** What a dictionary, or an object made by a call, was given as its members. */
	readonly pairs: (readonly [key: PickleValue, value: PickleValue])[];
	/** What an object was told to become. */
	readonly states: PickleValue[];
}

export function pickleNode(kind: PickleNode["kind"], items: PickleValue[] = [], name = ""): PickleNode {
	return { kind, name, items, pairs: [], states: [] };
}

export function isPickleNode(value: PickleValue | undefined, kind?: PickleNode["kind"]): value is PickleNode {
	return typeof value === "object" && value !== null && (kind === undefined || value.kind === kind);
}

/** `module.name` of what a `call` would call; empty for anything else. */
export function calledName(value: PickleValue | undefined): string {
	if (!isPickleNode(value, "call")) return "";
	const [callee] = value.items;
	return isPickleNode(callee, "global") ? callee.name : "";
}

/** The arguments of a `call`. */
export function callArguments(value: PickleNode): readonly PickleValue[] {
	const given = value.items[1];
	return isPickleNode(given, "tuple") ? given.items : [];
}
