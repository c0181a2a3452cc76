import { html, nothing, render, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import type { TableColumn, TableState, tableCalls } from "../../src/shared/panels/tablePanel";
import { Host } from "../common/host";
import { openMenu } from "../common/menu";
import { ColumnPicker } from "./columnPicker";
import { FilterField } from "./filterField";
import {
	headHeight,
	stickyRows,
	totalWidth,
	type Viewport,
	type VisibleColumns,
	type VisibleRows,
	visibleColumns,
	visibleRows,
} from "./geometry";
import { type GridLook, type RowLook, rowElementId, rowsTemplate } from "./gridTemplate";
import { HeadControls } from "./headControls";
import { headTemplate } from "./headTemplate";
import { type KeptTable, keptState } from "./keptTable";
import { RowControls } from "./rowControls";
import { RowWindow } from "./rowWindow";
import { type MenuHands, viewMenu } from "./tableMenus";
import { chipsTemplate, emptyTemplate, footTemplate, newsTemplate } from "./tableParts";
import type { TableScene } from "./tableScene";
import { rowHeight } from "./tableStyle";

/** Rows that only fly by are not read for. */
const lookAfterMs = 60;

/** A pointer or key this recently means that the table is in use: nothing comes in by itself. */
const inUseMs = 3000;

/** The runs table: draws what the host says and asks it for everything else. */
export class TableView {
	readonly #host = new Host<typeof tableCalls>((state) => this.#show(state as TableState));
	readonly #rows: RowWindow;
	readonly #filter: FilterField;
	readonly #picker: ColumnPicker;
	readonly #head: HeadControls;
	readonly #body: RowControls;
	#state: TableState | null = null;
	#grid: HTMLElement | null = null;
	#frame: Viewport | null = null;
	#isDrawing = false;
	/** The order changed and the rows on screen are being found in the new one. */
	#isFollowing = false;
	#usedAtMs = 0;
	/** To be scrolled to once there are rows: from before a reload. */
	#restore: { readonly scrollTop: number; readonly scrollLeft: number } | null = null;
	#looked = "";
	#lookTimer: ReturnType<typeof setTimeout> | undefined;
	#keepTimer: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly root: HTMLElement) {
		const kept = keptState.safeParse(this.#host.kept);
		const redraw = () => this.#draw();
		this.#rows = new RowWindow(
			(revision, window) => this.#host.call("rows", { revision, ...window }),
			() => this.#state ?? { revision: 0, version: 0, rowCount: 0 },
			redraw,
		);
		this.#filter = new FilterField(
			this.#host,
			kept.success ? kept.data.filter : "",
			(filter) => this.#addFilter(filter),
			() => {
				this.#draw();
				this.#keepSoon();
			},
			() => this.#grid?.focus(),
		);
		this.#picker = new ColumnPicker(this.#host, () => this.#state?.columns ?? [], redraw);
		const scene = this.#scene();
		this.#head = new HeadControls(scene, () => this.#hands());
		this.#body = new RowControls(scene, () => this.#hands());
		if (kept.success) {
			this.#restore = kept.data;
			this.#body.selection.activeId = kept.data.activeId;
		}
	}

	#scene(): TableScene {
		return {
			host: this.#host,
			rows: this.#rows,
			state: () => this.#state,
			grid: () => this.#grid,
			viewport: () => this.#viewport(),
			sticky: (state) => this.#sticky(state),
			nameWidth: (state) => this.#nameWidth(state),
			draw: () => this.#draw(),
			drawNow: () => this.#drawNow(),
			keep: () => this.#keepSoon(),
			openPicker: (search) => this.#picker.open(search),
		};
	}

	start(): void {
		window.addEventListener("resize", () => this.#draw());
		window.addEventListener("keydown", (event) => this.#anyKey(event));
		this.#draw();
		this.#host.ready();
	}

	#show(state: TableState): void {
		const before = this.#state;
		this.#state = state;
		this.#head.settle();
		const isOtherOrder = before !== null && before.revision !== state.revision;
		if (isOtherOrder) void this.#follow(before, state);
		if (before === null && this.#body.selection.activeId !== null) void this.#findActive();
		this.#draw();
		if (state.waiting && !this.#isInUse()) void this.#host.call("takeIn", undefined);
	}

	/** The order changed: what is on screen and the keyboard's row stay where they are, unless the person asked for the change. */
	async #follow(before: TableState, state: TableState): Promise<void> {
		const grid = this.#grid;
		const isAsked = JSON.stringify(orderOf(before)) !== JSON.stringify(orderOf(state));
		const first = before.topCount + Math.floor((grid?.scrollTop ?? 0) / rowHeight);
		const anchor = this.#rows.at(first)?.row.id;
		if (grid && grid.scrollTop > 0 && anchor !== undefined && !isAsked) {
			// The place and the rows at it change in one frame: until then nothing else is asked for.
			this.#isFollowing = true;
			const place = await this.#host.call("placeOf", { id: anchor }).catch(() => null);
			if (place !== null) {
				const scrollTop = Math.max(0, place - state.topCount) * rowHeight + (grid.scrollTop % rowHeight);
				const { rows, columns } = this.#visible(state, scrollTop);
				await this.#rows.load({ ...rows, firstColumn: columns.first, endColumn: columns.end });
				grid.scrollTop = scrollTop;
			}
			this.#isFollowing = false;
			this.#draw();
		}
		await this.#findActive();
	}

	async #findActive(): Promise<void> {
		const { activeId } = this.#body.selection;
		if (activeId === null) return;
		const place = await this.#host.call("placeOf", { id: activeId });
		if (this.#body.selection.activeId === activeId) this.#body.selection.followTo(place);
		this.#draw();
	}

	#isInUse(): boolean {
		return (this.#grid?.scrollTop ?? 0) > 0 || Date.now() - this.#usedAtMs < inUseMs;
	}

	#draw(): void {
		if (this.#isDrawing) return;
		this.#isDrawing = true;
		requestAnimationFrame(() => {
			this.#isDrawing = false;
			this.#drawNow();
		});
	}

	#drawNow(): void {
		this.#frame = this.#grid ? this.#viewport() : null;
		render(this.#template(), this.root);
		this.#askForRows();
		this.#frame = null;
	}

	#askForRows(): void {
		if (!this.#state || !this.#grid) return;
		if (this.#restore && this.#state.rowCount > 0) {
			const { scrollTop, scrollLeft } = this.#restore;
			this.#restore = null;
			this.#grid.scrollTo(scrollLeft, scrollTop);
			this.#draw();
		}
		if (this.#isFollowing) return;
		const { rows, columns } = this.#visible(this.#state);
		const sticky = this.#sticky(this.#state);
		this.#lookSoon(this.#state, rows, sticky, columns);
		const window = { firstColumn: columns.first, endColumn: columns.end };
		// The sticky rows are few: asked for together with the rest while that is near, alone after.
		if (rows.from <= sticky + 100) this.#rows.want({ from: 0, to: rows.to, ...window });
		else if (this.#isMissing(0, sticky)) this.#rows.want({ from: 0, to: sticky, ...window });
		else this.#rows.want({ from: rows.from, to: rows.to, ...window });
	}

	/** Tells the host what is on screen, for the columns that need histories; once per place and state. */
	#lookSoon(state: TableState, rows: VisibleRows, sticky: number, columns: VisibleColumns): void {
		const shown = state.columns.slice(columns.first, columns.end);
		if (shown.every((column) => column.statistic === "last")) return;
		const look = {
			ranges: [[0, sticky] as [number, number], [rows.from, rows.to] as [number, number]],
			firstColumn: columns.first,
			endColumn: columns.end,
		};
		const looked = JSON.stringify([look, state.version]);
		if (looked === this.#looked) return;
		this.#looked = looked;
		clearTimeout(this.#lookTimer);
		this.#lookTimer = setTimeout(() => void this.#host.call("look", look), lookAfterMs);
	}

	#isMissing(from: number, to: number): boolean {
		for (let place = from; place < to; place++) if (!this.#rows.isFresh(place)) return true;
		return false;
	}

	#template(): TemplateResult {
		const state = this.#state;
		return html`<main class="table-panel">
			<div class="toolbar" role="toolbar" aria-label="Runs">
				${this.#filter.template()}
				<button id="columns-button" class="icon-button" type="button" aria-haspopup="dialog" aria-expanded=${this.#picker.isOpen}
					aria-label="Columns" title="Choose columns" @click=${() => (this.#picker.isOpen ? this.#picker.close() : this.#picker.open())}
					><span class="codicon codicon-list-selection" aria-hidden="true"></span><span class="wide">Columns</span></button>
				<button class="icon-button" type="button" aria-label="Charts" title="Open the charts" @click=${() => void this.#host.call("openCharts", { ids: [] })}
					><span class="codicon codicon-graph-line" aria-hidden="true"></span><span class="wide">Charts</span></button>
				<button class="icon-button" type="button" aria-haspopup="menu" aria-label="More" title="Grouping, deleted runs, refresh"
					@click=${(event: Event) => this.#openView(event)}><span class="codicon codicon-ellipsis" aria-hidden="true"></span></button>
			</div>
			${this.#filter.checkTemplate()}
			${state ? chipsTemplate(state, this.#host, (text) => this.#filter.edit(text)) : nothing}
			${this.#gridTemplate(state)}
			${
				state
					? footTemplate(
							state,
							{ rows: this.#body.selection.ids.size, runs: this.#body.selectedRuns },
							(action) => this.#body.bulk(action),
							newsTemplate(state, () => this.#takeIn()),
						)
					: nothing
			}
			${this.#picker.template()}
		</main>`;
	}

	#gridTemplate(state: TableState | null): TemplateResult {
		const columns = state ? this.#head.columns(state) : [];
		const nameWidth = this.#nameWidth(state);
		const isTree = state !== null && state.arrangement !== "flat";
		const active = this.#body.selection.active;
		return html`<div class="grid" role=${isTree ? "treegrid" : "grid"} aria-label="Runs" tabindex="0"
			aria-rowcount=${(state?.rowCount ?? 0) + 1} aria-colcount=${columns.length + 1} aria-multiselectable="true"
			aria-activedescendant=${active === null ? nothing : rowElementId(active)}
			${ref((element) => {
				this.#grid = element instanceof HTMLElement ? element : null;
			})}
			@scroll=${() => this.#scrolled()}
			@pointermove=${() => this.#use()}
			@click=${(event: MouseEvent) => {
				this.#use();
				this.#body.click(event);
			}}
			@dblclick=${(event: MouseEvent) => this.#body.doubleClick(event)}
			@contextmenu=${(event: MouseEvent) => {
				event.preventDefault();
				if (!this.#head.menu(event)) this.#body.contextMenu(event);
			}}
			@keydown=${(event: KeyboardEvent) => {
				this.#use();
				if (!this.#head.key(event)) this.#body.key(event);
			}}
		>${state ? this.#canvas(state, columns, nameWidth, isTree) : nothing}</div>`;
	}

	#canvas(state: TableState, columns: readonly TableColumn[], nameWidth: number, isTree: boolean): TemplateResult {
		const { rows, columns: shown } = this.#visible(state);
		const sticky = this.#sticky(state);
		const grid: GridLook = { columns, shown, nameWidth, isTree };
		const head = {
			...grid,
			nameSort: state.nameSort,
			sortCount: state.sorts.length,
			focused: this.#head.focused,
			dragged: this.#head.dragged,
		};
		const width = totalWidth(columns, nameWidth);
		const height = headHeight + state.rowCount * rowHeight;
		const drop = this.#head.dropBefore === null ? null : totalWidth(columns.slice(0, this.#head.dropBefore), nameWidth);
		return html`<div class="canvas" role="none" .style=${`width:${width}px;height:${state.emptiness ? "auto" : `${height}px`}`}>
			<div class="head" role="rowgroup"
				@pointerdown=${(event: PointerEvent) => this.#head.pointer(event)}
				@focusin=${(event: FocusEvent) => this.#head.focusIn(event)}>
				${headTemplate(head)}
				${drop === null ? nothing : html`<div class="drop-mark" role="none" .style=${`left:${drop - 1}px`}></div>`}
			</div>
			<div class="top" role="rowgroup">${rowsTemplate(this.#looks(0, sticky), grid)}</div>
			<div class="rows" role="rowgroup" .style=${`top:${headHeight + rows.from * rowHeight}px`}>
				${rowsTemplate(this.#looks(rows.from, rows.to), grid)}
			</div>
			${emptyTemplate(state, this.#host)}
		</div>`;
	}

	#looks(from: number, to: number): RowLook[] {
		const looks: RowLook[] = [];
		for (let place = from; place < to; place++) {
			const drawn = this.#rows.at(place);
			const isSelected = drawn !== undefined && this.#body.selection.ids.has(drawn.row.id);
			const isActive = place === this.#body.selection.active;
			looks.push({ place, row: drawn?.row, firstColumn: drawn?.firstColumn ?? 0, isSelected, isActive });
		}
		return looks;
	}

	/** Never so wide that no other column can be seen. */
	#nameWidth(state: TableState | null): number {
		const wanted = this.#head.drag?.column === -1 ? this.#head.drag.width : (state?.nameWidth ?? 220);
		return Math.min(wanted, Math.max(140, Math.round(window.innerWidth * 0.6)));
	}

	/** Measured once a frame: every look after a change of the page would lay it out anew. */
	#viewport(): Viewport {
		if (this.#frame) return this.#frame;
		const grid = this.#grid;
		return {
			scrollTop: grid?.scrollTop ?? 0,
			scrollLeft: grid?.scrollLeft ?? 0,
			width: grid?.clientWidth ?? window.innerWidth,
			height: (grid?.clientHeight ?? window.innerHeight) - headHeight,
		};
	}

	#sticky(state: TableState): number {
		return stickyRows(state.topCount, this.#viewport().height);
	}

	#visible(state: TableState, scrollTop = this.#viewport().scrollTop) {
		const viewport = { ...this.#viewport(), scrollTop };
		return {
			rows: visibleRows(viewport, state.rowCount, this.#sticky(state)),
			columns: visibleColumns(this.#head.columns(state), viewport, this.#nameWidth(state)),
		};
	}

	#scrolled(): void {
		this.#draw();
		this.#keepSoon();
	}

	#use(): void {
		this.#usedAtMs = Date.now();
	}

	#keepSoon(): void {
		clearTimeout(this.#keepTimer);
		this.#keepTimer = setTimeout(() => {
			const { scrollTop, scrollLeft } = this.#viewport();
			this.#host.keep({
				scrollTop,
				scrollLeft,
				filter: this.#filter.text,
				activeId: this.#body.selection.activeId,
			} satisfies KeptTable);
		}, 200);
	}

	#takeIn(): void {
		if (this.#grid) this.#grid.scrollTop = 0;
		void this.#host.call("takeIn", undefined);
		this.#grid?.focus();
	}

	#addFilter(filter: string): void {
		const filters = this.#state?.filters.map(({ text }) => text) ?? [];
		void this.#host.call("setFilters", { filters: [...filters, filter] });
	}

	/** `/` from anywhere but a field. */
	#anyKey(event: KeyboardEvent): void {
		if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement)
			return;
		event.preventDefault();
		this.#filter.focus();
	}

	#hands(): MenuHands {
		return {
			host: this.#host,
			sort: (column, adds, descending) => this.#head.sort(column.id, adds, descending),
			move: (column, before) => this.#head.move(column, before),
			openPicker: (search) => this.#picker.open(search),
			copy: (ids, format) => void this.#body.copy(ids, format),
		};
	}

	#openView(event: Event): void {
		if (this.#state && event.currentTarget instanceof HTMLElement) {
			openMenu(event.currentTarget, viewMenu(this.#state, this.#hands()));
		}
	}
}

function orderOf({ sorts, filters, arrangement, showDeleted }: TableState): unknown {
	return [sorts, filters, arrangement, showDeleted];
}
