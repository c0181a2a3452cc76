import type { CompareModel } from "../../core/compare/compareModel";
import { toCsv, toMarkdownTable } from "../../core/table/tableText";
import type { Handlers } from "../../shared/call";
import type { CompareCell, compareCalls } from "../../shared/panels/comparePanel";
import type { RunActions } from "../runActions";

/** Answers to the comparison's calls. `model` is asked for late: the panel's base wants the handlers first. */
export function compareHandlers(
	model: () => CompareModel,
	actions: Pick<
		RunActions,
		"openRun" | "openCharts" | "openTable" | "askWhy" | "openCodeDiff" | "openCommit" | "openUncommittedDiff"
	>,
): Handlers<typeof compareCalls> {
	return {
		setRuns: ({ keys }) => model().setKeys(keys),
		choose: ({ showEqual, metricRows, search }) =>
			model().choose({
				...(showEqual === undefined ? {} : { showEqual }),
				...(metricRows === undefined ? {} : { metricRows }),
				...(search === undefined ? {} : { search }),
			}),
		showMore: ({ part }) => model().showMore(part),
		look: ({ rows }) => model().look(rows),
		copyText: ({ format }) => copyText(model(), format),
		openRun: ({ key }) => actions.openRun(key),
		openCharts: () => actions.openCharts(model().keys),
		openTable: () => actions.openTable(),
		openCodeDiff: async ({ key }) => {
			const [base] = model().keys;
			if (base !== undefined) await actions.openCodeDiff(base, key);
		},
		askWhy: ({ key }) => {
			const [base] = model().keys;
			if (base !== undefined) actions.askWhy(base, key);
		},
		openCommit: ({ key }) => actions.openCommit(key),
		openUncommittedDiff: ({ key }) => actions.openUncommittedDiff(key),
	};
}

function copyText(model: CompareModel, format: "csv" | "markdown"): string {
	const { runs } = model.state();
	const heading = ["part", "name", ...runs.map((run) => run.name)];
	const rows = model
		.sections(true)
		.flatMap((section) =>
			section.rows.map((row) => [
				section.label,
				`${row.detail} ${row.label}`.trim(),
				...row.cells.map((cell) => textOf(cell, format)),
			]),
		);
	return (format === "csv" ? toCsv : toMarkdownTable)([heading, ...rows]);
}

function textOf(cell: CompareCell, format: "csv" | "markdown"): string {
	if (cell.isMissing || cell.isPending) return "";
	if (format === "csv") return cell.title !== null && Number.isFinite(Number(cell.title)) ? cell.title : cell.text;
	const change = cell.change === null ? "" : ` (${[cell.change, cell.verdict].filter(Boolean).join(" ")})`;
	return `${cell.text}${change}`;
}
