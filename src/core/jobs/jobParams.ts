import type { Params } from "../relay/relay";

/** A param as a person types it: `0.01` a number, `true` a switch, `null` nothing, all else a text. */
export function toParam(text: string): Params[string] {
	const word = text.trim();
	if (word === "true" || word === "false") return word === "true";
	if (word === "null" || word === "None") return null;
	if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(word)) {
		const number = Number(word);
		// An id of twenty digits is no number that would come back as it was typed.
		if (Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number))) return number;
	}
	return text;
}

export interface ParamChange {
	readonly name: string;
	/** Null for a param that the run does not have. */
	readonly before: string | null;
	readonly after: string;
}

/** What was typed in that differs from what the run had, by name. */
export function changedParams(
	before: Readonly<Record<string, string>>,
	typed: ReadonlyMap<string, string>,
): readonly ParamChange[] {
	return [...typed]
		.filter(([name, after]) => before[name] !== after)
		.map(([name, after]) => ({ name, before: Object.hasOwn(before, name) ? (before[name] ?? null) : null, after }))
		.sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function toParams(changes: readonly ParamChange[]): Params {
	return Object.fromEntries(changes.map(({ name, after }) => [name, toParam(after)]));
}
