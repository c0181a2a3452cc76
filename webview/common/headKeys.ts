/** Pixels a key press makes a column wider. */
const widthStep = 16;

export interface HeadHands {
	readonly columnCount: number;
	focus(column: number): void;
	/** Absent where columns have no order: Enter and the space bar are then left to what has the focus. */
	sort?: (column: number, adds: boolean) => void;
	move(column: number, by: -1 | 1): void;
	resize(column: number, by: number): void;
	hide(column: number): void;
	menu(column: number): void;
	toRows(): void;
}

/** The keys of a heading: arrows walk, with Alt they move the column, with Shift they resize it; Enter sorts. Was it one? */
export function headKey(event: KeyboardEvent, column: number, hands: HeadHands): boolean {
	const action = toAction(event, column, hands);
	if (!action) return false;
	event.preventDefault();
	event.stopPropagation();
	action();
	return true;
}

/** The heading that the event belongs to. */
export function headingOf(target: EventTarget | null): HTMLElement | null {
	return target instanceof Element ? target.closest<HTMLElement>("[data-column]") : null;
}

function toAction(event: KeyboardEvent, column: number, hands: HeadHands): (() => void) | undefined {
	const side = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : null;
	if (side !== null && event.altKey) return column < 0 ? undefined : () => hands.move(column, side);
	if (side !== null && event.shiftKey) return () => hands.resize(column, side * widthStep);
	if (side !== null) return () => hands.focus(Math.max(-1, Math.min(hands.columnCount - 1, column + side)));
	switch (event.key) {
		case "Enter":
		case " ":
			return hands.sort && (() => hands.sort?.(column, event.shiftKey));
		case "Home":
			return () => hands.focus(-1);
		case "End":
			return () => hands.focus(hands.columnCount - 1);
		case "Delete":
			return column < 0 ? undefined : () => hands.hide(column);
		case "ArrowDown":
		case "Escape":
			return hands.toRows;
		case "ContextMenu":
			return () => hands.menu(column);
		case "F10":
			return event.shiftKey ? () => hands.menu(column) : undefined;
		default:
			return undefined;
	}
}
