import { PointColumns } from "../../core/mlflow/pointColumns";
import type { Series } from "../../shared/run";
import type { SqliteStamp } from "./sqliteFile";
import { type SqliteRows, toNumber } from "./sqliteRows";

/** Memory for histories already read; the longest unused go first. */
const maxBytes = 512 << 20;

interface History {
	readonly columns: PointColumns;
	/** Rows are numbered in the order they were inserted; those up to here are in the columns. */
	lastRowId: number;
	/** The row of that number: after a deletion or VACUUM it is another one. */
	lastRow: string;
	/** Of the files before the last reading: while it is the same there is nothing new. */
	stamp: SqliteStamp;
}

/** The metric histories that were asked for, each read on from its last row. */
export class SqliteHistories {
	readonly #histories = new Map<string, History>();

	clear(): void {
		this.#histories.clear();
	}

	/** What was read already, while the files are as they were then. */
	known(runId: string, metric: string, stamp: SqliteStamp): Series | null {
		const history = this.#histories.get(`${runId}\0${metric}`);
		return history?.stamp === stamp ? history.columns.toSeries() : null;
	}

	/** Null when the run has no such metric. `stamp`: of the files, taken before they were opened. */
	read(rows: SqliteRows, runId: string, metric: string, stamp: SqliteStamp): Series | null {
		const key = `${runId}\0${metric}`;
		const known = this.#histories.get(key);
		const history = known && readRow(rows, known.lastRowId) === known.lastRow ? known : newHistory();
		this.#histories.delete(key);
		const newest = readRows(rows, runId, metric, history);
		if (newest !== null) history.lastRowId = newest;
		if (history.columns.length === 0) return null;
		history.lastRow = readRow(rows, history.lastRowId);
		history.stamp = stamp;
		this.#histories.set(key, history);
		this.#forgetOldest();
		return history.columns.toSeries();
	}

	#forgetOldest(): void {
		let bytes = 0;
		for (const { columns } of this.#histories.values()) bytes += columns.sizeBytes;
		for (const [key, { columns }] of this.#histories) {
			if (bytes <= maxBytes || this.#histories.size === 1) return;
			this.#histories.delete(key);
			bytes -= columns.sizeBytes;
		}
	}
}

function newHistory(): History {
	return { columns: new PointColumns(), lastRowId: 0, lastRow: "", stamp: "" };
}

/**
 * Puts the points after `lastRowId` into the columns and answers the greatest row id among them; null when there is none.
 *
 * Left to itself SQLite takes the primary key, which begins with the metric: it would walk over that metric's points of every run.
 * The index of 3.x by run, metric and step finds a history at once, the one of 2.x by run also the rows after a known one.
 */
function readRows(rows: SqliteRows, runId: string, metric: string, { columns, lastRowId }: History): number | null {
	const byRunAndKey = "index_metrics_run_uuid_key_step";
	const byRun = "index_metrics_run_uuid";
	const index = lastRowId === 0 && rows.has(byRunAndKey) ? byRunAndKey : rows.has(byRun) ? byRun : null;
	let newest: number | null = null;
	rows.each(
		["rowid", "CAST(step AS REAL)", "iif(is_nan, NULL, CAST(value AS REAL))", "CAST(timestamp AS REAL)"],
		`metrics ${index === null ? "" : `INDEXED BY ${index}`} WHERE run_uuid = ? AND key = ? AND rowid > ?`,
		[runId, metric, lastRowId],
		(rowId, step, value, timestamp) => {
			columns.push(toNumber(step) ?? 0, toNumber(value) ?? Number.NaN, toNumber(timestamp) ?? 0);
			newest = Math.max(newest ?? 0, toNumber(rowId) ?? 0);
		},
	);
	return newest;
}

function readRow(rows: SqliteRows, rowId: number): string {
	const [row] = rows.all(
		`SELECT run_uuid, key, CAST(timestamp AS REAL), CAST(step AS REAL), CAST(value AS REAL)
			FROM metrics NOT INDEXED WHERE rowid = ?`,
		rowId,
	);
	return row === undefined ? "" : row.join("\0");
}
