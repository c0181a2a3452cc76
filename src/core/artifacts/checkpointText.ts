import { toLine } from "../plainText";
import { type CheckpointContents, type CheckpointTensor, countCheckpoint } from "./checkpointContents";

/** A checkpoint's header as a text that can be read, searched and compared. */
export function checkpointText(name: string, contents: CheckpointContents): string {
	const count = countCheckpoint(contents);
	const optimizer =
		count.optimizerValues > 0 ? `, and ${grouped(count.optimizerValues)} values of an optimizer's state` : "";
	const lines = [
		toLine(name, 500),
		`${contents.format}: ${grouped(contents.tensors.length)} tensors, ${grouped(count.parameters)} parameters${optimizer}, ${sizeText(count.sizeBytes)}.`,
		"Read from its header: no value was loaded, no code was run.",
		...(contents.isCut ? ["There are more tensors than these."] : []),
		"",
	];
	if (contents.facts.length > 0) {
		lines.push(
			"About it",
			...aligned(contents.facts.map(([fact, value]) => [toLine(fact, 120), toLine(value, 300)])),
			"",
		);
	}
	lines.push("Tensors", ...aligned([["name", "dtype", "shape", "size"], ...contents.tensors.map(tensorCells)]), "");
	return lines.join("\n");
}

export function tensorCells({ name, dtype, shape, sizeBytes }: CheckpointTensor): readonly string[] {
	return [toLine(name, 300), toLine(dtype, 40), shapeText(shape), sizeBytes === null ? "?" : sizeText(sizeBytes)];
}

export function shapeText(shape: readonly number[]): string {
	return shape.length === 0 ? "scalar" : `[${shape.join(", ")}]`;
}

/** In powers of a thousand, as downloads are: `97.5 MB`. */
export function sizeText(bytes: number): string {
	const units = ["bytes", "kB", "MB", "GB", "TB"];
	const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
	return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

export function grouped(count: number): string {
	return count.toLocaleString("en");
}

/** Columns of the width of their widest cell, the last as it is. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
	const widths: number[] = [];
	for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
	return rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd());
}
