import type { ChartsMetric, ChartsState, chartsCalls } from "../../src/shared/panels/chartsPanel";
import { type ChartsView, initialChartsView, parseChartsView } from "../../src/shared/panels/chartsView";
import type { Host } from "../common/host";
import { readTheme, type Theme } from "../common/theme";
import type { Plot } from "./plot";
import { type PolicyMark, PolicyMarks } from "./policyMarks";

export type Topic = "state" | "view" | "cursor" | "highlight" | "theme" | "full";

/** Where the cursor stands, the same in all charts. */
export interface Cursor {
	/** In the x axis's unit. */
	readonly x: number;
	/** The chart whose pointer or keys moved it: it shows the values. */
	readonly metric: string;
	/** Pixels from the top of that chart, to say which line is nearest; null when moved by keys. */
	readonly py: number | null;
}

/** Long enough that a drag of a slider is kept once, short enough that a reload right after finds it. */
const keepAfterMs = 150;

/** What all parts of the charts panel share: the host's latest state, the person's view, the cursor. Announces changes by topic. */
export class ChartsSession {
	#state: ChartsState | null = null;
	#view: ChartsView;
	#cursor: Cursor | null = null;
	#highlight: string | null = null;
	#theme: Theme = readTheme();
	#full: string | null = null;
	#metrics = new Map<string, ChartsMetric>();
	/** Host's clock minus ours. */
	#clockLeadMs = 0;
	/** Key of the run whose line is nearest to the pointer. */
	pointed: string | null = null;
	#takenLink = 0;
	#keepTimer: ReturnType<typeof setTimeout> | undefined;
	/** Where the charted runs logged policies. */
	readonly policies: PolicyMarks;
	readonly #listeners = new Map<Topic, Set<() => void>>();

	constructor(readonly host: Host<typeof chartsCalls>) {
		this.#view = parseChartsView(host.kept ?? {});
		this.policies = new PolicyMarks(host, () => this.#fire("cursor"));
		// A reload may come before the timer: what is left to keep is kept on the way out.
		window.addEventListener("pagehide", () => this.#keepNow());
	}

	get state(): ChartsState | null {
		return this.#state;
	}

	get view(): ChartsView {
		return this.#view;
	}

	get cursor(): Cursor | null {
		return this.#cursor;
	}

	/** Key of the run whose line stands out. */
	get highlight(): string | null {
		return this.#highlight;
	}

	get theme(): Theme {
		return this.#theme;
	}

	/** The metric whose chart fills the panel. */
	get full(): string | null {
		return this.#full;
	}

	metric(name: string): ChartsMetric | undefined {
		return this.#metrics.get(name);
	}

	/** The host's time now. */
	get nowMs(): number {
		return Date.now() + this.#clockLeadMs;
	}

	on(topic: Topic, listener: () => void): () => void {
		const listeners = this.#listeners.get(topic) ?? new Set();
		this.#listeners.set(topic, listeners);
		listeners.add(listener);
		return () => listeners.delete(listener);
	}

	take(state: ChartsState): void {
		this.#state = state;
		this.#clockLeadMs = state.sentAtMs - Date.now();
		this.#metrics = new Map(state.metrics.map((metric) => [metric.name, metric]));
		const { wanted } = state;
		if (wanted && wanted.id !== this.#takenLink) {
			// A reload sends the same link again; what the person changed since is kept with its id.
			const kept = this.host.kept;
			const isTaken = typeof kept === "object" && kept !== null && "link" in kept && kept.link === wanted.id;
			this.#takenLink = wanted.id;
			if (!isTaken) this.setView(wanted.view);
		}
		this.policies.look(
			state.runs.map(({ key }) => key),
			Date.now(),
		);
		this.#fire("state");
	}

	setView(change: Partial<ChartsView>): void {
		this.#view = { ...this.#view, ...change };
		clearTimeout(this.#keepTimer);
		this.#keepTimer = setTimeout(() => this.#keepNow(), keepAfterMs);
		this.#fire("view");
	}

	/** Remembers without telling anyone: the scroll position. */
	rememberScroll(scroll: number): void {
		this.#view = { ...this.#view, scroll };
		clearTimeout(this.#keepTimer);
		this.#keepTimer = setTimeout(() => this.#keepNow(), keepAfterMs);
	}

	resetView(): void {
		const { tab, pins, collapsed } = this.#view;
		this.setView({ ...initialChartsView, tab, pins, collapsed });
	}

	setCursor(cursor: Cursor | null): void {
		this.#cursor = cursor;
		this.#fire("cursor");
	}

	/** The policy at the cursor of a chart, of the run that is nearest or stands out; null where none was logged. */
	policyAtCursor(): PolicyMark | null {
		const { view, cursor } = this;
		if (!cursor || view.xAxis !== "step") return null;
		const first = this.highlight ?? this.pointed;
		return this.policies.nearest(first === null ? this.#shown : [first, ...this.#shown], cursor.x);
	}

	/** The policy whose mark is under a place of a chart; null where none is. */
	policyAt(plot: Plot, px: number, py: number): PolicyMark | null {
		return this.view.xAxis === "step" ? this.policies.at(this.#shown, plot, px, py) : null;
	}

	get #shown(): readonly string[] {
		return this.state?.runs.map(({ key }) => key).filter((key) => !this.view.hidden.includes(key)) ?? [];
	}

	setHighlight(key: string | null): void {
		if (this.#highlight === key) return;
		this.#highlight = key;
		this.#fire("highlight");
	}

	setFull(metric: string | null): void {
		this.#full = metric;
		this.#fire("full");
	}

	toggleHidden(key: string): void {
		const { hidden } = this.#view;
		this.setView({ hidden: hidden.includes(key) ? hidden.filter((other) => other !== key) : [...hidden, key] });
	}

	isLogY(metric: string): boolean {
		return this.#view.logY !== this.#view.logYFlipped.includes(metric);
	}

	themeChanged(): void {
		this.#theme = readTheme();
		this.#fire("theme");
	}

	#keepNow(): void {
		clearTimeout(this.#keepTimer);
		this.host.keep({ ...this.#view, link: this.#takenLink });
	}

	#fire(topic: Topic): void {
		for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener();
	}
}
