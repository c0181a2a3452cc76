import type { TablePreview } from "../../shared/preview";

const maxRows = 1000;
const maxColumns = 300;
/** A cell is for reading in a table, not for holding a document. */
const maxCellLength = 1000;

const delimiters = [",", "\t", ";", "|"] as const;
/** Lines looked at to tell the delimiter and the types. */
const sampleRows = 50;

export interface CsvOptions {
	/** Null: told from the first lines. */
	readonly delimiter: string | null;
	/** Is this the whole file? Otherwise its last, probably cut row is left out. */
	readonly isWhole: boolean;
}

/**
 * A table of separated values: quotes with doubled quotes inside, line ends inside quotes, ragged rows (RFC 4180 and what occurs).
 * The first row is the header unless every cell of it is a number.
 */
export function parseCsv(text: string, { delimiter, isWhole }: CsvOptions): TablePreview {
	const source = text.startsWith("\ufeff") ? text.slice(1) : text;
	const rows = splitRows(source, delimiter ?? sniffDelimiter(source));
	if (!isWhole && rows.length > 1) rows.pop();
	const widest = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
	const width = Math.min(maxColumns, widest);
	const first = rows[0] ?? [];
	const hasHeader = !(first.length > 0 && first.every((cell) => isNumber(cell)));
	const body = hasHeader ? rows.slice(1) : rows;
	const sample = body.slice(0, sampleRows);
	const columns = Array.from({ length: width }, (_, at) => ({
		name: hasHeader ? shorten(first[at] ?? "") : String(at + 1),
		type: typeOf(sample.map((row) => row[at] ?? "")),
	}));
	return {
		kind: "table",
		columns,
		rows: body.slice(0, maxRows).map((row) => Array.from({ length: width }, (_, at) => shorten(row[at] ?? ""))),
		totalRows: isWhole ? body.length : null,
		truncated: !isWhole || body.length > maxRows || widest > maxColumns,
	};
}

function splitRows(text: string, delimiter: string, limit = Number.POSITIVE_INFINITY): string[][] {
	const rows: string[][] = [];
	let row: string[] = [];
	let at = 0;
	while (at < text.length && rows.length < limit) {
		let cell: string;
		if (text[at] === '"') [cell, at] = quotedCell(text, at, delimiter);
		else {
			const end = endOfCell(text, at, delimiter);
			cell = text.slice(at, end);
			at = end;
		}
		row.push(cell);
		if (text[at] === delimiter) {
			at++;
			// A delimiter at the very end has an empty cell behind it.
			if (at === text.length) row.push("");
			else continue;
		}
		if (text[at] === "\r" && text[at + 1] === "\n") at++;
		at++;
		if (row.length > 1 || row[0] !== "") rows.push(row);
		row = [];
	}
	return rows;
}

function endOfCell(text: string, from: number, delimiter: string): number {
	for (let at = from; at < text.length; at++) {
		const char = text[at];
		if (char === delimiter || char === "\n" || char === "\r") return at;
	}
	return text.length;
}

/** The cell whose opening quote is at `from`, and where it ends. What stands between the closing quote and the delimiter is kept. */
function quotedCell(text: string, from: number, delimiter: string): [string, number] {
	let cell = "";
	let at = from + 1;
	for (;;) {
		const quote = text.indexOf('"', at);
		if (quote < 0) return [cell + text.slice(at), text.length];
		cell += text.slice(at, quote);
		if (text[quote + 1] !== '"') {
			const end = endOfCell(text, quote + 1, delimiter);
			return [cell + text.slice(quote + 1, end), end];
		}
		cell += '"';
		at = quote + 2;
	}
}

/** The delimiter that parts the first lines into the most columns of which every line has the same number. */
function sniffDelimiter(text: string): string {
	let best: string = ",";
	let bestScore = 0;
	for (const delimiter of delimiters) {
		const rows = splitRows(text, delimiter, sampleRows);
		const width = rows[0]?.length ?? 0;
		const alike = rows.filter((row) => row.length === width).length / Math.max(1, rows.length);
		const score = width > 1 ? alike * alike * Math.min(width, 10) : 0;
		if (score > bestScore) [best, bestScore] = [delimiter, score];
	}
	return best;
}

function typeOf(cells: readonly string[]): string {
	const filled = cells.filter((cell) => cell !== "");
	if (filled.length === 0) return "text";
	if (filled.every(isNumber)) return "number";
	return filled.every((cell) => /^(true|false)$/i.test(cell)) ? "boolean" : "text";
}

function isNumber(cell: string): boolean {
	return /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(cell) || /^[-+]?(nan|inf|infinity)$/i.test(cell);
}

function shorten(cell: string): string {
	return cell.length > maxCellLength ? `${cell.slice(0, maxCellLength)}…` : cell;
}
