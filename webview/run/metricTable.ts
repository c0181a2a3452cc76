import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Extreme, RunPageRun } from "../../src/shared/panels/runPanel";
import { formatCount, formatNumber } from "../common/number";
import { passesFilter, section } from "../common/section";
import { readTheme } from "../common/theme";
import { MetricSummaries } from "./metricSummaries";
import { RunElement } from "./runElement";
import { sparkline } from "./sparkline";

/** Rows drawn at first, and more on request: a run may have 12,000 metrics. */
const rowsAtFirst = 60;

/** The run's metrics: last, smallest and greatest value with their steps, and the curve. System metrics fold away below. */
export class MetricTable extends RunElement {
	#shown: Record<string, number> = {};
	#summaries: MetricSummaries | undefined;
	#watcher: IntersectionObserver | undefined;

	override connectedCallback(): void {
		super.connectedCallback();
		this.#watcher = new IntersectionObserver((entries) => {
			for (const entry of entries) {
				const name = entry.target instanceof HTMLElement ? entry.target.dataset.metric : undefined;
				if (name !== undefined) this.#curves.setVisible(name, entry.isIntersecting);
			}
		});
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.#watcher?.disconnect();
	}

	protected override updated(changed: PropertyValues): void {
		super.updated(changed);
		// Observed anew, every row reports again whether it is on screen; those that are gone do not.
		this.#watcher?.disconnect();
		this.#curves.forgetVisible();
		for (const row of this.querySelectorAll("[data-metric]")) this.#watcher?.observe(row);
	}

	protected override render(): unknown {
		const run = this.session.state?.run;
		if (!run) return nothing;
		const system = run.metrics.filter(([name]) => name.startsWith("system/"));
		const own = run.metrics.filter(([name]) => !name.startsWith("system/"));
		return html`${this.#section(run, "metrics", "Metrics", own)}
		${system.length > 0 ? this.#section(run, "system", "System metrics", system) : nothing}`;
	}

	/** Made on first use: the session is a property, set after construction. */
	get #curves(): MetricSummaries {
		this.#summaries ??= new MetricSummaries(this.session, () => this.requestUpdate());
		return this.#summaries;
	}

	#section(run: RunPageRun, id: string, title: string, metrics: RunPageRun["metrics"]): TemplateResult {
		return section(this.session, id, {
			title,
			note: formatCount(metrics.length),
			folded: id === "system",
			...(metrics.length > 8 && { filter: `Filter ${title.toLowerCase()}` }),
			body: () => this.#table(run, id, title, metrics),
		});
	}

	#table(run: RunPageRun, id: string, title: string, all: RunPageRun["metrics"]): unknown {
		if (all.length === 0)
			return html`<p class="empty">No metric was logged${run.status === "RUNNING" ? " yet" : ""}.</p>`;
		const metrics = all.filter(([name]) => passesFilter(this.session, id, name));
		if (metrics.length === 0) return html`<p class="empty">No metric passes the filter.</p>`;
		const count = this.#shown[id] ?? rowsAtFirst;
		const rest = metrics.length - count;
		const more = () => {
			this.#shown = { ...this.#shown, [id]: count + 500 };
			this.requestUpdate();
		};
		const colour = readTheme().runColour(run.colour);
		return html`<div class="metrics" role="table" aria-label=${title} aria-rowcount=${metrics.length + 1}>
			<div class="metric-row metric-head" role="row">
				${["Name", "Last", "Min", "Max"].map((name) => html`<span role="columnheader">${name}</span>`)}
				<span role="columnheader" class="spark-cell">Curve</span>
			</div>
			${repeat(
				metrics.slice(0, count),
				([name]) => name,
				([name, last]) => this.#row(name, last, colour),
			)}
		</div>
		${rest > 0 ? html`<button type="button" class="link more" @click=${more}>${formatCount(rest)} more</button>` : nothing}`;
	}

	#row(name: string, last: number, colour: string): TemplateResult {
		const summary = this.#curves.of(name);
		return html`<div class="metric-row" role="row" data-metric=${name}>
			<span role="cell" class="metric-name" title=${name}><bdi>${name}</bdi></span>
			<span role="cell" class="number" title=${String(last)}>${formatNumber(last)}</span>
			<span role="cell" class="number extreme">${extreme(summary?.min, "min")}</span>
			<span role="cell" class="number extreme">${extreme(summary?.max, "max")}</span>
			<span role="cell" class="spark-cell">
				${
					summary?.problem
						? html`<span class="problem-words" title=${summary.problem}><span class="codicon codicon-warning" aria-hidden="true"></span>not read</span>`
						: summary
							? html`${sparkline(summary, colour)}<span class="spoken">${formatCount(summary.points)} points</span>`
							: nothing
				}
			</span>
		</div>`;
	}
}

function extreme(found: Extreme | null | undefined, word: string): unknown {
	if (!found) return found === null ? "–" : nothing;
	return html`<span class="narrow-word">${word} </span><span title="${found.value} at step ${found.step}">${formatNumber(found.value)}</span>
		<span class="at-step">@${formatCount(found.step)}</span>`;
}

customElements.define("gamma-metric-table", MetricTable);
