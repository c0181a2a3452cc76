import { GammaError } from "../../shared/errors";
import type { Run } from "../../shared/run";

/** `file`: as MLflow's folder store compares, in Python. `sql`: as its database stores and its server compare, in SQLite. */
export type SearchDialect = "file" | "sql";

export type Filter = readonly never[];

export function parseFilter(text: string): Filter {
	if (text.trim() === "") return [];
	throw new GammaError("search.syntax", "Filters are not understood yet.");
}

export function matchesFilter(_run: Run, filter: Filter, _dialect: SearchDialect): boolean {
	return filter.length === 0;
}
