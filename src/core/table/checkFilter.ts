import type { FilterCheck } from "../../shared/panels/tablePanel";
import type { Run, StoreSummary } from "../../shared/run";
import type { RunChoicesState } from "../runs/runChoices";
import { isActive } from "../runs/runState";
import type { SearchVocabulary } from "../search/completion";
import { matchesFilter } from "../search/filter";
import { dialectOf } from "../tree/selectRuns";
import { understand } from "./tableOrder";

/** What a filter would do if it were added: how many runs it leaves, or why it is not understood. */
export function checkFilter(
	text: string,
	runs: Iterable<Run>,
	stores: readonly StoreSummary[],
	choices: RunChoicesState,
): FilterCheck {
	const typed = understand(text);
	const filters = [...choices.filters.map(understand), typed].flatMap((entry) => entry.filter ?? []);
	const kinds = new Map(stores.map((store) => [store.id, store.kind]));
	let matching = 0;
	let total = 0;
	for (const run of runs) {
		if (!choices.showDeleted && !isActive(run)) continue;
		total++;
		if (matchesFilter(run, filters, dialectOf(kinds.get(run.storeId)))) matching++;
	}
	return { problem: typed.problem, matching, total, nameFilter: typed.problem === null ? null : toNameFilter(text) };
}

/** Someone who types `warm fox` looks for a name; null where the text looks like a filter with a mistake. */
function toNameFilter(text: string): string | null {
	const words = text.trim();
	return /^[^'"%<>=`]{1,100}$/.test(words) ? `attributes.run_name ILIKE '%${words}%'` : null;
}

/** Every name a filter may mention. */
export function vocabularyOf(runs: Iterable<Run>): SearchVocabulary {
	const names = { params: new Set<string>(), metrics: new Set<string>(), tags: new Set<string>() };
	for (const run of runs) {
		for (const kind of ["params", "metrics", "tags"] as const) {
			for (const name of Object.keys(run[kind])) names[kind].add(name);
		}
	}
	return {
		params: [...names.params].sort(),
		metrics: [...names.metrics].sort(),
		tags: [...names.tags].sort(),
	};
}
