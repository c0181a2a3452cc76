import { html, nothing, type TemplateResult } from "lit";
import type { TableColumn } from "../../src/shared/panels/tablePanel";
import { longName } from "../common/longName";
import type { GridLook } from "./gridTemplate";

export interface HeadLook extends GridLook {
	readonly nameSort: TableColumn["sort"];
	/** How many sorts there are: their places are shown from two on. */
	readonly sortCount: number;
	/** -1: the name. The one heading that Tab reaches. */
	readonly focused: number;
	/** The heading being dragged. */
	readonly dragged: number | null;
}

export function headTemplate(look: HeadLook): TemplateResult {
	const cells = [];
	for (let index = look.shown.first; index < look.shown.end; index++) {
		const column = look.columns[index];
		if (column)
			cells.push(headCell(look, index, column.width, column.sort, labelOf(column), titleOf(column), column.isNumeric));
	}
	const name = headCell(look, -1, look.nameWidth, look.nameSort, html`<span>name</span>`, "name");
	const before =
		look.shown.before === 0
			? nothing
			: html`<div class="cell" role="none" .style=${`width:${look.shown.before}px`}></div>`;
	return html`<div class="row" role="row" aria-rowindex="1">${name}${before}${cells}</div>`;
}

const statisticLabels = { last: "", min: "min", max: "max" } as const;

function labelOf(column: TableColumn): TemplateResult {
	const statistic = column.statistic === "step" ? `@${column.step ?? 0}` : statisticLabels[column.statistic];
	const marks = `${column.isChange ? "Δ " : ""}${statistic}`.trim();
	return html`${marks === "" ? nothing : html`<span class="statistic">${marks}</span>`}${longName(column.label)}`;
}

function titleOf(column: TableColumn): string {
	return column.isChange
		? column.description
		: `${column.description}\nClick sorts, Shift+click sorts by it too, drag moves.`;
}

function headCell(
	look: HeadLook,
	index: number,
	width: number,
	sort: TableColumn["sort"],
	label: TemplateResult,
	title: string,
	isNumeric = false,
): TemplateResult {
	const direction = sort === null ? "none" : sort.descending ? "descending" : "ascending";
	const classes = `cell head-cell ${index < 0 ? "name-cell" : ""} ${look.dragged === index ? "dragged" : ""} ${isNumeric ? "number" : ""}`;
	const place = sort !== null && look.sortCount > 1 ? sort.place : nothing;
	const mark =
		sort === null
			? nothing
			: html`<span class="sort"><span class="codicon codicon-arrow-${sort.descending ? "down" : "up"}" aria-hidden="true"></span>${place}</span>`;
	const spoken = title.split("\n")[0] ?? title;
	return html`<div
		class=${classes}
		role="columnheader"
		aria-colindex=${index + 2}
		aria-sort=${direction}
		aria-label=${spoken}
		title=${title}
		tabindex=${look.focused === index ? 0 : -1}
		data-column=${index}
		.style=${`width:${width}px`}
	>${label}${mark}<span class="grip" data-part="grip" aria-hidden="true"></span></div>`;
}
