/**
 * `file`: as MLflow's folder store compares, in Python. `sql`: as its database stores and its server compare, in SQLite.
 * `sqlBefore317`: the same before MLflow 3.17, where a filter takes a metric that is NaN for 0, as which it is stored.
 */
export type SearchDialect = "file" | "sql" | "sqlBefore317";

/**
 * LIKE with `%` and `_`, case matters in both (MLflow sets `case_sensitive_like`). In SQLite it spans the whole text; the folder
 * store makes a regular expression of it whose `.` stops at a line's end and whose end is open after a last `%`.
 */
export function isLike(text: string, pattern: string, dialect: SearchDialect): boolean {
	return toPattern(pattern, dialect, "").test(text);
}

/** ILIKE: SQLite lowers ASCII letters only, Python every letter. */
export function isIlike(text: string, pattern: string, dialect: SearchDialect): boolean {
	if (dialect === "file") return toPattern(pattern, dialect, "i").test(text);
	return isLike(lowerAscii(text), lowerAscii(pattern), dialect);
}

function lowerAscii(text: string): string {
	return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const patterns = new Map<string, RegExp>();

function toPattern(pattern: string, dialect: SearchDialect, flags: string): RegExp {
	const key = `${dialect}${flags} ${pattern}`;
	const known = patterns.get(key);
	if (known) return known;
	if (patterns.size > 100) patterns.clear();
	// Runs of % are one: several in a row would make the expression slow.
	const body = pattern
		.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
		.replaceAll(/%+/g, ".*")
		.replaceAll("_", ".");
	const end = dialect !== "file" ? "$" : pattern.endsWith("%") ? "" : "\\n?$";
	const made = new RegExp(`^${body}${end}`, dialect !== "file" ? "su" : `u${flags}`);
	patterns.set(key, made);
	return made;
}
