import type { TableColumn } from "../../src/shared/panels/tablePanel";
import { rowHeight } from "./tableStyle";

export const headHeight = 24;

/** Rows drawn beyond the visible ones on either side, so that a flick of the wheel meets drawn rows. */
const spareRows = 12;
const sparePixels = 200;

export interface Viewport {
	readonly scrollTop: number;
	readonly scrollLeft: number;
	readonly width: number;
	readonly height: number;
}

export interface VisibleRows {
	readonly from: number;
	readonly to: number;
}

/** Rows `from` to before `to` that are on screen or near it, the `topCount` sticky ones aside. */
export function visibleRows({ scrollTop, height }: Viewport, rowCount: number, topCount: number): VisibleRows {
	const first = topCount + Math.floor(scrollTop / rowHeight);
	const shown = Math.ceil(height / rowHeight) + 1;
	return {
		from: Math.max(topCount, Math.min(rowCount, first - spareRows)),
		to: Math.max(topCount, Math.min(rowCount, first + shown + spareRows)),
	};
}

/** Rows that stay on top: never more than a third of the height, the others scroll with the rest. */
export function stickyRows(topCount: number, height: number): number {
	return Math.min(topCount, Math.max(1, Math.floor(height / rowHeight / 3)));
}

export interface VisibleColumns {
	readonly first: number;
	readonly end: number;
	/** Pixels of the columns left of the first and right of the last. */
	readonly before: number;
	readonly after: number;
}

/** The columns on screen or near it: a table of a thousand metrics draws no more cells than one of ten. */
export function visibleColumns(columns: readonly TableColumn[], viewport: Viewport, nameWidth: number): VisibleColumns {
	const left = viewport.scrollLeft - sparePixels;
	const right = viewport.scrollLeft + viewport.width - nameWidth + sparePixels;
	let at = 0;
	let first = columns.length;
	let end = 0;
	let before = 0;
	let after = 0;
	for (const [index, column] of columns.entries()) {
		const isVisible = at + column.width > left && at < right;
		if (isVisible) {
			first = Math.min(first, index);
			end = index + 1;
		} else if (first === columns.length) before += column.width;
		else after += column.width;
		at += column.width;
	}
	return end === 0 ? { first: 0, end: 0, before, after } : { first, end, before, after };
}

export function totalWidth(columns: readonly TableColumn[], nameWidth: number): number {
	return columns.reduce((sum, column) => sum + column.width, nameWidth);
}
