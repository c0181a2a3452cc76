export interface GridHands {
	readonly active: number | null;
	readonly rowCount: number;
	/** Rows on one screen. */
	readonly page: number;
	move(place: number, extending: boolean): void;
	selectAll(): void;
	clear(): void;
	check(): void;
	open(): void;
	expand(expanded: boolean): void;
	compare(): void;
	copy(): void;
	baseline(): void;
	pin(): void;
	menu(): void;
}

/** The keys of the rows; what is not one of them is left to the page and to VS Code. */
export function gridKey(event: KeyboardEvent, hands: GridHands): void {
	const action = toAction(event, hands);
	if (!action) return;
	event.preventDefault();
	event.stopPropagation();
	action();
}

function toAction(event: KeyboardEvent, hands: GridHands): (() => void) | undefined {
	const isCommand = event.ctrlKey || event.metaKey;
	const at = hands.active ?? -1;
	const moves: Record<string, number> = {
		ArrowDown: at + 1,
		ArrowUp: Math.max(0, at - 1),
		PageDown: at + hands.page,
		PageUp: at - hands.page,
		Home: 0,
		End: hands.rowCount - 1,
	};
	const to = moves[event.key];
	if (to !== undefined && !event.altKey) return () => hands.move(to, event.shiftKey);
	if (isCommand) return { a: hands.selectAll, c: hands.copy }[event.key.toLowerCase()];
	if (event.altKey) return undefined;
	const plain: Record<string, () => void> = {
		" ": hands.check,
		Enter: hands.open,
		Escape: hands.clear,
		ArrowRight: () => hands.expand(true),
		ArrowLeft: () => hands.expand(false),
		c: hands.compare,
		b: hands.baseline,
		p: hands.pin,
		ContextMenu: hands.menu,
	};
	if (event.key === "F10" && event.shiftKey) return hands.menu;
	return event.shiftKey ? undefined : plain[event.key];
}
