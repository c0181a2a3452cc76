import { type SqliteRows, toNumber, toText } from "./sqliteRows";

const tables = ["metrics", "params", "tags"] as const;
type Table = (typeof tables)[number];

/** The last row of a table, and what is in it. */
interface Mark {
	readonly rowId: number;
	readonly row: string;
}

/** How far each table was read. MLflow only adds rows to `metrics` and `params`; to `tags` it adds, and changes in place. */
export type SqliteMarks = Readonly<Record<Table, Mark>>;

export function readMarks(rows: SqliteRows): SqliteMarks {
	return { metrics: readMark(rows, "metrics"), params: readMark(rows, "params"), tags: readMark(rows, "tags") };
}

function readMark(rows: SqliteRows, table: Table): Mark {
	const rowId = toNumber(rows.all(`SELECT max(rowid) FROM ${table}`)[0]?.[0]) ?? 0;
	return { rowId, row: readRow(rows, table, rowId) };
}

function readRow(rows: SqliteRows, table: Table, rowId: number): string {
	const columns = table === "metrics" ? "run_uuid, key, CAST(timestamp AS REAL), CAST(step AS REAL)" : "run_uuid, key";
	return rows.all(`SELECT ${columns} FROM ${table} NOT INDEXED WHERE rowid = ?`, rowId)[0]?.join("\0") ?? "";
}

/** Whether rows were only added since: after a deletion or VACUUM the last row of then is gone or is another one. A tag may go. */
export function onlyGrew(rows: SqliteRows, since: SqliteMarks): boolean {
	return (["metrics", "params"] as const).every(
		(table) => readRow(rows, table, since[table].rowId) === since[table].row,
	);
}

export interface SqliteTail {
	/** Runs with new rows in any of the tables. */
	readonly runIds: ReadonlySet<string>;
	/** Metrics with new points, by run. */
	readonly grown: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What was added since the marks. `NOT INDEXED` leaves the row numbers as the way in: SQLite would walk over an index instead. */
export function readTail(rows: SqliteRows, since: SqliteMarks): SqliteTail {
	const runIds = new Set<string>();
	const grown = new Map<string, Set<string>>();
	for (const table of tables) {
		const query = `SELECT DISTINCT run_uuid, key FROM (SELECT run_uuid, key FROM ${table} NOT INDEXED WHERE rowid > ?)`;
		for (const [runId, key] of rows.all(query, since[table].rowId)) {
			const id = toText(runId) ?? "";
			runIds.add(id);
			if (table !== "metrics") continue;
			const metrics = grown.get(id) ?? new Set();
			grown.set(id, metrics.add(toText(key) ?? ""));
		}
	}
	return { runIds, grown };
}
