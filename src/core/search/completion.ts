import { Scanner } from "./scanner";
import { numberAttributes, type SearchKey, textAttributes, toSearchKey } from "./searchKey";

export interface SearchVocabulary {
	readonly params: readonly string[];
	readonly metrics: readonly string[];
	readonly tags: readonly string[];
}

export interface CompletionOption {
	readonly text: string;
	/** What it is: metric, param, tag, attribute, comparator, status or joins two comparisons. */
	readonly detail: string;
}

export interface FilterCompletion {
	/** Where the text to replace starts; it ends at the caret. */
	readonly from: number;
	readonly options: readonly CompletionOption[];
}

const mostOptions = 50;
const statuses = ["'RUNNING'", "'SCHEDULED'", "'FINISHED'", "'FAILED'", "'KILLED'"];

/** What may stand at the caret of an MLflow filter: keys, then what may follow each. Best matches first. */
export function completeFilter(text: string, caret: number, vocabulary: SearchVocabulary): FilterCompletion {
	const written = text.slice(0, caret);
	const scanner = new Scanner(written, "filter");
	let key: SearchKey | null = null;
	let part: "key" | "comparator" | "value" | "and" = "key";
	for (;;) {
		scanner.take("space");
		const from = scanner.at;
		const offer = (options: readonly CompletionOption[]) => matching(from, written.slice(from), options);
		if (part === "key") {
			const identifier = scanner.take("identifier");
			const rest = written.slice(scanner.at);
			// A key goes on with characters that need backticks: `metrics.val/lo`.
			if (identifier === undefined || !/^[\s<>=!~]/.test(rest)) return offer(keyOptions(vocabulary));
			const named = toSearchKey(identifier);
			if (typeof named === "string") return { from, options: [] };
			key = named;
			part = "comparator";
		} else if (part === "comparator") {
			const comparator = scanner.take("comparator");
			if (comparator === undefined || scanner.isAtEnd) return offer(comparatorOptions(key));
			part = /^is/i.test(comparator) ? "and" : "value";
		} else if (part === "value") {
			const isNumber = key?.entity === "metric" || key?.entity === "number";
			const value = scanner.take(isNumber ? "number" : "text");
			if (value === undefined || scanner.isAtEnd) return offer(valueOptions(key));
			part = "and";
		} else {
			if (scanner.take("and") === undefined || scanner.isAtEnd) return offer([{ text: "AND", detail: "and" }]);
			part = "key";
		}
	}
}

function keyOptions(vocabulary: SearchVocabulary): CompletionOption[] {
	const options = [
		...vocabulary.metrics.map((key) => ({ text: `metrics.${quoted(key)}`, detail: "metric" })),
		...vocabulary.params.map((key) => ({ text: `params.${quoted(key)}`, detail: "param" })),
	];
	for (const key of [...textAttributes, ...numberAttributes]) options.push({ text: key, detail: "attribute" });
	for (const key of vocabulary.tags) options.push({ text: `tags.${quoted(key)}`, detail: "tag" });
	return options;
}

/** In backticks where MLflow's parser would not take the key as it is. */
function quoted(key: string): string {
	const plain = new Scanner(`tags.${key}`, "filter");
	const taken = plain.take("identifier");
	const named = taken === undefined || !plain.isAtEnd ? null : toSearchKey(taken);
	if (named !== null && typeof named !== "string" && named.key === key) return key;
	return key.includes("`") ? `"${key}"` : `\`${key}\``;
}

function comparatorOptions(key: SearchKey | null): CompletionOption[] {
	const names = ["=", "!="];
	if (key?.entity === "metric" || key?.entity === "number") names.push("<", "<=", ">", ">=");
	else names.push("LIKE", "ILIKE");
	if (key?.entity === "param" || key?.entity === "tag") names.push("IS NULL", "IS NOT NULL");
	if (key?.entity === "dataset" || key?.key === "run_id") names.push("IN", "NOT IN");
	return names.map((text) => ({ text, detail: "comparator" }));
}

function valueOptions(key: SearchKey | null): CompletionOption[] {
	if (key?.entity !== "text" || key.key !== "status") return [];
	return statuses.map((text) => ({ text, detail: "status" }));
}

/** Options that contain what is written, whatever its case and quotes; those that start with it first. */
function matching(from: number, written: string, options: readonly CompletionOption[]): FilterCompletion {
	const wanted = bare(written);
	const found = options.filter(({ text }) => text !== written && bare(text).includes(wanted));
	const rank = ({ text }: CompletionOption) => (bare(text).startsWith(wanted) ? 0 : 1);
	return { from, options: found.sort((a, b) => rank(a) - rank(b)).slice(0, mostOptions) };
}

function bare(text: string): string {
	return text.replaceAll(/[`'"]/g, "").toLowerCase();
}
