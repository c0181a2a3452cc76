import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type {
	CompareCell,
	ComparedRun,
	ComparePart,
	CompareRow,
	CompareSection,
	CompareState,
} from "../../src/shared/panels/comparePanel";
import { longName } from "../common/longName";

export interface SheetLook {
	readonly folded: ReadonlySet<ComparePart>;
	/** Rows whose long values are shown whole. */
	readonly unfolded: ReadonlySet<string>;
	/** The row that Tab reaches. */
	readonly current: string | null;
	readonly nameWidth: number;
	/** One for each run. */
	readonly runWidths: readonly number[];
	readonly dragged: number | null;
	readonly dropBefore: number | null;
}

export interface SheetHands {
	fold(part: ComparePart): void;
	showMore(part: ComparePart): void;
	openRun(run: ComparedRun): void;
	openCode(run: ComparedRun): void;
	openCommit(run: ComparedRun): void;
	openUncommitted(run: ComparedRun): void;
	remove(run: ComparedRun): void;
	menu(index: number, anchor: EventTarget | null): void;
}

const grip = html`<span class="grip" data-part="grip" aria-hidden="true"></span>`;

export function sheetTemplate(state: CompareState, look: SheetLook, hands: SheetHands): TemplateResult {
	const width = look.runWidths.reduce((sum, run) => sum + run, look.nameWidth);
	return html`<table .style=${`width:${width}px`} aria-label="Comparison of ${state.runs.length} runs">
		<colgroup>
			<col .style=${`width:${look.nameWidth}px`} />
			${look.runWidths.map((run) => html`<col .style=${`width:${run}px`} />`)}
		</colgroup>
		<thead><tr><th scope="col" data-column="-1" tabindex="0" title="Shift+arrows resize the column">name${grip}</th>
			${state.runs.map((run, index) => runHead(run, index, state.runs.length, look, hands))}
		</tr></thead>
		${state.sections.map((section) => sectionTemplate(section, state, look, hands))}
	</table>`;
}

function runHead(run: ComparedRun, index: number, count: number, look: SheetLook, hands: SheetHands): TemplateResult {
	const classes = [
		look.dragged === index ? "dragged" : "",
		look.dropBefore === index ? "drop-before" : "",
		look.dropBefore === index + 1 && index === count - 1 ? "drop-after" : "",
	].join(" ");
	const dot = `dot on run${run.colour % 12} ${run.colour >= 12 ? "dashed" : ""}`;
	return html`<th scope="col" class=${classes} data-column=${index} aria-label="${run.name}${index === 0 ? ", base" : ""}">
		<div class="run-head">
			<span class=${dot} aria-hidden="true"></span>
			<button class="open" type="button" data-run=${index} title="${run.name}\n${run.stateWords}\nOpens the run. Alt+arrows move it, Shift+arrows resize its column, Delete takes it off."
				@click=${() => hands.openRun(run)}>${longName(run.name)}</button>
			<button class="icon-button" type="button" aria-haspopup="menu" aria-label="Actions of ${run.name}" title="Move, open, compare with it"
				@click=${(event: Event) => hands.menu(index, event.currentTarget)}><span class="codicon codicon-ellipsis" aria-hidden="true"></span></button>
			<button class="icon-button" type="button" aria-label="Remove ${run.name} from the comparison" title="Remove from the comparison"
				@click=${() => hands.remove(run)}><span class="codicon codicon-close" aria-hidden="true"></span></button>
		</div>
		<div class="run-below">${index === 0 ? html`<span title="The others are compared with it">★ base</span>` : nothing}${codeOf(run, index, hands)}</div>
		${grip}
	</th>`;
}

