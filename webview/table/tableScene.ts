import type { TableState, tableCalls } from "../../src/shared/panels/tablePanel";
import type { Host } from "../common/host";
import type { Viewport } from "./geometry";
import type { RowWindow } from "./rowWindow";

/** What the table's parts know of each other: the state, the grid, and how to draw again. */
export interface TableScene {
	readonly host: Host<typeof tableCalls>;
	readonly rows: RowWindow;
	state(): TableState | null;
	grid(): HTMLElement | null;
	viewport(): Viewport;
	/** Rows that stay on top. */
	sticky(state: TableState): number;
	nameWidth(state: TableState): number;
	/** Soon; at once where the element is needed now. */
	draw(): void;
	drawNow(): void;
	/** What is kept over a reload has changed. */
	keep(): void;
	openPicker(search: string): void;
}
