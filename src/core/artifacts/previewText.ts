import type { Preview } from "../../shared/preview";
import { toLine } from "../plainText";
import { aligned, grouped, shapeText, sizeText } from "./checkpointText";

/** A preview as a text for a read-only editor; null for a picture, which is none. */
export function previewText(preview: Preview): string | null {
	const cut = (truncated: boolean, what: string) => (truncated ? `\n\n… only the beginning is shown: ${what}\n` : "");
	const whole = "download it to have the whole.";
	switch (preview.kind) {
		case "text":
		case "markdown":
		case "json":
			return preview.text + cut(preview.truncated, whole);
		case "table": {
			const { columns, rows, totalRows } = preview;
			const count = totalRows === null ? "" : `${grouped(totalRows)} rows, `;
			const cells = [columns.map(({ name }) => name), columns.map(({ type }) => type), ...rows];
			const table = aligned(cells.map((row) => row.map((cell) => toLine(cell, 60))));
			return [`${count}${columns.length} columns`, "", ...table].join("\n") + cut(preview.truncated, whole);
		}
		case "array":
			return (
				preview.entries
					.map((entry) => {
						const name = entry.name === "" ? "" : `${toLine(entry.name, 200)}: `;
						const figures = `min ${entry.min ?? "–"}, max ${entry.max ?? "–"}, mean ${entry.mean ?? "–"}`;
						const values = entry.note ?? `${figures}\n  ${entry.values.map((value) => toLine(value, 40)).join("  ")}`;
						return `${name}${entry.dtype} ${shapeText(entry.shape)}\n  ${values}`;
					})
					.join("\n\n") + cut(preview.truncated, whole)
			);
		case "binary":
			return `${preview.sizeBytes === null ? "" : `${sizeText(preview.sizeBytes)}, `}of no kind that Gamma can show. It begins with:\n\n${preview.hexHead}\n`;
		case "tooLarge":
			return `${sizeText(preview.sizeBytes)}: more than the ${sizeText(preview.limitBytes)} that are shown here; download it.\n`;
		case "image":
			return null;
	}
}
