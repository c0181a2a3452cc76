import type { TableRow } from "../../src/shared/panels/tablePanel";
import { gridKey } from "./gridKeys";
import { rowElementId } from "./gridTemplate";
import { pointerMenu } from "./pointerMenu";
import { Selection } from "./selection";
import { type MenuHands, rowMenu } from "./tableMenus";
import type { TableScene } from "./tableScene";
import { rowHeight } from "./tableStyle";

export type BulkAction = "charts" | "compare" | "ids" | "csv" | "markdown" | "clear";

/** The rows under the hand: selection, ticks, keys, menus, and what is done with many rows at once. */
export class RowControls {
	readonly selection = new Selection();
	/** Runs behind the selected rows; null where a group among them is too far away to be known. */
	selectedRuns: number | null = null;
	readonly #scene: TableScene;

	constructor(
		scene: TableScene,
		private readonly menuHands: () => MenuHands,
	) {
		this.#scene = scene;
	}

	click(event: MouseEvent): void {
		const place = placeOf(event.target);
		const row = place === null ? undefined : this.#scene.rows.at(place)?.row;
		if (place === null || !row || !(event.target instanceof Element)) return;
		const part = event.target.closest<HTMLElement>("[data-part]")?.dataset.part;
		if (part === "check") this.#check(row, event);
		if (part === "expand") this.#expand(row);
		if (part !== undefined) return;
		this.#scene.grid()?.focus({ preventScroll: true });
		if (event.shiftKey) void this.#selectRange(place, row.id);
		else if (event.ctrlKey || event.metaKey) this.selection.toggle(place, row.id);
		else this.selection.only(place, row.id);
		this.#selected();
	}

	doubleClick(event: MouseEvent): void {
		const place = placeOf(event.target);
		const row = place === null ? undefined : this.#scene.rows.at(place)?.row;
		if (!row || (event.target instanceof Element && event.target.closest("[data-part]"))) return;
		this.#open(row);
	}

