import * as vscode from "vscode";
import { extensionId } from "../../core/contributions";
import { toRunLink } from "../../core/gammaLink";
import { paramsAsJson, paramsAsYaml, runUri } from "../../core/runs/copyTexts";
import type { RunChoices } from "../../core/runs/runChoices";
import { GammaError } from "../../shared/errors";
import type { Run, RunKey } from "../../shared/run";
import type { RunActions } from "../runActions";
import type { RunViewRow } from "../tree/runRows";
import type { RunsTree } from "../tree/runsTree";
import type { GivenRuns } from "./givenRuns";
import { pickRunFrom } from "./runQuickPick";

export interface RunCommandsParts {
	readonly actions: RunActions;
	readonly choices: RunChoices;
	readonly tree: RunsTree;
	readonly given: GivenRuns;
	/** The runs the status bar speaks of. */
	readonly goingRuns: () => readonly Run[];
	/** The row whose selection changed last. */
	readonly focusedRow: () => RunViewRow | undefined;
	readonly reveal: (key: RunKey) => Promise<void>;
}

const newestCount = 5;
/** Two clicks on a row within this time are a double click. */
const doubleClickMs = 500;
/** What the Enter key's binding gives `gamma.openRun`. */
const focusedRowOnly = "focusedRow";

/** Commands about runs: open, compare, mark, copy. */
export function runCommands(parts: RunCommandsParts) {
	const { actions, choices, tree, given } = parts;
	const copy =
		(textOf: (run: Run) => string | null) =>
		async (...rows: readonly unknown[]) => {
			const texts = given.all(rows).flatMap((run) => textOf(run) ?? []);
			if (texts.length > 0) await vscode.env.clipboard.writeText(texts.join("\n"));
		};
	const check =
		(isChecked: boolean) =>
		(...rows: readonly unknown[]) =>
			choices.setChecked(keysOf(given.all(rows)), isChecked);
	let clicked = { key: "", atMs: 0 };
	const openClicked = (key: RunKey) => {
		const isDouble = clicked.key === key && Date.now() - clicked.atMs < doubleClickMs;
		clicked = { key, atMs: Date.now() };
		if (isDouble) actions.openRun(key);
		else actions.previewRun(key);
	};
	return {
		openCharts: () => actions.openCharts(),
		openTable: () => actions.openTable(),
		openRun: async (...rows: readonly unknown[]) => {
			if (rows[0] === focusedRowOnly) {
				// Enter on a group or a store has done its work already.
				for (const run of given.all([])) actions.openRun(run.key);
				return;
			}
			const run =
				rows.length > 0
					? given.one(rows)
					: await pickRunFrom(tree.selection.runs, tree.shownMetrics, vscode.l10n.t("Open the page of which run?"));
			if (run) actions.openRun(run.key);
		},
		previewRun: () => openClicked(given.one([]).key),
		openActiveRuns: async () => {
			const runs = parts.goingRuns();
			const run = runs.length < 2 ? runs[0] : await pickRunFrom(runs, tree.shownMetrics, vscode.l10n.t("Running now"));
			if (!run) return;
			actions.openRun(run.key);
			await parts.reveal(run.key);
		},
		showOnCharts: (...rows: readonly unknown[]) => actions.openCharts(keysOf(given.all(rows))),
		compare: () => compareAll(actions, choices.snapshot.checked),
		compareRuns: (...rows: readonly unknown[]) => {
			const keys = keysOf(given.all(rows));
			const [first] = keys;
			if (keys.length !== 1 || first === undefined) return compareAll(actions, keys);
			const { baseline, checked } = choices.snapshot;
			const others = baseline !== null && baseline !== first ? [baseline] : checked.filter((key) => key !== first);
			return compareAll(actions, [...others, first]);
		},
		whyDidItChange: async (...rows: readonly unknown[]) => {
			const pair = await askRunPair(given.all(rows), choices.snapshot, tree);
			if (pair) actions.askWhy(...pair);
		},
		toggleChecked: async () => {
			const row = parts.focusedRow();
			if (row?.kind === "group") await vscode.commands.executeCommand("list.toggleExpand");
			if (row?.kind === "run") choices.setChecked([row.key], !choices.snapshot.checked.includes(row.key));
		},
		check: check(true),
		uncheck: check(false),
		checkNewest: () => {
			const newest = [...tree.selection.runs].sort((a, b) => (b.startTimeMs ?? 0) - (a.startTimeMs ?? 0));
			choices.update({ checked: [...keysOf(newest.slice(0, newestCount))] });
		},
		uncheckAll: () => choices.update({ checked: [] }),
		setBaseline: (...rows: readonly unknown[]) => choices.update({ baseline: given.one(rows).key }),
		clearBaseline: () => choices.update({ baseline: null }),
		openCodeDiff: async (...rows: readonly unknown[]) => {
			const sentence = vscode.l10n.t("Comparing code takes two runs: select a second one, or set a baseline.");
			await actions.openCodeDiff(...runPair(given.all(rows), choices.snapshot.baseline, sentence));
		},
		openCommit: (...rows: readonly unknown[]) => actions.openCommit(given.one(rows).key),
		openUncommittedDiff: (...rows: readonly unknown[]) => actions.openUncommittedDiff(given.one(rows).key),
		checkOutCommit: (...rows: readonly unknown[]) => actions.checkOutCommit(given.one(rows).key),
		copyName: copy((run) => run.name),
		copyId: copy((run) => run.id),
		copyCommit: copy((run) => run.commit),
		copyArtifactUri: copy((run) => run.artifactUri),
		copyRunUri: copy(runUri),
		copyParamsYaml: copy(paramsAsYaml),
		copyParamsJson: copy(paramsAsJson),
		copyLink: copy((run) => toRunLink(vscode.env.uriScheme, extensionId, run.id)),
	};
}

