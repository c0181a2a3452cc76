import { Problem } from "../problem";

export interface Changes {
	readonly columns: readonly string[];
	readonly values: readonly unknown[];
}

/** The columns that a request names, with their values; a request that names none changes nothing, which is a mistake. */
export function toChanges(columnOf: Readonly<Record<string, string>>, given: object): Changes {
	const values = new Map<string, unknown>(Object.entries(given));
	const named = Object.entries(columnOf).filter(([key]) => values.get(key) !== undefined);
	if (named.length === 0) {
		throw new Problem(400, `The request names nothing to change: it takes ${Object.keys(columnOf).join(", ")}.`);
	}
	return { columns: named.map(([, column]) => column), values: named.map(([key]) => values.get(key)) };
}

/** `name = $n, …`, the first value being number `first` of the statement. */
export function toAssignments({ columns }: Changes, first: number): string {
	return columns.map((column, at) => `${column} = $${first + at}`).join(", ");
}
