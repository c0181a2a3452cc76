import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** One row, in the order of the columns asked for. Numbers that may pass 2^53 are asked for as REAL: node:sqlite refuses them. */
export type SqliteRow = readonly unknown[];

/** Queries within one reading of a database. */
export class SqliteRows {
	constructor(private readonly database: DatabaseSync) {}

	all(query: string, ...parameters: SQLInputValue[]): readonly SqliteRow[] {
		const statement = this.database.prepare(query);
		if (typeof statement.setReturnArrays === "function") {
			statement.setReturnArrays(true);
			const rows: readonly unknown[] = statement.all(...parameters);
			if (areArrays(rows)) return rows;
		}
		// Node.js before 22.16: rows are objects, in the order of the columns.
		return statement.all(...parameters).map((row) => Object.values(row));
	}

	/** Whether a table, or an index, of that name exists. */
	has(name: string): boolean {
		return this.all("SELECT 1 FROM sqlite_master WHERE name = ?", name).length > 0;
	}
}

/** All rows of one query are alike. */
function areArrays(rows: readonly unknown[]): rows is readonly SqliteRow[] {
	return rows.length === 0 || Array.isArray(rows[0]);
}

const decoder = new TextDecoder();

/** SQLite's columns hold whatever was put there: a blob is read as text, a number as its digits. */
export function toText(value: unknown): string | null {
	if (typeof value === "string") return value;
	if (value === null || value === undefined) return null;
	return value instanceof Uint8Array ? decoder.decode(value) : String(value);
}

export function toNumber(value: unknown): number | null {
	return typeof value === "number" ? value : null;
}
