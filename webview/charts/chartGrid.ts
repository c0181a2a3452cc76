/** How a picture of many charts is laid out, in pixels. */
export interface ChartGrid {
	readonly width: number;
	readonly height: number;
	/** The upper left corner of a chart's card. */
	cardAt(index: number): { readonly x: number; readonly y: number };
	/** Where a line's key begins; y is its middle. */
	keyAt(index: number): { readonly x: number; readonly y: number };
	/** Of a name beside its key. */
	readonly keyNameWidth: number;
}

/** 16:9 as in the panel; the title comes above, the notes below. */
export const chartSize = { width: 480, height: 270 } as const;
export const notesHeight = 20;
export const gridMargin = 16;
/** The line that says what is shown. */
export const captionHeight = 24;

const gap = 12;
const keyRow = 18;
const leastKeyWidth = 230;

/** As near to a square as five columns allow, which is what a page or a screen shows best. */
export function columnsFor(count: number): number {
	return Math.max(1, Math.min(5, Math.ceil(Math.sqrt(count))));
}

export function layOutGrid(charts: number, columns: number, keys: number, titleHeight: number): ChartGrid {
	const cardHeight = titleHeight + chartSize.height + notesHeight;
	const rows = Math.ceil(charts / columns);
	const inner = columns * chartSize.width + (columns - 1) * gap;
	const keyColumns = Math.max(1, Math.floor(inner / leastKeyWidth));
	const keyWidth = inner / keyColumns;
	const keysTop = gridMargin + captionHeight;
	const cardsTop = keysTop + Math.ceil(keys / keyColumns) * keyRow + 8;
	return {
		width: inner + 2 * gridMargin,
		height: cardsTop + rows * cardHeight + (rows - 1) * gap + gridMargin,
		cardAt: (index) => ({
			x: gridMargin + (index % columns) * (chartSize.width + gap),
			y: cardsTop + Math.floor(index / columns) * (cardHeight + gap),
		}),
		keyAt: (index) => ({
			x: gridMargin + (index % keyColumns) * keyWidth,
			y: keysTop + Math.floor(index / keyColumns) * keyRow + keyRow / 2,
		}),
		keyNameWidth: keyWidth - 32 - 12,
	};
}
