import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { formatCount } from "../common/number";
import "./metricCard";
import { SessionElement } from "./sessionElement";
import { shownMetrics } from "./shownMetrics";

/** Cards of a section beyond this come in as the person scrolls: a thousand placeholders cost more than what is seen. */
const sectionPage = 60;

/** The Lines tab: pinned charts, then a section per prefix. */
export class LinesView extends SessionElement {
	#key = "";
	readonly #shown = new Map<string, number>();

	/** A live state changes revisions far more often than names: only names, search, pins and folds draw the list anew. */
	protected override shouldUpdate(): boolean {
		const { state, view, full } = this.session;
		const key = JSON.stringify([
			state?.metrics.map(({ name, runSet }) => [name, runSet]),
			state?.runSets,
			view.hideEmpty ? view.hidden : 0,
			view.search,
			view.pins,
			view.collapsed,
			view.columns,
			full,
			[...this.#shown],
		]);
		if (key === this.#key) return false;
		this.#key = key;
		return true;
	}

	protected override render() {
		const { state, view } = this.session;
		if (!state) return nothing;
		const { pinned, sections } = shownMetrics(state, view);
		if (pinned.length === 0 && sections.length === 0) return this.#nothingMatches(state.metrics.length);
		return html`${pinned.length > 0 ? this.#section("pinned", "Pinned", pinned) : nothing}
			${repeat(
				sections,
				({ name }) => name,
				({ name, metrics }) => this.#section(`section:${name}`, name || "Metrics", metrics),
			)}`;
	}

	#section(id: string, title: string, metrics: readonly string[]) {
		const isOpen = !this.session.view.collapsed.includes(id);
		const shown = this.#shown.get(id) ?? sectionPage;
		return html`<section class="metrics">
			<h2>
				<button type="button" class="section-title" aria-expanded=${isOpen} @click=${() => this.#toggle(id)}>
					<i class="codicon ${isOpen ? "codicon-chevron-down" : "codicon-chevron-right"}"></i>
					<span>${title}</span><span class="count">${formatCount(metrics.length)}</span>
				</button>
			</h2>
			${
				isOpen
					? html`<div class="cards columns-${this.session.view.columns}">
								${repeat(
									metrics.slice(0, shown),
									(name) => name,
									(name) =>
										html`<gamma-metric-card class="card" .session=${this.session} .metric=${name}></gamma-metric-card>`,
								)}
							</div>
							${
								metrics.length > shown
									? html`<button type="button" class="secondary more" @click=${() => this.#more(id, metrics.length)}>
											Show ${formatCount(metrics.length - shown)} more charts
										</button>`
									: nothing
							}`
					: nothing
			}
		</section>`;
	}

	protected override updated(): void {
		// What lies below comes in by itself when its button is reached by scrolling.
		for (const more of this.querySelectorAll<HTMLElement>(".more")) this.#arrivals.observe(more);
	}

	readonly #arrivals = new IntersectionObserver(
		(entries) => {
			for (const entry of entries)
				if (entry.isIntersecting && entry.target instanceof HTMLElement) entry.target.click();
		},
		{ rootMargin: "600px 0px" },
	);

	#more(id: string, total: number): void {
		this.#shown.set(id, Math.min(total, (this.#shown.get(id) ?? sectionPage) + sectionPage));
		this.requestUpdate();
	}

	#toggle(id: string): void {
		const { collapsed } = this.session.view;
		this.session.setView({
			collapsed: collapsed.includes(id) ? collapsed.filter((other) => other !== id) : [...collapsed, id],
		});
	}

	#nothingMatches(total: number) {
		const { view } = this.session;
		if (total === 0) {
			return html`<div class="empty"><p>The runs on the charts have logged no metric yet. New ones appear by themselves.</p></div>`;
		}
		if (view.search === "") {
			return html`<div class="empty"><p>Every run is hidden.</p>
				<button type="button" class="primary" @click=${() => this.session.setView({ hidden: [] })}>Show all runs</button></div>`;
		}
		return html`<div class="empty"><p>None of ${formatCount(total)} metrics matches “${view.search}”.</p>
			<button type="button" class="primary" @click=${() => this.session.setView({ search: "" })}>Clear the search</button></div>`;
	}
}

customElements.define("gamma-charts-lines", LinesView);
