/** Which rows are selected and which one the keyboard is on. Rows are remembered by id: their places change. */
export class Selection {
	#ids: ReadonlySet<string> = new Set();
	/** Where the keyboard is; null before it was ever in the grid. */
	active: number | null = null;
	activeId: string | null = null;
	/** Where a range begins. */
	#anchor: number | null = null;

	get ids(): ReadonlySet<string> {
		return this.#ids;
	}

	get anchor(): number {
		return this.#anchor ?? this.active ?? 0;
	}

	moveTo(place: number, id: string | null): void {
		this.active = place;
		this.activeId = id;
	}

	/** The row has moved: the range that begins on it begins there now. */
	followTo(place: number | null): void {
		if (this.#anchor === this.active) this.#anchor = place;
		this.active = place;
	}

	only(place: number, id: string): void {
		this.moveTo(place, id);
		this.#anchor = place;
		this.#ids = new Set([id]);
	}

	toggle(place: number, id: string): void {
		this.moveTo(place, id);
		this.#anchor = place;
		const ids = new Set(this.#ids);
		if (!ids.delete(id)) ids.add(id);
		this.#ids = ids;
	}

	replace(ids: readonly string[]): void {
		this.#ids = new Set(ids);
	}

	clear(): void {
		this.#ids = new Set();
		this.#anchor = null;
	}
}
