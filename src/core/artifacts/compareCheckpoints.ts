import { toLine } from "../plainText";
import { type CheckpointContents, type CheckpointTensor, countCheckpoint } from "./checkpointContents";
import { aligned, grouped, shapeText, sizeText, tensorCells } from "./checkpointText";

/** One side of a comparison: what it is called, its header, and what is known of it elsewhere (step, metrics at it). */
export interface ComparedCheckpoint {
	readonly name: string;
	readonly contents: CheckpointContents;
	readonly metrics: Readonly<Record<string, number>>;
	readonly step: number | null;
}

export interface CheckpointDifference {
	readonly added: readonly CheckpointTensor[];
	readonly removed: readonly CheckpointTensor[];
	readonly changed: readonly { readonly before: CheckpointTensor; readonly after: CheckpointTensor }[];
	readonly same: number;
}

/** By the tensors' names; one that has another shape or type has changed. Values are not compared: they are not read. */
export function diffTensors(
	before: readonly CheckpointTensor[],
	after: readonly CheckpointTensor[],
): CheckpointDifference {
	const known = new Map(before.map((tensor) => [tensor.name, tensor]));
	const added: CheckpointTensor[] = [];
	const changed: { before: CheckpointTensor; after: CheckpointTensor }[] = [];
	let same = 0;
	for (const tensor of after) {
		const other = known.get(tensor.name);
		known.delete(tensor.name);
		if (other === undefined) added.push(tensor);
		else if (other.dtype === tensor.dtype && shapeText(other.shape) === shapeText(tensor.shape)) same++;
		else changed.push({ before: other, after: tensor });
	}
	return { added, removed: [...known.values()], changed, same };
}

/** What `DistributedDataParallel` and `torch.compile` put into each name. */
const wrappers = /(^|\.)(?:(?:module|_orig_mod)\.)+/;

/** As `diffTensors`; where only one side was saved with its wrapper, by the names without it. */
function diffUnwrapped(a: CheckpointContents, b: CheckpointContents) {
	const plain = diffTensors(a.tensors, b.tensors);
	const isWrapped = ({ tensors }: CheckpointContents) => tensors.some(({ name }) => wrappers.test(name));
	if (isWrapped(a) === isWrapped(b)) return { ...plain, isUnwrapped: false };
	const bare = ({ tensors }: CheckpointContents) =>
		tensors.map((tensor) => ({ ...tensor, name: tensor.name.replace(wrappers, "$1") }));
	const unwrapped = diffTensors(bare(a), bare(b));
	const isBetter = unwrapped.added.length + unwrapped.removed.length < plain.added.length + plain.removed.length;
	return { ...(isBetter ? unwrapped : plain), isUnwrapped: isBetter };
}

/** What changed from one checkpoint to another, the answer first. */
export function compareCheckpoints(a: ComparedCheckpoint, b: ComparedCheckpoint): string {
	const difference = diffUnwrapped(a.contents, b.contents);
	const { added, removed, changed, same } = difference;
	const section = (title: string, rows: readonly (readonly string[])[]) =>
		rows.length === 0 ? [] : [`${title} (${rows.length})`, ...aligned(rows), ""];
	return [
		`${toLine(a.name, 300)}  →  ${toLine(b.name, 300)}`,
		sentence(difference),
		...(difference.isUnwrapped
			? ["One was saved inside its wrapper: its names are compared without “module.” and “_orig_mod.”."]
			: []),
		"Read from the headers: whether values differ is not said, for none was loaded.",
		"",
		...aligned(figures(a, b)),
		"",
		...section(
			"Changed tensors",
			changed.map(({ before, after }) => {
				const [name = ""] = tensorCells(after);
				return [name, `${before.dtype} ${shapeText(before.shape)}`, "→", `${after.dtype} ${shapeText(after.shape)}`];
			}),
		),
		...section("Added tensors", added.map(tensorCells)),
		...section("Removed tensors", removed.map(tensorCells)),
		...section("Said of them", factRows(a.contents, b.contents)),
		`${grouped(same)} tensors have the same name, type and shape in both.`,
		"",
	].join("\n");
}

function sentence({ added, removed, changed }: CheckpointDifference): string {
	const said = [
		[changed.length, "changed"],
		[added.length, "added"],
		[removed.length, "removed"],
	].filter(([count]) => count !== 0);
	if (said.length === 0) return "The same tensors, by name, type and shape.";
	return `Tensors: ${said.map(([count, word]) => `${count} ${word}`).join(", ")}.`;
}

function figures(a: ComparedCheckpoint, b: ComparedCheckpoint): string[][] {
	const [before, after] = [countCheckpoint(a.contents), countCheckpoint(b.contents)];
	const names = [...new Set([...Object.keys(a.metrics), ...Object.keys(b.metrics)])].sort();
	const row = (name: string, x: number | null | undefined, y: number | null | undefined, text = plain) => {
		const cells = [x, y].map((value) => (value === null || value === undefined ? "–" : text(value)));
		const delta = typeof x === "number" && typeof y === "number" && x !== y ? signed(y - x, text) : "";
		return [toLine(name, 120), ...cells, delta];
	};
	return [
		["", "before", "after", "difference"],
		row("step", a.step, b.step, grouped),
		row("parameters", before.parameters, after.parameters, grouped),
		row("tensors", a.contents.tensors.length, b.contents.tensors.length, grouped),
		row("size", before.sizeBytes, after.sizeBytes, sizeText),
		...names.map((name) => row(name, a.metrics[name], b.metrics[name])),
	];
}

function plain(value: number): string {
	return String(Number(value.toPrecision(6)));
}

function signed(value: number, text: (value: number) => string): string {
	return Number.isNaN(value) ? "" : `${value < 0 ? "−" : "+"}${text(Math.abs(value))}`;
}

function factRows(a: CheckpointContents, b: CheckpointContents): string[][] {
	const [before, after] = [new Map(a.facts), new Map(b.facts)];
	return [...new Set([...before.keys(), ...after.keys()])]
		.filter((name) => before.get(name) !== after.get(name))
		.sort()
		.map((name) => [toLine(name, 120), toLine(before.get(name) ?? "–", 200), "→", toLine(after.get(name) ?? "–", 200)]);
}