	#open(row: TableRow): void {
		if (row.kind === "run") void this.#scene.host.call("openRun", { id: row.id });
		else this.#expand(row);
	}

	/** A tick on a selected row is a tick on all that are selected. */
	#check(row: TableRow, event: Event): void {
		event.stopPropagation();
		const ids = this.selection.ids.has(row.id) ? [...this.selection.ids] : [row.id];
		void this.#scene.host.call("setChecked", { ids, checked: row.checked !== "all" });
	}

	#expand(row: TableRow): void {
		if (row.isExpanded === null) return;
		void this.#scene.host.call("setExpanded", { ids: [row.id], expanded: !row.isExpanded });
	}

	async #selectRange(place: number, id: string): Promise<void> {
		const { anchor } = this.selection;
		const [from, to] = anchor < place ? [anchor, place] : [place, anchor];
		this.selection.moveTo(place, id);
		const revision = this.#scene.state()?.revision ?? 0;
		this.selection.replace(await this.#scene.host.call("ids", { revision, from, to: to + 1 }));
		this.#selected();
	}

	/** The selection changed: draws it and finds how many runs it stands for. */
	#selected(): void {
		this.selectedRuns = null;
		const ids = [...this.selection.ids];
		const known = ids.map((id) => this.#scene.rows.find(id));
		const isGrouped = this.#scene.state()?.arrangement === "seeds";
		this.selectedRuns = isGrouped ? sumRuns(known) : ids.length;
		this.#scene.draw();
		this.#scene.keep();
	}

	async #moveTo(place: number, extends_: boolean): Promise<void> {
		const last = (this.#scene.state()?.rowCount ?? 0) - 1;
		if (last < 0) return;
		const to = Math.max(0, Math.min(last, place));
		this.#scrollTo(to);
		const id =
			this.#scene.rows.at(to)?.row.id ??
			(await this.#scene.host.call("ids", { revision: this.#scene.state()?.revision ?? 0, from: to, to: to + 1 }))[0];
		if (id === undefined) return;
		if (extends_) await this.#selectRange(to, id);
		else this.selection.only(to, id);
		this.#selected();
	}

	#scrollTo(place: number): void {
		const grid = this.#scene.grid();
		const state = this.#scene.state();
		if (!grid || !state) return;
		const sticky = this.#scene.sticky(state);
		if (place < sticky) return;
		const top = (place - sticky) * rowHeight;
		const height = this.#scene.viewport().height - sticky * rowHeight;
		if (grid.scrollTop > top) grid.scrollTop = top;
		else if (grid.scrollTop + height < top + rowHeight) grid.scrollTop = top + rowHeight - height;
	}

	#activeRow(): TableRow | undefined {
		return this.selection.active === null ? undefined : this.#scene.rows.at(this.selection.active)?.row;
	}

	/** The selected rows; without any, the one the keyboard is on. */
	#chosenIds(): readonly string[] {
		if (this.selection.ids.size > 0) return [...this.selection.ids];
		const row = this.#activeRow();
		return row ? [row.id] : [];
	}

	key(event: KeyboardEvent): void {
		if (event.target !== this.#scene.grid()) return;
		const page = Math.max(1, Math.floor(this.#scene.viewport().height / rowHeight) - 1);
		gridKey(event, {
			active: this.selection.active,
			rowCount: this.#scene.state()?.rowCount ?? 0,
			page,
			move: (place, extending) => void this.#moveTo(place, extending),
			selectAll: () => void this.#selectAll(),
			clear: () => this.bulk("clear"),
			check: () => {
				const row = this.#activeRow();
				if (row)
					void this.#scene.host.call("setChecked", { ids: [...this.#chosenIds()], checked: row.checked !== "all" });
			},
			open: () => {
				const row = this.#activeRow();
				if (row) this.#open(row);
			},
			expand: (expanded) => {
				const row = this.#activeRow();
				if (row?.isExpanded !== null && row?.isExpanded === !expanded) this.#expand(row);
				else this.#scene.grid()?.scrollBy(expanded ? 80 : -80, 0);
			},
			compare: () => void this.#scene.host.call("compare", { ids: [...this.#chosenIds()] }),
			copy: () => void this.copy(this.#chosenIds(), "csv"),
			baseline: () => {
				const row = this.#activeRow();
				const [key] = row?.keys ?? [];
				if (row?.kind === "run" && key !== undefined)
					void this.#scene.host.call("setBaseline", { key: row.isBaseline ? null : key });
			},
			pin: () => {
				const row = this.#activeRow();
				if (row) void this.#scene.host.call("setPinned", { ids: [...this.#chosenIds()], pinned: !row.isPinned });
			},
			menu: () => this.#rowMenu(null),
		});
	}

	async #selectAll(): Promise<void> {
		const revision = this.#scene.state()?.revision ?? 0;
		this.selection.replace(
			await this.#scene.host.call("ids", { revision, from: 0, to: this.#scene.state()?.rowCount ?? 0 }),
		);
		this.#selected();
	}

	bulk(action: BulkAction): void {
		const ids = [...this.#chosenIds()];
		switch (action) {
			case "charts":
				void this.#scene.host.call("openCharts", { ids });
				break;
			case "compare":
				void this.#scene.host.call("compare", { ids });
				break;
			case "clear":
				this.selection.clear();
				this.#scene.grid()?.focus({ preventScroll: true });
				this.#selected();
				break;
			default:
				void this.copy(ids, action);
		}
	}

	async copy(ids: readonly string[], format: "ids" | "csv" | "markdown"): Promise<void> {
		this.#scene.host.copy(await this.#scene.host.call("copyText", { ids: [...ids], format }));
	}

	contextMenu(event: MouseEvent): void {
		const place = placeOf(event.target);
		const row = place === null ? undefined : this.#scene.rows.at(place)?.row;
		if (place === null || !row) return;
		if (!this.selection.ids.has(row.id)) this.selection.only(place, row.id);
		else this.selection.moveTo(place, row.id);
		this.#selected();
		this.#rowMenu(event);
	}

	#rowMenu(event: MouseEvent | null): void {
		const row = this.#activeRow();
		if (!row) return;
		const ids = this.#chosenIds();
		const runs = this.selection.ids.size > 0 ? (this.selectedRuns ?? ids.length) : row.keys.length;
		const entries = rowMenu(row, ids, runs, this.menuHands());
		const element = document.getElementById(rowElementId(this.selection.active ?? 0));
		if (event) pointerMenu(event, entries, () => this.#scene.grid()?.focus({ preventScroll: true }));
		else if (element)
			pointerMenu(element.getBoundingClientRect(), entries, () => this.#scene.grid()?.focus({ preventScroll: true }));
	}
}

function placeOf(target: EventTarget | null): number | null {
	const row = target instanceof Element ? target.closest<HTMLElement>("[data-place]") : null;
	return row ? Number(row.dataset.place) : null;
}

/** Null when a group among them is too far away to be known. */
function sumRuns(rows: readonly (TableRow | undefined)[]): number | null {
	let sum = 0;
	for (const row of rows) {
		if (!row) return null;
		sum += row.keys.length;
	}
	return sum;
}
