import type { Contract } from "../../src/shared/call";
import { Host } from "./host";

/** The page's one connection, its latest state, and what the person did to its view. Parts follow it and draw. */
export abstract class PageSession<
	C extends Contract,
	State extends { readonly hostNowMs: number },
	Kept extends { readonly scrollTop: number },
> {
	readonly host: Host<C>;
	#state: State | null = null;
	#kept: Kept;
	/** The extension's clock minus this page's. */
	#clockMs = 0;
	#listeners = new Set<() => void>();
	#keeping: ReturnType<typeof setTimeout> | undefined;

	constructor() {
		this.host = new Host<C>((state) => this.#take(state));
		this.#kept = this.parseKept(this.host.kept);
	}

	/** What was kept, or what a new page keeps where that is of another shape. */
	protected abstract parseKept(kept: unknown): Kept;
	/** What is kept once this state is shown: which page it is. */
	protected abstract keptOf(state: State, kept: Kept): Kept;

	get state(): State | null {
		return this.#state;
	}

	get kept(): Kept {
		return this.#kept;
	}

	/** Now, by the clock that the page's times are read beside. */
	get nowMs(): number {
		return Date.now() + this.#clockMs;
	}

	on(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	keep(change: Partial<Kept>): void {
		this.#kept = { ...this.#kept, ...change };
		this.#save();
		if (!("scrollTop" in change)) this.changed();
	}

	changed(): void {
		for (const listener of this.#listeners) listener();
	}

	#take(state: unknown): void {
		// Both ends are built from one contract; only the host can reach this page.
		const taken = state as State;
		this.#state = taken;
		this.#clockMs = taken.hostNowMs - Date.now();
		const kept = this.keptOf(taken, this.#kept);
		if (kept !== this.#kept) {
			this.#kept = kept;
			// At once: what a page shows is what a window that is closed now comes back with.
			this.host.keep(kept);
		}
		this.changed();
	}

	#save(): void {
		clearTimeout(this.#keeping);
		// A filter is typed and a page scrolled faster than it need be written.
		this.#keeping = setTimeout(() => this.host.keep(this.#kept), 100);
	}
}
