import type { TableRow, TableRows } from "../../src/shared/panels/tablePanel";

/** What is to be on screen: rows and columns by number, ends excluded. */
export interface Window2d {
	readonly from: number;
	readonly to: number;
	readonly firstColumn: number;
	readonly endColumn: number;
}

export interface DrawnRow {
	readonly row: TableRow;
	readonly firstColumn: number;
}

/** Rows asked for on either side of what is drawn, and how near their end may come before more are asked for. */
const askedBeyond = 100;
const askedEarly = 50;

/** Rows kept beyond the asked ones, so that turning back shows them at once. */
const keptRows = 600;

/** The rows around what is on screen. One question at a time; while it is open, the newest wish is remembered. */
export class RowWindow {
	#rows = new Map<number, DrawnRow & { readonly revision: number; readonly version: number }>();
	#asking = false;
	#wanted: Window2d | null = null;

	constructor(
		private readonly ask: (revision: number, window: Window2d) => Promise<TableRows>,
		/** Which state the rows must belong to. */
		private readonly now: () => { readonly revision: number; readonly version: number; readonly rowCount: number },
		private readonly onRows: () => void,
	) {}

	at(place: number): DrawnRow | undefined {
		return this.#rows.get(place);
	}

	/** Is it as new as the last state? */
	isFresh(place: number): boolean {
		const { revision, version } = this.now();
		const drawn = this.#rows.get(place);
		return drawn !== undefined && drawn.revision >= revision && drawn.version === version;
	}

	/** The row with this id, if it is near. */
	find(id: string): TableRow | undefined {
		for (const { row } of this.#rows.values()) if (row.id === id) return row;
		return undefined;
	}

	/** Asks for what is missing or old in the window. */
	want(window: Window2d): void {
		this.#wanted = window;
		if (!this.#asking && this.#isMissing(window)) void this.#fetch(window);
	}

	#isMissing({ from, to, firstColumn, endColumn }: Window2d): boolean {
		const { revision, version, rowCount } = this.now();
		for (let place = Math.max(0, from - askedEarly); place < Math.min(rowCount, to + askedEarly); place++) {
			const drawn = this.#rows.get(place);
			// The host may be ahead of the last state; never behind it.
			if (!drawn || drawn.revision < revision || drawn.version !== version) return true;
			if (drawn.firstColumn > firstColumn || drawn.firstColumn + drawn.row.cells.length < endColumn) return true;
		}
		return false;
	}

	async #fetch(wanted: Window2d): Promise<void> {
		this.#asking = true;
		const { version } = this.now();
		const isThere = await this.load(wanted);
		this.#asking = false;
		// The host says why in its log; the next state asks again.
		if (!isThere) return;
		this.onRows();
		if (this.#wanted && (this.#wanted !== wanted || this.now().version !== version)) this.want(this.#wanted);
	}

	/** Asks for these rows and those around them, whatever is known; false where they could not be had. */
	async load(wanted: Window2d): Promise<boolean> {
		const { revision, version, rowCount } = this.now();
		const from = Math.max(0, wanted.from - askedBeyond);
		const to = Math.min(rowCount, wanted.to + askedBeyond);
		const answer = await this.ask(revision, { ...wanted, from, to }).catch(() => null);
		if (answer === null) return false;
		for (const [index, row] of answer.rows.entries()) {
			const place = answer.from + index;
			// An answer that was long under way does not replace a newer one.
			if ((this.#rows.get(place)?.revision ?? 0) > answer.revision) continue;
			this.#rows.set(place, { row, firstColumn: answer.firstColumn, revision: answer.revision, version });
		}
		for (let place = answer.from + answer.rows.length; place < to; place++) this.#rows.delete(place);
		this.#forget({ ...wanted, from, to });
		return true;
	}

	#forget(window: Window2d): void {
		if (this.#rows.size <= keptRows * 2) return;
		for (const place of this.#rows.keys()) {
			if (place < window.from - keptRows || place > window.to + keptRows) this.#rows.delete(place);
		}
	}
}
