/** Rows shown at once under one parent; the rest waits behind "Show 500 more…". */
export const pageSize = 500;

/** How far each long list has been opened. */
export class TreePages {
	readonly #limits = new Map<string, number>();

	limitOf(parent: string): number {
		return this.#limits.get(parent) ?? pageSize;
	}

	showMore(parent: string): void {
		this.#limits.set(parent, this.limitOf(parent) + pageSize);
	}

	/** Opens the list far enough to show the row at this place, so that it can be revealed. */
	showPlace(parent: string, place: number): boolean {
		if (place < this.limitOf(parent)) return false;
		this.#limits.set(parent, Math.ceil((place + 1) / pageSize) * pageSize);
		return true;
	}

	/** `Show 500 more…`, or of the last ones `Show 12 more`. */
	moreLabel(parent: string, count: number): string | null {
		const hidden = count - this.limitOf(parent);
		if (hidden <= 0) return null;
		return hidden > pageSize ? `Show ${pageSize} more of ${hidden.toLocaleString("en")}…` : `Show ${hidden} more…`;
	}
}
