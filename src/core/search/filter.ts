import type { Run } from "../../shared/run";
import { isIlike, isLike, type SearchDialect } from "./comparison";
import { Scanner } from "./scanner";
import { type SearchKey, toSearchKey } from "./searchKey";

export type { SearchDialect } from "./comparison";

const numberComparators = [">", ">=", "!=", "=", "<", "<="] as const;
const textComparators = ["=", "!=", "LIKE", "ILIKE"] as const;

type NumberComparator = (typeof numberComparators)[number];
type TextComparator = (typeof textComparators)[number];

/** One comparison of a filter; all of them must hold. */
export type Clause =
	| { readonly kind: "number"; readonly key: SearchKey; readonly comparator: NumberComparator; readonly value: number }
	| { readonly kind: "text"; readonly key: SearchKey; readonly comparator: TextComparator; readonly value: string }
	| { readonly kind: "list"; readonly key: SearchKey; readonly isIn: boolean; readonly values: readonly string[] }
	| { readonly kind: "presence"; readonly key: SearchKey; readonly isPresent: boolean };

export type Filter = readonly Clause[];

/**
 * MLflow's filter syntax (SearchUtils.parse_search_filter of MLflow 3.17): clauses joined by AND, which may as well be left out.
 * Throws `search.syntax`, with the place and what was expected, where MLflow refuses; an invalid comparator is refused even
 * where MLflow's folder store would only notice it at the first run.
 */
export function parseFilter(text: string): Filter {
	const clauses: Clause[] = [];
	if (text === "") return clauses;
	const scanner = new Scanner(text, "filter");
	let words = 0;
	for (; ; words++) {
		scanner.take("space");
		if (scanner.isAtEnd) break;
		if (scanner.take("and") === undefined) clauses.push(parseClause(scanner));
	}
	return words === 0 ? scanner.refuse("a comparison such as metrics.loss < 0.5") : clauses;
}

function parseClause(scanner: Scanner): Clause {
	const start = scanner.at;
	const written = scanner.take("identifier");
	if (written === undefined) return scanner.refuse("metrics.…, params.…, tags.… or an attribute such as status");
	const key = toSearchKey(written);
	if (typeof key === "string") return scanner.refuse(`a known name (${key})`, start);
	const place = scanner.at;
	const comparator = scanner.takeNext("comparator")?.toUpperCase().replaceAll(/\s+/g, " ");
	if (comparator === undefined) {
		return scanner.refuse("a comparator (=, !=, <, >, LIKE …); a key with other characters goes in `backticks`");
	}
	if (comparator.startsWith("IS ")) {
		if (key.entity !== "tag" && key.entity !== "param") return scanner.refuse("IS NULL only on params and tags", place);
		return { kind: "presence", key, isPresent: comparator === "IS NOT NULL" };
	}
	if (key.entity === "metric" || key.entity === "number") {
		const known = numberComparators.find((name) => name === comparator);
		if (known === undefined) return scanner.refuse(`one of ${numberComparators.join(" ")}`, place);
		const value = scanner.takeNext("number");
		if (value === undefined) return scanner.refuse("a number");
		return { kind: "number", key, comparator: known, value: Number(value) };
	}
	if (comparator === "IN" || comparator === "NOT IN") {
		if (key.entity !== "dataset" && key.key !== "run_id")
			return scanner.refuse("IN only on run_id and datasets", place);
		return { kind: "list", key, isIn: comparator === "IN", values: parseList(scanner) };
	}
	const known = textComparators.find((name) => name === comparator);
	if (known === undefined) return scanner.refuse(`one of ${textComparators.join(" ")}`, place);
	const value = scanner.takeNext("text");
	if (value === undefined) return scanner.refuse("text in quotes");
	// MLflow takes the text between the quotes as it is: a doubled quote or a backslash stays.
	return { kind: "text", key, comparator: known, value: value.slice(1, -1) };
}

