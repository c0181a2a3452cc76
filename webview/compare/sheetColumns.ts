import * as z from "zod/mini";
import type { CompareState } from "../../src/shared/panels/comparePanel";
import type { RunKey } from "../../src/shared/run";
import { fittingWidth, followHeadPointer } from "../common/columnGestures";
import { type HeadHands, headingOf, headKey } from "../common/headKeys";

/** Absent in what an older version kept. */
export const keptWidths = z.object({
	name: z.nullable(z.number()),
	/** By run: a run that is moved takes its width along. */
	runs: z.record(z.string(), z.number()),
});
type KeptWidths = z.infer<typeof keptWidths>;

export interface ColumnHands {
	state(): CompareState | null;
	draw(): void;
	/** The widths are other than before. */
	changed(): void;
	/** Puts a run before another; `before` may be one past the last. */
	move(column: number, before: number): void;
	/** The same by key: the focus goes with the run. */
	moveKept(column: number, before: number): void;
	remove(key: RunKey): void;
	menu(column: number): void;
	toRows(): void;
}

/** The columns of the comparison: how wide they are, and moving and resizing them by pointer and by key. -1 is the name. */
export class SheetColumns {
	dragged: number | null = null;
	dropBefore: number | null = null;
	#name: number | null;
	readonly #runs: Map<RunKey, number>;

	constructor(
		private readonly hands: ColumnHands,
		kept: KeptWidths | null,
	) {
		this.#name = kept && fittingWidth(kept.name ?? 0) === kept.name ? kept.name : null;
		this.#runs = new Map(Object.entries(kept?.runs ?? {}).map(([key, width]) => [key, fittingWidth(width)]));
	}

	/** Never so wide that no run can be seen. */
	get nameWidth(): number {
		const wanted = this.#name ?? (isNarrow() ? 110 : 200);
		return Math.min(wanted, Math.max(110, Math.round(window.innerWidth * 0.6)));
	}

	/** What no hand has set shares the room there is. */
	runWidths({ runs }: CompareState): number[] {
		const fair = Math.max(180, Math.min(320, Math.floor((window.innerWidth - 220) / runs.length)));
		return runs.map(({ key }) => this.#runs.get(key) ?? (isNarrow() ? 150 : fair));
	}

	/** Of the runs on the sheet. */
	kept(state: CompareState): KeptWidths {
		const widths = state.runs.flatMap(({ key }) => {
			const width = this.#runs.get(key);
			return width === undefined ? [] : [[key, width] as const];
		});
		return { name: this.#name, runs: Object.fromEntries(widths) };
	}

	get isResized(): boolean {
		return this.#name !== null || this.#runs.size > 0;
	}

	reset(): void {
		this.#name = null;
		this.#runs.clear();
		this.hands.changed();
	}

	pointer(event: PointerEvent): void {
		followHeadPointer(event, {
			resize: (column, width) => this.#resize(column, width),
			dragOver: (column, before) => {
				this.dragged = before === null ? null : column;
				this.dropBefore = before;
				this.hands.draw();
			},
			move: (column, before) => this.hands.move(column, before),
		});
	}

	/** Was the key one of a heading's? */
	key(event: KeyboardEvent): boolean {
		const state = this.hands.state();
		const head = headingOf(event.target);
		// The buttons beside a run's name are worked by the browser's own keys.
		if (!state || !head || !(event.target instanceof HTMLElement)) return false;
		if (event.target !== head && event.target.dataset.run === undefined) return false;
		return headKey(event, Number(head.dataset.column), this.#headHands(state));
	}

	#headHands(state: CompareState): HeadHands {
		const widths = this.runWidths(state);
		return {
			columnCount: state.runs.length,
			focus: focusHeading,
			move: (column, by) => this.hands.moveKept(column, by < 0 ? column - 1 : column + 2),
			resize: (column, by) => {
				const width = column < 0 ? this.nameWidth : widths[column];
				if (width !== undefined) this.#resize(column, width + by);
			},
			hide: (column) => {
				const run = state.runs[column];
				if (run) this.hands.remove(run.key);
			},
			menu: (column) => this.hands.menu(column),
			toRows: () => this.hands.toRows(),
		};
	}

	#resize(column: number, width: number): void {
		const key = this.hands.state()?.runs[column]?.key;
		if (column < 0) this.#name = fittingWidth(width);
		else if (key !== undefined) this.#runs.set(key, fittingWidth(width));
		this.hands.changed();
	}
}

/** Scrolled to sideways first, so that the column of names covers nothing of it. */
export function focusHeading(column: number): void {
	const head = document.querySelector<HTMLElement>(`[data-column="${column}"]`);
	const sheet = head?.closest(".sheet");
	if (!head || !sheet) return;
	if (column < 0) {
		head.focus({ preventScroll: true });
		return;
	}
	const { left, right } = head.getBoundingClientRect();
	const from = document.querySelector('[data-column="-1"]')?.getBoundingClientRect().right ?? 0;
	const to = sheet.getBoundingClientRect().left + sheet.clientWidth;
	if (left < from) sheet.scrollLeft -= from - left;
	else if (right > to) sheet.scrollLeft += Math.min(right - to, left - from);
	head.querySelector<HTMLElement>("[data-run]")?.focus({ preventScroll: true });
}

function isNarrow(): boolean {
	return window.innerWidth < 520;
}
