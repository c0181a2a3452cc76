/** Rows as text for the clipboard. The first row is the heading. */

/** RFC 4180; a text that a spreadsheet would run as a formula is kept a text by a leading apostrophe. */
export function toCsv(rows: readonly (readonly string[])[]): string {
	return rows.map((cells) => `${cells.map(toCsvCell).join(",")}\r\n`).join("");
}

function toCsvCell(text: string): string {
	const isFormula =
		/^[=@\t\r]/.test(text) || (/^[+-]/.test(text) && !Number.isFinite(Number(text)) && !/^-?Infinity$/.test(text));
	const safe = isFormula ? `'${text}` : text;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A GitHub table; what would end a cell or begin markup is escaped. */
export function toMarkdownTable(rows: readonly (readonly string[])[]): string {
	const [heading, ...others] = rows.map((cells) => `| ${cells.map(toMarkdownCell).join(" | ")} |`);
	if (heading === undefined) return "";
	const rule = `|${" --- |".repeat(rows[0]?.length ?? 0)}`;
	return `${[heading, rule, ...others].join("\n")}\n`;
}

function toMarkdownCell(text: string): string {
	return text
		.replace(/[\\|`*_<>[\]]/g, "\\$&")
		.replace(/\s*\r?\n\s*/g, " ")
		.trim();
}
