import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { RowState, TableCell, TableColumn, TableRow } from "../../src/shared/panels/tablePanel";
import { longName } from "../common/longName";
import type { VisibleColumns } from "./geometry";

export interface RowLook {
	readonly place: number;
	readonly row: TableRow | undefined;
	/** Number of the row's first cell. */
	readonly firstColumn: number;
	readonly isSelected: boolean;
	readonly isActive: boolean;
}

export interface GridLook {
	readonly columns: readonly TableColumn[];
	readonly shown: VisibleColumns;
	readonly nameWidth: number;
	readonly isTree: boolean;
}

const stateIcons: Record<RowState, string> = {
	running: "sync codicon-modifier-spin",
	silent: "warning",
	scheduled: "circle-outline",
	finished: "pass",
	failed: "error",
	killed: "circle-slash",
	damaged: "warning",
};

export function rowElementId(place: number): string {
	return `row-${place}`;
}

/** Events are told apart by `data-part` and the row's place: one listener for all rows. */
export function rowTemplate(look: RowLook, grid: GridLook): TemplateResult {
	const { place, row, isSelected, isActive } = look;
	// Heading is row 1.
	const rowIndex = place + 2;
	if (!row) {
		return html`<div id=${rowElementId(place)} class="row body-row ${place % 2 ? "odd" : ""} ${isActive ? "active" : ""}"
			role="row" aria-rowindex=${rowIndex} aria-busy="true" aria-label="Being read" data-place=${place}></div>`;
	}
	const classes = [
		"row body-row",
		place % 2 ? "odd" : "",
		isActive ? "active" : "",
		row.isBaseline ? "baseline" : "",
		row.isDeleted ? "deleted" : "",
		row.isGone ? "gone" : "",
	].join(" ");
	const cells = [];
	for (let index = grid.shown.first; index < grid.shown.end; index++) {
		const column = grid.columns[index];
		if (column) cells.push(cellTemplate(row.cells[index - look.firstColumn], column, index));
	}
	return html`<div
		id=${rowElementId(place)}
		class=${classes}
		role="row"
		aria-rowindex=${rowIndex}
		aria-label=${rowName(row)}
		aria-selected=${isSelected}
		aria-level=${grid.isTree ? row.level + 1 : nothing}
		aria-expanded=${row.isExpanded ?? nothing}
		data-place=${place}
	>${nameCell(row, grid)}${spacer(grid.shown.before)}${cells}</div>`;
}

function spacer(width: number): TemplateResult | typeof nothing {
	return width === 0 ? nothing : html`<div class="cell" role="none" .style=${`width:${width}px`}></div>`;
}

/** What a screen reader says first, and how tests and people find the row. */
export function rowName(row: TableRow): string {
	const words = [row.name];
	if (row.kind === "seeds") words.push(`${row.keys.length} seeds`);
	words.push(row.stateWords);
	if (row.isBaseline) words.push("baseline");
	if (row.isPinned) words.push("pinned");
	if (row.isDeleted) words.push("deleted");
	if (row.isGone) words.push("no longer in its store");
	if (row.problem !== null) words.push(row.problem);
	return words.join(", ");
}

function nameCell(row: TableRow, grid: GridLook): TemplateResult {
	const indent = Math.min(row.level, 8) * 12;
	return html`<div class="cell name-cell" role="gridcell" aria-colindex="1" title=${rowName(row)} .style=${`width:${grid.nameWidth}px`}>
		<input type="checkbox" tabindex="-1" data-part="check" aria-label="Show ${row.name} on the charts"
			.checked=${row.checked === "all"} .indeterminate=${row.checked === "some"} />
		${indent === 0 ? nothing : html`<span role="none" .style=${`flex:none;width:${indent}px`}></span>`}
		${expander(row, grid)}
		<span class="codicon codicon-${stateIcons[row.state]} state-${row.state}" aria-hidden="true" title=${row.stateWords}></span>
		${row.colour === null ? nothing : dot(row.colour, row.checked === "all")}
		${longName(row.name)}
		${row.isBaseline ? html`<span class="tag" title="The others are compared with it">★<span class="wide"> baseline</span></span>` : nothing}
		${row.kind === "seeds" ? html`<span class="tag">n = ${row.keys.length}</span>` : nothing}
		${row.isPinned ? html`<span class="codicon codicon-pinned tag" title="Pinned" aria-hidden="true"></span>` : nothing}
		${row.isGone ? html`<span class="tag">gone</span>` : row.isDeleted ? html`<span class="tag">deleted</span>` : nothing}
		${row.problem === null ? nothing : html`<span class="problem" title=${row.problem}>${row.problem}</span>`}
	</div>`;
}

function expander(row: TableRow, grid: GridLook): TemplateResult | typeof nothing {
	if (row.isExpanded === null) return grid.isTree ? html`<span class="expander" role="none"></span>` : nothing;
	const label = row.isExpanded ? "Collapse" : "Expand";
	return html`<button class="expander" type="button" tabindex="-1" data-part="expand" aria-label="${label} ${row.name}"
		><span class="codicon codicon-chevron-${row.isExpanded ? "down" : "right"}" aria-hidden="true"></span></button>`;
}

function dot(colour: number, isOn: boolean): TemplateResult {
	const classes = `dot run${colour % 12} ${colour >= 12 ? "dashed" : ""} ${isOn ? "on" : ""}`;
	return html`<span class=${classes} aria-hidden="true"></span>`;
}

const verdictClasses = { better: "better", worse: "worse", "within noise": "noise", same: "noise" } as const;

function cellTemplate(cell: TableCell | undefined, column: TableColumn, index: number): TemplateResult {
	const isNumber = column.isNumeric || (cell !== undefined && /^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(cell.text));
	const classes = `cell ${isNumber ? "number" : ""} ${cell?.isPending ? "pending" : ""} ${column.isChange ? "change" : ""}`;
	const verdict = cell?.verdict ? html`<span class=${verdictClasses[cell.verdict]}>${cell.verdict}</span>` : nothing;
	const title = cell ? (cell.title ?? cell.text) : "";
	return html`<div class=${classes} role="gridcell" aria-colindex=${index + 2} title=${title} .style=${`width:${column.width}px`}
		><span class=${cell?.verdict ? verdictClasses[cell.verdict] : ""}>${cell?.text ?? ""}</span>${verdict}</div>`;
}

export function rowsTemplate(looks: readonly RowLook[], grid: GridLook): unknown {
	return repeat(
		looks,
		(look) => look.place,
		(look) => rowTemplate(look, grid),
	);
}
