import { open, stat } from "node:fs/promises";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Disposable } from "../../core/disposable";
import { GammaError } from "../../shared/errors";
import { SqliteCopy } from "./sqliteCopy";
import { isSqliteBusy, isSqliteUnrecovered, toSqliteError } from "./sqliteErrors";
import { SqliteRows } from "./sqliteRows";

/** How long SQLite itself waits for a lock, and how often it is asked again, 50 ms apart: 3 s in all. */
const busyTimeoutMs = 250;
const attempts = 10;
const pauseMs = 50;

/** Of a database file and its journals; equal stamps, equal content. */
export type SqliteStamp = string;

/**
 * An SQLite file of which others are the owners: read without creating, changing or keeping anything beside it, while it may be
 * written to. Each reading opens it anew and closes it, so that a writer that ends finds itself alone and tidies up its log.
 */
export class SqliteFile implements Disposable {
	readonly #copy: SqliteCopy;

	constructor(readonly path: string) {
		this.#copy = new SqliteCopy(path);
	}

	/** Rejects with `store.missing`. */
	async stamp(): Promise<SqliteStamp> {
		const parts = await Promise.all(["", "-wal", "-journal"].map((suffix) => stampOf(this.path + suffix)));
		if (parts[0] === "") throw new GammaError("store.missing", `There is no file ${this.path}.`);
		return parts.join(" ");
	}

	/**
	 * One consistent view of the database. `read` may run again when the file changed under it.
	 * Rejects with `store.missing`, `store.busy`, `store.damaged`, `store.refused`, `platform.unsupported`.
	 */
	async read<T>(read: (rows: SqliteRows) => T, signal?: AbortSignal): Promise<T> {
		const sqlite = process.getBuiltinModule?.("node:sqlite");
		if (sqlite === undefined) {
			throw new GammaError(
				"platform.unsupported",
				`${this.path} is an SQLite file, which needs Node.js 22.13 or newer; this is ${process.version}.`,
			);
		}
		let isUnrecovered = false;
		for (let attempt = 1; ; attempt++) {
			signal?.throwIfAborted();
			const stamp = await this.stamp();
			const source = await this.#source(isUnrecovered);
			try {
				const result = readOnce(new sqlite.DatabaseSync(source.path, { readOnly: source.isReadOnly }), read);
				if (!source.isUnlocked || (await this.stamp()) === stamp) return result;
			} catch (error) {
				if (isSqliteUnrecovered(error) && !isUnrecovered) isUnrecovered = true;
				else if (!isSqliteBusy(error) || attempt >= attempts) throw toSqliteError(error, this.path);
			}
			if (attempt >= attempts) throw new GammaError("store.busy", `${this.path} is being written to without pause.`);
			await delay(pauseMs, undefined, signal ? { signal } : {});
		}
	}

	dispose(): void {
		this.#copy.dispose();
	}

	/**
	 * With a rollback journal SQLite reads in place and creates nothing. A write-ahead log needs its -shm file: where it lacks,
	 * SQLite would make one, so the database and log are read from a copy; where there is no log, the file alone is all there is,
	 * and it is read as one that does not change (`stamp` says when it did).
	 */
	async #source(isUnrecovered: boolean): Promise<SqliteSource> {
		if (isUnrecovered) return { path: await this.#copy.path("-journal"), isReadOnly: false, isUnlocked: true };
		if (!(await hasWriteAheadLog(this.path))) return { path: this.path, isReadOnly: true, isUnlocked: false };
		const log = await sizeOf(`${this.path}-wal`);
		if (log === null || log === 0) {
			const url = pathToFileURL(this.path);
			url.searchParams.set("immutable", "1");
			return { path: url, isReadOnly: true, isUnlocked: true };
		}
		if ((await sizeOf(`${this.path}-shm`)) !== null) return { path: this.path, isReadOnly: true, isUnlocked: false };
		return { path: await this.#copy.path("-wal"), isReadOnly: false, isUnlocked: true };
	}
}

interface SqliteSource {
	readonly path: string | URL;
	readonly isReadOnly: boolean;
	/** Read without SQLite's locks: what was read counts only if the file is the same afterwards. */
	readonly isUnlocked: boolean;
}

function readOnce<T>(database: DatabaseSync, read: (rows: SqliteRows) => T): T {
	try {
		database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA query_only = 1; PRAGMA trusted_schema = 0; BEGIN`);
		return read(new SqliteRows(database));
	} finally {
		// Ends the transaction too; there is nothing to commit, and after a damaged page a COMMIT would fail.
		database.close();
	}
}

/** Byte 18 of the header is the file format's write version: 1 rollback journal, 2 write-ahead log (sqlite.org/fileformat2). */
async function hasWriteAheadLog(path: string): Promise<boolean> {
	const header = await readHeader(path);
	return header !== null && header.length > 18 && header[18] === 2;
}

/** The first 100 bytes, the database header; null when there is no such file. */
export async function readHeader(path: string): Promise<Uint8Array | null> {
	const file = await open(path, "r").catch(() => null);
	if (file === null) return null;
	try {
		const { buffer, bytesRead } = await file.read(new Uint8Array(100), 0, 100, 0);
		return buffer.subarray(0, bytesRead);
	} catch {
		return null;
	} finally {
		await file.close();
	}
}

async function stampOf(path: string): Promise<string> {
	const stats = await stat(path, { bigint: true }).catch(() => null);
	return stats === null ? "" : `${stats.ino}:${stats.size}:${stats.mtimeNs}`;
}

async function sizeOf(path: string): Promise<number | null> {
	return (await stat(path).catch(() => null))?.size ?? null;
}