function keysOf(runs: readonly Run[]): readonly RunKey[] {
	return runs.map((run) => run.key);
}

function compareAll(actions: RunActions, keys: readonly RunKey[]): void {
	if (keys.length < 2) {
		throw new GammaError(
			"call.invalid",
			vscode.l10n.t("Comparing takes two runs: check or select a second one, or set a baseline."),
		);
	}
	actions.compare(keys);
}

/** As `runPair` of what is selected, else of the two that are checked; a run that is missing is asked for. Undefined where none was picked. */
async function askRunPair(
	selected: readonly Run[],
	{ baseline, checked }: RunCommandsParts["choices"]["snapshot"],
	{ selection, shownMetrics }: RunCommandsParts["tree"],
): Promise<readonly [RunKey, RunKey] | undefined> {
	const ticked = selection.runs.filter(({ key }) => checked.includes(key));
	const runs = [...(selected.length === 0 && ticked.length === 2 ? ticked : selected)];
	if (runs.length > 2)
		throw new GammaError("call.invalid", vscode.l10n.t("This takes two runs: select two, not more."));
	const pick = async (title: string) => {
		const others = selection.runs.filter((run) => !runs.includes(run));
		const run = await pickRunFrom(others, shownMetrics, title);
		if (run) runs.push(run);
		return run !== undefined;
	};
	if (runs.length === 0 && !(await pick(vscode.l10n.t("Which run changed?")))) return undefined;
	const isAlone = runs.length === 1 && (baseline === null || baseline === runs[0]?.key);
	if (isAlone && !(await pick(vscode.l10n.t("Compared with which run?")))) return undefined;
	return runPair(runs, baseline, vscode.l10n.t("This takes two runs: select a second one, or set a baseline."));
}

/** Two selected runs, the baseline or else the older as the base; or the baseline and the one selected. */
function runPair(runs: readonly Run[], baseline: RunKey | null, sentence: string): readonly [RunKey, RunKey] {
	const [first, second] = [...runs].sort((a, b) => (a.startTimeMs ?? 0) - (b.startTimeMs ?? 0));
	if (first && second) return second.key === baseline ? [second.key, first.key] : [first.key, second.key];
	if (first && baseline !== null && baseline !== first.key) return [baseline, first.key];
	throw new GammaError("call.invalid", sentence);
}
