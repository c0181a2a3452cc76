import { GammaError } from "../../shared/errors";

/** SQLite's result codes (sqlite.org/rescode.html); node:sqlite gives the extended ones, whose low byte is the primary one. */
const primary = {
	busy: 5,
	locked: 6,
	readOnly: 8,
	ioError: 10,
	corrupt: 11,
	cannotOpen: 14,
	notADatabase: 26,
} as const;
/** A rollback journal of a writer that died: the database must be recovered before it can be read. */
const readOnlyRollback = 776;

function codeOf(error: unknown): number | null {
	if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return null;
	return error.errcode;
}

function primaryOf(error: unknown): number | null {
	const code = codeOf(error);
	return code === null ? null : code & 0xff;
}

export function isSqliteBusy(error: unknown): boolean {
	const code = primaryOf(error);
	return code === primary.busy || code === primary.locked;
}

export function isSqliteUnrecovered(error: unknown): boolean {
	return codeOf(error) === readOnlyRollback;
}

export function isSqliteDamaged(error: unknown): boolean {
	const code = primaryOf(error);
	return code === primary.corrupt || code === primary.notADatabase || code === primary.ioError;
}

export function toSqliteError(error: unknown, path: string): unknown {
	const options = { cause: error };
	if (GammaError.is(error)) return error;
	if (isSqliteBusy(error)) {
		return new GammaError("store.busy", `${path} is locked by another program; try again in a moment.`, options);
	}
	if (isSqliteDamaged(error)) {
		return new GammaError("store.damaged", `${path} is damaged: SQLite cannot read it.`, options);
	}
	const code = primaryOf(error);
	if (code === primary.cannotOpen || code === primary.readOnly) {
		return new GammaError("store.refused", `${path} cannot be opened; check that you may read it.`, options);
	}
	if (code === null) return error;
	return new GammaError("store.unrecognised", `${path} is an SQLite file, but its tables are not MLflow's.`, options);
}
