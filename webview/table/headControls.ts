import type { ColumnChoice } from "../../src/shared/panels/tableLayout";
import type { TableColumn, TableState } from "../../src/shared/panels/tablePanel";
import { fittingWidth, followHeadPointer } from "../common/columnGestures";
import { type HeadHands, headingOf, headKey } from "../common/headKeys";
import { openMenu } from "../common/menu";
import { chosen } from "./columnPicker";
import { totalWidth } from "./geometry";
import { headMenu, type MenuHands } from "./tableMenus";
import type { TableScene } from "./tableScene";

/** The headings: sorting, moving and resizing of columns, by pointer and by key. */
export class HeadControls {
	/** The width while a grip is held; -1 is the name. */
	drag: { readonly column: number; readonly width: number } | null = null;
	dropBefore: number | null = null;
	dragged: number | null = null;
	/** The one heading that Tab reaches. */
	focused = -1;
	/** A change of columns is under way: the next is counted from the state that answers it. */
	#isSettling = false;
	/** A grip is in the hand. */
	#isHeld = false;
	readonly #scene: TableScene;

	constructor(
		scene: TableScene,
		private readonly menuHands: () => MenuHands,
	) {
		this.#scene = scene;
	}

	/** A new state has come. */
	settle(): void {
		this.#isSettling = false;
		if (!this.#isHeld) this.drag = null;
	}

	#setColumns(columns: ColumnChoice[]): Promise<void> {
		this.#isSettling = true;
		return this.#scene.host.call("setColumns", { columns });
	}

	/** The columns with the width the held grip gives them. */
	columns(state: TableState): readonly TableColumn[] {
		const { drag } = this;
		if (!drag || drag.column < 0) return state.columns;
		return state.columns.map((column, index) => (index === drag.column ? { ...column, width: drag.width } : column));
	}

	/** Was the key one of a heading's? */
	key(event: KeyboardEvent): boolean {
		const state = this.#scene.state();
		const head = headingOf(event.target);
		if (!head || !state) return false;
		headKey(event, Number(head.dataset.column), this.#hands(state));
		return true;
	}

	/** Was the menu one of a heading's? */
	menu(event: Event): boolean {
		const state = this.#scene.state();
		const head = headingOf(event.target);
		if (!head || !state) return false;
		this.#openMenu(state, Number(head.dataset.column));
		return true;
	}

	/** A click turns: ascending, descending, off. `adds`: beside the sorts there are. */
	sort(id: string, adds: boolean, descending?: boolean): void {
		const sorts =
			this.#scene.state()?.sorts.map((sort) => ({ column: sort.column, descending: sort.descending })) ?? [];
		const at = sorts.findIndex((sort) => sort.column === id);
		const present = sorts[at];
		if (!adds) {
			const isOff = descending === undefined && present !== undefined && !present.descending && sorts.length === 1;
			const next = {
				column: id,
				descending: descending ?? (present && sorts.length === 1 ? !present.descending : true),
			};
			void this.#scene.host.call("setSorts", { sorts: isOff ? [] : [next] });
			return;
		}
		if (!present) sorts.push({ column: id, descending: true });
		else if (present.descending) sorts[at] = { column: id, descending: false };
		else sorts.splice(at, 1);
		void this.#scene.host.call("setSorts", { sorts });
	}

	/** The change from the baseline sorts as the metric it belongs to: it is that metric less a constant. */
	#sortAt(index: number, adds: boolean): void {
		const column = this.#scene.state()?.columns[index];
		const id = index < 0 ? "attributes.run_name" : column?.isChange ? column.id.replace(/^change /, "") : column?.id;
		if (id !== undefined) this.sort(id, adds);
	}

	/** `before` counts shown columns, of which changes from the baseline move with theirs. */
	move(index: number, before: number): void {
		const columns = this.#scene.state()?.columns ?? [];
		const column = columns[index];
		if (!column || column.isChange || this.#isSettling) return;
		const all = chosen(columns);
		const own = columns.slice(0, index).filter((other) => !other.isChange).length;
		const target = columns.slice(0, Math.max(0, before)).filter((other) => !other.isChange).length;
		const moved = all[own];
		if (!moved) return;
		const rest = all.filter((_, place) => place !== own);
		const at = target > own ? target - 1 : target;
		void this.#setColumns([...rest.slice(0, at), moved, ...rest.slice(at)]);
	}

	#resize(index: number, width: number, isDone: boolean): void {
		if (this.#isSettling) return;
		this.#isHeld = !isDone;
		const safe = fittingWidth(width);
		this.drag = { column: index, width: safe };
		this.#scene.draw();
		const state = this.#scene.state();
		if (!isDone || !state) return;
		const columns = chosen(this.columns(state));
		// The width stays as it is until the state that has it comes.
		if (index < 0) void this.#scene.host.call("arrange", { nameWidth: safe });
		else void this.#setColumns(columns);
	}

	pointer(event: PointerEvent): void {
		followHeadPointer(event, {
			sort: (column, adds) => this.#sortAt(column, adds),
			resize: (column, width, isDone) => this.#resize(column, width, isDone),
			dragOver: (column, before) => {
				this.dragged = before === null ? null : column;
				this.dropBefore = before;
				this.#scene.draw();
			},
			move: (column, before) => this.move(column, before),
		});
	}

	focusIn(event: FocusEvent): void {
		const head = headingOf(event.target);
		if (!head) return;
		this.focused = Number(head.dataset.column);
		this.#scene.draw();
	}

	#hands(state: TableState): HeadHands {
		const widthOf = (index: number) =>
			index < 0 ? this.#scene.nameWidth(state) : (state.columns[index]?.width ?? 100);
		return {
			columnCount: state.columns.length,
			focus: (index: number) => this.#focusHead(index),
			sort: (index: number, adds: boolean) => this.#sortAt(index, adds),
			move: (index: number, by: -1 | 1) => {
				const step = state.columns[index + by]?.isChange ? 2 : 1;
				this.move(index, by < 0 ? index - step : index + step + 1);
				this.#focusHead(Math.max(0, Math.min(state.columns.length - 1, index + by * step)));
			},
			resize: (index: number, by: number) => this.#resize(index, widthOf(index) + by, true),
			hide: (index: number) => {
				const column = state.columns[index];
				if (!column || this.#isSettling) return;
				void this.#setColumns(chosen(state.columns.filter((other) => other.id !== column.id)));
			},
			menu: (index: number) => this.#openMenu(state, index),
			toRows: () => this.#scene.grid()?.focus(),
		};
	}

	/** Scrolled to first: a heading out of sight is not in the page. */
	#focusHead(index: number): void {
		const state = this.#scene.state();
		const grid = this.#scene.grid();
		if (!state || !grid) return;
		this.focused = index;
		if (index >= 0) {
			const left = totalWidth(state.columns.slice(0, index), 0);
			const width = state.columns[index]?.width ?? 0;
			const room = grid.clientWidth - this.#scene.nameWidth(state);
			if (left < grid.scrollLeft) grid.scrollLeft = left;
			else if (left + width > grid.scrollLeft + room) grid.scrollLeft = left + width - room;
		}
		this.#scene.drawNow();
		document.querySelector<HTMLElement>(`[data-column="${index}"]`)?.focus({ preventScroll: true });
	}

	#openMenu(state: TableState, index: number): void {
		const head = document.querySelector<HTMLElement>(`[data-column="${index}"]`);
		const entries = headMenu(state, index, this.menuHands());
		if (head && entries.length > 0) openMenu(head, entries);
	}
}