/** MLflow reads the list as a Python literal: adjacent texts are one, backslashes escape. */
function parseList(scanner: Scanner): string[] {
	if (scanner.takeNext("open") === undefined) return scanner.refuse("a list in parentheses");
	const values: string[] = [];
	do {
		let value = scanner.takeNext("text");
		if (value === undefined) break;
		let joined = "";
		for (; value !== undefined; value = scanner.takeNext("text")) joined += pythonText(value);
		values.push(joined);
	} while (scanner.takeNext("comma") !== undefined);
	if (values.length === 0) return scanner.refuse("text in quotes");
	if (scanner.takeNext("close") === undefined) return scanner.refuse("a comma or a closing parenthesis");
	return values;
}

function pythonText(literal: string): string {
	const quote = literal.charAt(0);
	const body = literal.slice(1, -1).replaceAll(quote + quote, "");
	const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r" };
	return body.replaceAll(/\\([\\'"ntr])/g, (_, escaped: string) => escapes[escaped] ?? escaped);
}

/** Whether a run satisfies every clause. A key the run does not have satisfies none, `!=` included, except IS NULL. */
export function matchesFilter(run: Run, filter: Filter, dialect: SearchDialect): boolean {
	return filter.every((clause) => matchesClause(run, clause, dialect));
}

function matchesClause(run: Run, clause: Clause, dialect: SearchDialect): boolean {
	switch (clause.kind) {
		case "number": {
			const value = numberOf(run, clause.key);
			if (value === null) return false;
			const compared = Number.isNaN(value) && dialect === "sqlBefore317" ? 0 : value;
			return compareNumbers(compared, clause.comparator, clause.value);
		}
		case "presence":
			return textsOf(run, clause.key, dialect).length > 0 === clause.isPresent;
		case "list":
			return textsOf(run, clause.key, dialect).some((text) => clause.values.includes(text) === clause.isIn);
		case "text":
			return textsOf(run, clause.key, dialect).some((text) =>
				compareTexts(text, clause.comparator, clause.value, dialect),
			);
	}
}

function numberOf(run: Run, key: SearchKey): number | null {
	if (key.entity === "metric") return ownValue(run.metrics, key.key);
	return key.key === "start_time" ? run.startTimeMs : run.endTimeMs;
}

/** The texts a key stands for: none, one, or one of each data set. */
function textsOf(run: Run, key: SearchKey, dialect: SearchDialect): readonly string[] {
	if (key.entity === "dataset") {
		return (run.datasets ?? []).map((dataset) => dataset[key.key]).filter((text) => text !== null);
	}
	// The database stores look a run's name up in its tag (runs of MLflow 1 have none in the runs table).
	const isNamedByTag = dialect !== "file" && key.key === "run_name" && key.entity === "text";
	const text = isNamedByTag ? ownValue(run.tags, "mlflow.runName") : textOf(run, key);
	return text === null ? [] : [text];
}

/** A param, tag or text attribute; null when the run has none. */
export function textOf(run: Run, key: SearchKey): string | null {
	switch (key.entity) {
		case "param":
			return ownValue(run.params, key.key);
		case "tag":
			return ownValue(run.tags, key.key);
		case "text":
			return attributeText(run, key.key);
		default:
			return null;
	}
}

function attributeText(run: Run, key: Extract<SearchKey, { entity: "text" }>["key"]): string | null {
	switch (key) {
		case "run_name":
			return run.name;
		case "run_id":
			return run.id;
		case "status":
			return run.status;
		case "user_id":
			return run.userId;
		case "artifact_uri":
			return run.artifactUri;
	}
}

export function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | null {
	return Object.hasOwn(record, key) ? (record[key] ?? null) : null;
}

function compareNumbers(left: number, comparator: NumberComparator, right: number): boolean {
	switch (comparator) {
		case ">":
			return left > right;
		case ">=":
			return left >= right;
		case "=":
			return left === right;
		case "!=":
			return left !== right;
		case "<":
			return left < right;
		case "<=":
			return left <= right;
	}
}

function compareTexts(left: string, comparator: TextComparator, right: string, dialect: SearchDialect): boolean {
	switch (comparator) {
		case "=":
			return left === right;
		case "!=":
			return left !== right;
		case "LIKE":
			return isLike(left, right, dialect);
		case "ILIKE":
			return isIlike(left, right, dialect);
	}
}
