import { html, nothing } from "lit";
import { keyHelp, pressKey } from "./chartKeys";
import type { Topic } from "./chartsSession";
import "./chartsLegend";
import "./chartsToolbar";
import "./linesView";
import "./parallelView";
import "./scatterView";
import { SessionElement } from "./sessionElement";

/** Runs put on empty charts by the one button there. */
const newestCount = 5;

/** The whole panel. Lists and cards follow the session by themselves; this draws only the frame around them. */
export class ChartsApp extends SessionElement {
	protected override readonly topics: readonly Topic[] = ["state", "view", "full"];
	#isHelpOpen = false;
	#isScrollRestored = false;

	override connectedCallback(): void {
		super.connectedCallback();
		document.addEventListener("keydown", this.#key);
		document.addEventListener("scroll", this.#scrolled, { passive: true });
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		document.removeEventListener("keydown", this.#key);
		document.removeEventListener("scroll", this.#scrolled);
	}

	protected override render() {
		const { session } = this;
		const { state, view, full } = session;
		if (!state) return nothing;
		document.body.classList.toggle("one-full", full !== null);
		return html`<div class="top">
				<gamma-charts-toolbar .session=${session} @help=${() => this.#toggleHelp()}></gamma-charts-toolbar>
				<gamma-charts-legend .session=${session}></gamma-charts-legend>
			</div>
			<main id="charts-main" role="tabpanel" aria-labelledby="tab-${view.tab}">${state.runs.length === 0 ? this.#noRuns(state.totalRuns, state.isReading) : this.#tab()}</main>
			${this.#isHelpOpen ? this.#help() : nothing}`;
	}

	protected override updated(): void {
		if (this.#isScrollRestored || !this.session.state || this.session.state.metrics.length === 0) return;
		this.#isScrollRestored = true;
		const { scroll } = this.session.view;
		if (scroll > 0) requestAnimationFrame(() => window.scrollTo({ top: scroll, behavior: "instant" }));
	}

	#tab() {
		const { session } = this;
		switch (session.view.tab) {
			case "lines":
				return html`<gamma-charts-lines .session=${session}></gamma-charts-lines>`;
			case "parallel":
				return html`<gamma-charts-parallel .session=${session}></gamma-charts-parallel>`;
			case "scatter":
				return html`<gamma-charts-scatter .session=${session}></gamma-charts-scatter>`;
		}
	}

	#noRuns(total: number, isReading: boolean) {
		const { host } = this.session;
		if (total === 0) {
			return html`<div class="empty"><p>${isReading ? "Reading runs…" : "There are no runs yet. They appear here as soon as a training logs one."}</p>
				${isReading ? nothing : html`<button type="button" class="primary" @click=${() => void host.call("showRuns", undefined)}>Show the runs view</button>`}</div>`;
		}
		const count = Math.min(newestCount, total);
		return html`<div class="empty"><p>No run is on the charts.</p>
			<button type="button" class="primary" @click=${() => void host.call("checkNewest", { count })}>
				${count === 1 ? "Put the newest run on the charts" : `Put the ${count} newest runs on the charts`}
			</button></div>`;
	}

	#help() {
		return html`<div class="help" role="dialog" aria-modal="true" aria-label="Keys" tabindex="-1">
			<header><h2>Keys</h2><button type="button" class="icon" aria-label="Close" title="Close (Escape)" @click=${() => this.#toggleHelp()}><i class="codicon codicon-close"></i></button></header>
			<dl>${keyHelp.map(([keys, what]) => html`<dt><kbd>${keys}</kbd></dt><dd>${what}</dd>`)}</dl>
		</div>`;
	}

	#toggleHelp(): void {
		this.#isHelpOpen = !this.#isHelpOpen;
		this.requestUpdate();
		if (this.#isHelpOpen) void this.updateComplete.then(() => this.querySelector<HTMLElement>(".help button")?.focus());
	}

	readonly #key = (event: KeyboardEvent) => {
		if (event.defaultPrevented) return;
		if (this.#isHelpOpen && event.key === "Escape") this.#toggleHelp();
		else if (!pressKey(event, this.session, () => this.#toggleHelp())) return;
		event.preventDefault();
	};

	readonly #scrolled = () => {
		if (this.#isScrollRestored && this.session.full === null) this.session.rememberScroll(window.scrollY);
	};
}

customElements.define("gamma-charts", ChartsApp);
