import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";

/** One row, in the order of the columns asked for. Numbers that may pass 2^53 are asked for as REAL: node:sqlite refuses them. */
export type SqliteRow = readonly unknown[];

/** Queries within one reading of a database. */
export class SqliteRows {
	readonly #statements = new Map<string, StatementSync>();

	constructor(private readonly database: DatabaseSync) {}

	all(query: string, ...parameters: SQLInputValue[]): readonly SqliteRow[] {
		const statement = this.#prepared(query);
		if (typeof statement.setReturnArrays === "function") {
			statement.setReturnArrays(true);
			const rows: readonly unknown[] = statement.all(...parameters);
			if (areArrays(rows)) return rows;
		}
		// Node.js before 22.16: rows are objects, in the order of the columns.
		return statement.all(...parameters).map((row) => Object.values(row));
	}

	/**
	 * Calls back with four columns of every row, and keeps none: SQLite calls `take` itself as an SQL function, which for a long
	 * history is more than twice as fast as rows made into arrays. `from`: all that follows the columns.
	 */
	each(
		columns: readonly [string, string, string, string],
		from: string,
		parameters: readonly SQLInputValue[],
		take: (first: unknown, second: unknown, third: unknown, fourth: unknown) => void,
	): void {
		// A function of fixed arguments: with a rest parameter each call would make an array.
		this.database.function("gamma_take", (first, second, third, fourth) => {
			take(first, second, third, fourth);
			return null;
		});
		this.#prepared(`SELECT count(gamma_take(${columns.join(", ")})) FROM ${from}`).get(...parameters);
	}

	/** MLflow 3's schema has 65 tables: preparing a query costs 0.2 ms. */
	#prepared(query: string): StatementSync {
		let statement = this.#statements.get(query);
		if (!statement) {
			statement = this.database.prepare(query);
			this.#statements.set(query, statement);
		}
		return statement;
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
