import {
	type RunPageAction,
	type RunPageKept,
	type RunPageState,
	type runCalls,
	runPageKept,
} from "../../src/shared/panels/runPanel";
import { Host } from "../common/host";

/** The page's one connection, its latest state, and what the person did to its view. Parts follow it and draw. */
export class RunSession {
	readonly host: Host<typeof runCalls>;
	#state: RunPageState | null = null;
	#kept: RunPageKept;
	/** The extension's clock minus this page's. */
	#clockMs = 0;
	#listeners = new Set<() => void>();
	#keeping: ReturnType<typeof setTimeout> | undefined;

	constructor() {
		this.host = new Host<typeof runCalls>((state) => this.#take(state));
		const kept = runPageKept.safeParse(this.host.kept);
		this.#kept = kept.success ? kept.data : runPageKept.parse({ key: "" });
	}

	get state(): RunPageState | null {
		return this.#state;
	}

	get kept(): RunPageKept {
		return this.#kept;
	}

	/** Now, by the clock that the run's times are read beside. */
	get nowMs(): number {
		return Date.now() + this.#clockMs;
	}

	on(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	keep(change: Partial<RunPageKept>): void {
		this.#kept = { ...this.#kept, ...change };
		this.#save();
		if (!("scrollTop" in change)) this.changed();
	}

	changed(): void {
		for (const listener of this.#listeners) listener();
	}

	act(action: RunPageAction): void {
		void this.host.call("act", { action });
	}

	#take(state: unknown): void {
		// Both ends are built from one contract; only the host can reach this page.
		this.#state = state as RunPageState;
		this.#clockMs = this.#state.hostNowMs - Date.now();
		if (this.#kept.key !== this.#state.key) {
			this.#kept = { ...this.#kept, key: this.#state.key };
			this.#save();
		}
		this.changed();
	}

	#save(): void {
		clearTimeout(this.#keeping);
		// A filter is typed and a page scrolled faster than it need be written.
		this.#keeping = setTimeout(() => this.host.keep(this.#kept), 100);
	}
}
