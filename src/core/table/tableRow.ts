import type { RowState, TableCell, TableRow } from "../../shared/panels/tablePanel";
import type { Run, RunKey } from "../../shared/run";
import { toLine } from "../plainText";
import type { RunChoices } from "../runs/runChoices";
import { isActive, runStateOf, stateSentence } from "../runs/runState";
import { type ArrangedRow, groupName } from "./arrangeRows";

export interface RowScene {
	readonly choices: RunChoices;
	readonly checked: ReadonlySet<RunKey>;
	readonly nowMs: number;
	readonly isGone: boolean;
}

const longestName = 300;

/** A row as the panel draws it. */
export function toTableRow(
	row: ArrangedRow,
	runs: readonly Run[],
	cells: readonly TableCell[],
	scene: RowScene,
): TableRow {
	const { baseline, pinned } = scene.choices.snapshot;
	const [first] = runs;
	const checked = runs.filter((run) => scene.checked.has(run.key)).length;
	const isRun = row.kind === "run" && first !== undefined;
	return {
		id: row.id,
		keys: runs.map((run) => run.key),
		kind: row.kind,
		name: toLine(isRun ? first.name || first.id : groupName(runs), longestName),
		level: row.level,
		isExpanded: row.isExpanded,
		...stateOf(runs, scene),
		isDeleted: runs.every((run) => !isActive(run)),
		isGone: scene.isGone,
		isPinned: isRun && pinned.includes(first.key),
		isBaseline: isRun && first.key === baseline,
		checked: checked === 0 ? "none" : checked === runs.length ? "all" : "some",
		colour: isRun ? scene.choices.colourOf(first.key) : null,
		problem: problemOf(runs),
		cells,
	};
}

/** The first that any run of a group is in, is the group's. */
const byUrgency: readonly RowState[] = ["running", "silent", "scheduled", "damaged", "failed", "killed", "finished"];

function stateOf(runs: readonly Run[], { nowMs }: RowScene): Pick<TableRow, "state" | "stateWords"> {
	const states = runs.map((run) => runStateOf(run, nowMs));
	const state = byUrgency.find((one) => states.includes(one)) ?? "finished";
	const [first] = runs;
	if (runs.length === 1 && first) return { state, stateWords: stateSentence(first, nowMs) };
	const counts = byUrgency
		.map((one) => ({ one, count: states.filter((other) => other === one).length }))
		.filter(({ count }) => count > 0);
	return { state, stateWords: counts.map(({ one, count }) => `${count} ${one}`).join(", ") };
}

function problemOf(runs: readonly Run[]): string | null {
	const problems = runs.map((run) => run.problem).filter((problem) => problem !== null);
	const [first] = problems;
	if (first === undefined) return null;
	return toLine(problems.length === 1 ? first : `${problems.length} runs are damaged. ${first}`, 400);
}
