import type { Run } from "../../shared/run";
import { compareByCodePoint } from "../codePoints";
import type { SearchDialect } from "./comparison";
import { ownValue, textOf } from "./filter";
import { Scanner } from "./scanner";
import { type SearchKey, toSearchKey } from "./searchKey";

export interface Order {
	readonly key: SearchKey;
	readonly isDescending: boolean;
}

/** The word behind a key, whatever it is; only ASC and DESC are right there. */
const ending = /\s+(\S+)$/u;

/** One `order_by` of MLflow: a key and perhaps ASC or DESC. Throws `search.syntax`. */
export function parseOrder(text: string): Order {
	const scanner = new Scanner(text, "order");
	const written = scanner.take("identifier");
	if (written === undefined) return scanner.refuse("metrics.…, params.…, tags.… or an attribute such as start_time");
	const rest = text.slice(scanner.at);
	const direction = rest === "" ? "asc" : ending.exec(rest)?.[1]?.toLowerCase();
	const isWhole = rest === "" || ending.exec(rest)?.index === 0;
	if (!isWhole || (direction !== "asc" && direction !== "desc")) {
		return scanner.refuse("ASC, DESC or nothing; a key with other characters goes in `backticks`");
	}
	const key = toSearchKey(rest === "" ? written : withoutQuotes(written));
	if (typeof key === "string") return scanner.refuse(`a known name (${key})`, 0);
	if (key.entity === "dataset") return scanner.refuse("a metric, param, tag or attribute", 0);
	if (key.key === "run_name" && /run name/i.test(written)) {
		return scanner.refuse("run_name: MLflow orders by no other name of it", 0);
	}
	return { key, isDescending: direction === "desc" };
}

/** With a direction behind it MLflow drops every quote of a key (it splits the order like a shell), without one only the outer. */
function withoutQuotes(written: string): string {
	return written.replaceAll(/`([^`]*)`|"((?:\\"|[^"])*)"|'([^']*)'/g, (_, ...parts: (string | undefined)[]) => {
		const [backticked, doubled, single] = parts;
		return backticked ?? doubled?.replaceAll('\\"', '"') ?? single ?? "";
	});
}

/**
 * MLflow's order: values, then NaN, then runs without the key, whichever the direction; ties newest first, then by run id.
 * In `sql` a key given twice is refused, as its database stores do. Throws `search.syntax`.
 */
export function sortRuns(runs: readonly Run[], orderBy: readonly string[], dialect: SearchDialect): Run[] {
	const orders = orderBy.map(parseOrder);
	const names = orders.map(({ key }) => `${key.entity} ${key.key}`);
	const twice = dialect !== "file" ? names.findIndex((name, i) => names.indexOf(name) !== i) : -1;
	if (twice >= 0) new Scanner(orderBy[twice] ?? "", "order").refuse("each key once");
	const comparisons = orders.map(toComparison);
	return runs.toSorted((left, right) => {
		for (const compare of comparisons) {
			const order = compare(left, right);
			if (order !== 0) return order;
		}
		return compareNewestFirst(left, right);
	});
}

export function compareNewestFirst(left: Run, right: Run): number {
	const order = compareValues(left.startTimeMs, right.startTimeMs, -1, subtract);
	return order !== 0 ? order : compareByCodePoint(left.id, right.id);
}

function toComparison({ key, isDescending }: Order): (left: Run, right: Run) => number {
	const sign = isDescending ? -1 : 1;
	switch (key.entity) {
		case "metric":
			return (left, right) =>
				compareValues(ownValue(left.metrics, key.key), ownValue(right.metrics, key.key), sign, subtract);
		case "number":
			return key.key === "start_time"
				? (left, right) => compareValues(left.startTimeMs, right.startTimeMs, sign, subtract)
				: (left, right) => compareValues(left.endTimeMs, right.endTimeMs, sign, subtract);
		default:
			return (left, right) => compareValues(textOf(left, key), textOf(right, key), sign, compareByCodePoint);
	}
}

function compareValues<T extends number | string>(
	left: T | null,
	right: T | null,
	sign: number,
	compare: (left: T, right: T) => number,
): number {
	if (left === null || right === null) return Number(left === null) - Number(right === null);
	const leftRank = Number(Number.isNaN(left));
	const rightRank = Number(Number.isNaN(right));
	return leftRank + rightRank > 0 ? leftRank - rightRank : sign * compare(left, right);
}

/** Not a difference: Infinity minus itself is NaN. */
function subtract(left: number, right: number): number {
	return left < right ? -1 : left > right ? 1 : 0;
}
