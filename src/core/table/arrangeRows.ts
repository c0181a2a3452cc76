import type { Arrangement } from "../../shared/panels/tableLayout";
import type { Run, RunKey } from "../../shared/run";
import { isSeedParam, seedGroup } from "../runs/seedGroups";
import { nestRuns } from "../tree/nestRuns";
import { type RowSort, sortRows } from "./sortRows";

/** One row of the table before it is drawn. */
export interface ArrangedRow {
	readonly id: string;
	/** One run; every run of a group, best sorted first. */
	readonly runs: readonly Run[];
	readonly kind: "run" | "seeds";
	readonly level: number;
	/** Null where there is nothing to expand. */
	readonly isExpanded: boolean | null;
}

export interface ArrangeOptions {
	readonly arrangement: Arrangement;
	/** Over the runs of a row: one, or a group's. */
	readonly sorts: readonly RowSort<readonly Run[]>[];
	/** Rows whose state is not the usual one: groups are closed, parents open. */
	readonly toggled: ReadonlySet<string>;
	/** Kept on top in this order, whatever the filters say. */
	readonly top: readonly RunKey[];
	readonly isShown: (run: Run) => boolean;
}

export interface ArrangedTable {
	readonly rows: readonly ArrangedRow[];
	readonly topCount: number;
	/** Runs that are shown or would be if every row were expanded, those on top included. */
	readonly matching: number;
}

const newestFirst: RowSort<readonly Run[]> = {
	valueOf: (runs) => Math.max(...runs.map((run) => run.startTimeMs ?? Number.NEGATIVE_INFINITY)),
	descending: true,
};

/** Filters, sorts and groups the runs into the table's rows. Equal input gives equal rows, whatever order the runs come in. */
export function arrangeRows(runs: ReadonlyMap<RunKey, Run>, options: ArrangeOptions): ArrangedTable {
	const topKeys = new Set(options.top);
	const top = options.top.flatMap((key) => {
		const run = runs.get(key);
		return run ? [toRow(run)] : [];
	});
	const shown = [...runs.values()].filter((run) => !topKeys.has(run.key) && options.isShown(run));
	shown.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
	const sorts = [...options.sorts, newestFirst];
	const rest = arranged(shown, options, sorts);
	return { rows: [...top, ...rest], topCount: top.length, matching: top.length + shown.length };
}

function arranged(
	shown: readonly Run[],
	options: ArrangeOptions,
	sorts: readonly RowSort<readonly Run[]>[],
): ArrangedRow[] {
	switch (options.arrangement) {
		case "flat":
			return sortRuns(shown, sorts).map((run) => toRow(run));
		case "seeds":
			return bySeeds(shown, sorts, options.toggled);
		case "nested":
			return nested(sortRuns(shown, sorts), options.toggled);
	}
}

function sortRuns(runs: readonly Run[], sorts: readonly RowSort<readonly Run[]>[]): Run[] {
	return sortRows(
		runs.map((run) => [run]),
		sorts,
	).flat();
}

function toRow(run: Run, level = 0, isExpanded: boolean | null = null): ArrangedRow {
	return { id: run.key, runs: [run], kind: "run", level, isExpanded };
}

/** Runs that differ only in their seed, in lists of at least one; a run without params is alone: nothing says it is a repeat. */
export function groupSeeds(runs: Iterable<Run>): Run[][] {
	const groups = new Map<string, Run[]>();
	for (const run of runs) {
		const id = Object.keys(run.params).length === 0 ? run.key : seedGroup(run);
		const group = groups.get(id);
		if (group) group.push(run);
		else groups.set(id, [run]);
	}
	return [...groups.values()];
}

function bySeeds(
	shown: readonly Run[],
	sorts: readonly RowSort<readonly Run[]>[],
	toggled: ReadonlySet<string>,
): ArrangedRow[] {
	const groups = groupSeeds(shown).map((group) => ({ id: groupId(group), runs: sortRuns(group, sorts) }));
	const sorted = sortRows(
		groups,
		sorts.map((sort) => ({ ...sort, valueOf: (group: { runs: Run[] }) => sort.valueOf(group.runs) })),
	);
	return sorted.flatMap(({ id, runs }) => {
		const [only] = runs;
		if (runs.length === 1 && only) return [toRow(only)];
		const isExpanded = toggled.has(id);
		const members = isExpanded ? runs.map((run) => toRow(run, 1)) : [];
		return [{ id, runs, kind: "seeds" as const, level: 0, isExpanded }, ...members];
	});
}

/** Named after its first started run, so that it stays the same group when another seed joins. */
function groupId(runs: readonly Run[]): string {
	let first = runs[0];
	for (const run of runs) {
		if (first && (run.startTimeMs ?? 0) < (first.startTimeMs ?? 0)) first = run;
	}
	return `seeds ${first?.key ?? ""}`;
}

/** What a group of seeds is called: the name its runs share, or the first one's. */
export function groupName(runs: readonly Run[]): string {
	const [first, ...others] = runs.map((run) => run.name);
	if (first === undefined) return "";
	let shared = first;
	for (const name of others) while (!name.startsWith(shared)) shared = shared.slice(0, -1);
	// A number is shared whole or not at all: `fox-83` and `fox-84` are both `fox`.
	const whole = others.length > 0 ? shared.replace(/\d+$/, "") : shared;
	const stem = whole.replace(/[\s_\-.:/]*(seed|s|rep)?[\s_\-.:=/]*$/i, "");
	return stem.length >= 3 ? stem : first;
}

export function seedParams(runs: readonly Run[]): readonly string[] {
	return [...new Set(runs.flatMap((run) => Object.keys(run.params).filter(isSeedParam)))];
}

/** Children below their parents. A run whose parent is not shown, or that is its own ancestor, stands at the left. */
function nested(sorted: readonly Run[], toggled: ReadonlySet<string>): ArrangedRow[] {
	const { roots, children } = nestRuns(sorted);
	const rows: ArrangedRow[] = [];
	// An own stack: a chain of ten thousand parents must not overflow the real one.
	const stack = [...roots].reverse().map((run) => ({ run, level: 0 }));
	for (let next = stack.pop(); next; next = stack.pop()) {
		const below = children.get(next.run.key) ?? [];
		const isExpanded = below.length === 0 ? null : !toggled.has(next.run.key);
		rows.push(toRow(next.run, next.level, isExpanded));
		if (!isExpanded) continue;
		for (const run of [...below].reverse()) stack.push({ run, level: next.level + 1 });
	}
	return rows;
}