function codeOf(run: ComparedRun, index: number, hands: SheetHands): TemplateResult {
	const files = run.changedFiles;
	const diff =
		index === 0 || files === 0
			? nothing
			: html`<button type="button" title="Every file that differs from the base, in the editor" @click=${() => hands.openCode(run)}
				>${files === null ? "code diff" : `${files} ${files === 1 ? "file differs" : "files differ"}`}</button>`;
	const same = index > 0 && files === 0 ? html`<span>same code</span>` : nothing;
	const commit = html`<button type="button" title="What commit ${run.commit} changed" @click=${() => hands.openCommit(run)}>${run.commit}</button>`;
	const uncommitted = run.hasUncommittedDiff
		? html`<button type="button" title="The uncommitted changes this run stored" @click=${() => hands.openUncommitted(run)}>uncommitted</button>`
		: nothing;
	return html`${run.commit === null ? nothing : html`${commit}${diff}${same}`}${uncommitted}`;
}

function sectionTemplate(
	section: CompareSection,
	state: CompareState,
	look: SheetLook,
	hands: SheetHands,
): TemplateResult {
	const isFolded = look.folded.has(section.part);
	const span = state.runs.length;
	const counts = `${section.differingCount.toLocaleString("en")} of ${section.rowCount.toLocaleString("en")} ${section.differingCount === 1 ? "differs" : "differ"}`;
	return html`<tbody>
		<tr class="part"><th scope="rowgroup"><button type="button" aria-expanded=${!isFolded} @click=${() => hands.fold(section.part)}
			><span class="codicon codicon-chevron-${isFolded ? "right" : "down"}" aria-hidden="true"></span>${section.label}<span class="faint">${counts}</span></button></th>
			<th colspan=${span} aria-hidden="true"></th></tr>
		${
			isFolded
				? nothing
				: repeat(
						section.rows,
						({ id }) => id,
						(row) => rowTemplate(row, look),
					)
		}
		${isFolded || section.rows.length > 0 ? nothing : html`<tr class="none"><td colspan=${span + 1}><span>${state.search === "" ? "Nothing differs." : "Nothing that differs has that name."}</span></td></tr>`}
		${isFolded || section.moreRows === 0 ? nothing : html`<tr class="more"><td colspan=${span + 1}><button class="text-button" type="button" @click=${() => hands.showMore(section.part)}>${section.moreRows.toLocaleString("en")} more</button></td></tr>`}
	</tbody>`;
}

function rowTemplate(row: CompareRow, look: SheetLook): TemplateResult {
	const classes = `row ${row.differs ? "" : "equal"} ${look.unfolded.has(row.id) ? "unfolded" : ""}`;
	return html`<tr class=${classes} data-row=${row.id} data-differs=${row.differs} tabindex=${look.current === row.id ? 0 : -1}
		><th scope="row" title=${`${row.detail} ${row.label}`.trim()}>${row.detail === "" ? nothing : html`<span class="detail">${row.detail}</span>`}${longName(row.label)}</th
		>${row.cells.map((cell) => cellTemplate(cell, row.isNumeric))}</tr>`;
}

const verdictClasses = { better: "better", worse: "worse", "within noise": "noise", same: "noise" } as const;

function cellTemplate(cell: CompareCell, isNumeric: boolean): TemplateResult {
	const classes = [
		isNumeric ? "number" : "",
		cell.isMissing ? "missing" : "",
		cell.isPending ? "pending" : "",
		cell.extreme === "best" ? "best" : "",
	].join(" ");
	const change =
		cell.change === null
			? nothing
			: html`<span class="change ${cell.verdict ? verdictClasses[cell.verdict] : "noise"}">${changeWords(cell.change, cell.verdict)}</span>`;
	const extreme = cell.extreme === null ? nothing : html`<span class="extreme">${cell.extreme}</span>`;
	const text =
		cell.pieces === null
			? cell.text
			: cell.pieces.map((piece) => (piece.isChanged ? html`<mark>${piece.text}</mark>` : piece.text));
	return html`<td class=${classes} title=${cell.title ?? cell.text}>${text}${change}${extreme}</td>`;
}

function changeWords(change: string, verdict: CompareCell["verdict"]): string {
	if (verdict === "same") return verdict;
	return verdict === null ? change : `${change} ${verdict}`;
}
