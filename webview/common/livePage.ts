import { PageElement } from "./pageElement";
import { restoreScroll } from "./restoreScroll";

/** Ages tick by themselves, as fast as they are worded. */
const tickMs = 1000;

interface ScrolledSession {
	on(listener: () => void): () => void;
	readonly kept: { readonly scrollTop: number };
	keep(change: { scrollTop: number }): void;
}

/** A whole page about one thing: its ages tick, and its place is kept over a reload. */
export abstract class LivePage<Session extends ScrolledSession> extends PageElement<Session> {
	#ticking: ReturnType<typeof setInterval> | undefined;
	#restored = false;
	readonly #onScroll = () => this.session.keep({ scrollTop: window.scrollY });

	/** Whether there is something to show; before, no place can be restored. */
	protected abstract get isFilled(): boolean;

	override connectedCallback(): void {
		super.connectedCallback();
		this.#ticking = setInterval(() => this.isFilled && this.requestUpdate(), tickMs);
		window.addEventListener("scroll", this.#onScroll, { passive: true });
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		clearInterval(this.#ticking);
		window.removeEventListener("scroll", this.#onScroll);
	}

	protected override updated(): void {
		if (this.#restored || !this.isFilled) return;
		this.#restored = true;
		restoreScroll(this.session.kept.scrollTop);
	}
}
