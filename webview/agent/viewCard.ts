import { html, LitElement, nothing, type TemplateResult } from "lit";
import {
	type ChartBlock,
	type Receipt,
	readAgentView,
	type ShownBlock,
	type TableBlock,
} from "../../src/shared/agent/agentView";
import type { Part } from "../../src/shared/agent/conversation";
import { formatAge, formatCount, formatNumber } from "../common/number";
import type { AgentSession } from "./agentSession";
import "./answerText";
import "./chartBlock";
import "./formBlock";

/** A view that the agent described, drawn from the fixed catalogue, each block with its receipt. */
export class ViewCard extends LitElement {
	declare session: AgentSession;
	declare shown: Extract<Part, { kind: "view" }>;
	/** When runs were last written to; another object each time one was. */
	declare signs: Readonly<Record<string, number>> | undefined;
	static override properties = {
		session: { attribute: false },
		shown: { attribute: false },
		signs: { attribute: false },
	};
	#readOf: unknown;
	#blocks: readonly ShownBlock[] = [];

	protected override createRenderRoot(): HTMLElement {
		return this;
	}

	protected override render(): unknown {
		if (this.#readOf !== this.shown.view) {
			this.#readOf = this.shown.view;
			this.#blocks = readAgentView(this.shown.view);
		}
		return html`<section class="view" aria-label=${this.shown.title || "View"}>
			${this.shown.title ? html`<h3>${this.shown.title}</h3>` : nothing} ${this.#blocks.map((block, at) => this.#block(block, at))}
		</section>`;
	}

	#block(block: ShownBlock, at: number): unknown {
		const { session } = this;
		switch (block.kind) {
			case "unknown":
				return html`<p class="quiet unknown-block"><span class="codicon codicon-info" aria-hidden="true"></span>${block.sentence}</p>`;
			case "text":
				return html`<gamma-answer .text=${block.text} .onLink=${(href: string) => session.host.openLink(href)}
					.onCopy=${(code: string) => session.host.copy(code)}
					.onApply=${(code: string, path: string | null) => void session.ask(session.host.callPatiently("apply", { code, path }))}></gamma-answer>`;
			case "form":
				return html`<gamma-form .session=${session} .form=${block}></gamma-form>`;
			case "figures":
				return html`<figure class="block">${caption(block.title)}
					<dl class="figures">${block.figures.map(
						({ label, value, note }) =>
							html`<div><dt>${label}</dt><dd>${shown(value)}</dd>${note ? html`<dd class="quiet">${note}</dd>` : nothing}</div>`,
					)}</dl>${this.#receipt(block.receipt, null)}</figure>`;
			case "table":
				return html`<figure class="block">${caption(block.title)} ${table(block)} ${this.#receipt(block.receipt, null)}</figure>`;
			case "lines":
			case "bars":
			case "points":
				return this.#chart(block, at);
		}
	}

	#chart(block: ChartBlock, at: number): TemplateResult {
		const key = `${this.shown.id}/table/${at}`;
		const isTable = this.session.isOpen(key);
		return html`<figure class="block">
			<figcaption class="block-head">
				<h4>${block.title}</h4>
				<button type="button" class="quiet-button" aria-pressed=${isTable} title=${isTable ? "Show as a chart" : "Show as a table"}
					@click=${() => {
						this.session.toggle(key);
						this.requestUpdate();
					}}>
					<span class="codicon codicon-${isTable ? "graph-line" : "table"}" aria-hidden="true"></span>${isTable ? "Chart" : "Table"}
				</button>
			</figcaption>
			${isTable ? table(tableOf(block)) : html`<gamma-chart-block .block=${block}></gamma-chart-block>`}
			${this.#receipt(block.receipt, block.kind === "lines" ? block.metric : null)}
		</figure>`;
	}

	#receipt(receipt: Receipt | null, metric: string | null): TemplateResult {
		if (!receipt) return html`<p class="receipt warn">Without a receipt: the numbers are the model's own words.</p>`;
		const { query, runs, pointCount, readAtMs } = receipt;
		const isStale = runs.some(({ key }) => (this.signs?.[key] ?? 0) > readAtMs);
		const names = runs.length > 3 ? `${runs.length} runs` : runs.map(({ name }) => name).join(", ");
		return html`<p class="receipt">
			<span title=${runs.map(({ name }) => name).join("\n")}>${query} · ${names} · ${formatCount(pointCount)} points · read ${formatAge(this.session.nowMs - readAtMs)} ago</span>
			${isStale ? html`<span class="warn"><span class="codicon codicon-history" aria-hidden="true"></span>stale: the runs have moved on</span>` : nothing}
			${
				runs.length > 0
					? html`<button type="button" class="link" @click=${() => this.session.ask(this.session.host.call("openChart", { runs: runs.map(({ key }) => key), metric }))}>Open as chart</button>`
					: nothing
			}
		</p>`;
	}
}

function caption(title: string): TemplateResult {
	return html`<figcaption class="block-head"><h4>${title}</h4></figcaption>`;
}

function shown(value: string | number | null): string {
	return value === null ? "—" : typeof value === "number" ? formatNumber(value) : value;
}

function table({ title, columns, rows }: Pick<TableBlock, "title" | "columns" | "rows">): TemplateResult {
	return html`<div class="table-frame" tabindex="0" role="region" aria-label="Table: ${title}">
		<table><thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
			<tbody>${rows.map((row) => html`<tr>${columns.map((_, at) => html`<td class=${typeof row[at] === "number" ? "number" : ""}>${shown(row[at] ?? null)}</td>`)}</tr>`)}</tbody>
		</table>
	</div>`;
}

const mostRows = 200;

/** The chart's own numbers, for who reads rather than looks. */
function tableOf(block: ChartBlock): Pick<TableBlock, "title" | "columns" | "rows"> {
	const { title } = block;
	if (block.kind === "bars") {
		const columns = ["", ...block.series.map(({ label }) => label)];
		return {
			title,
			columns,
			rows: block.labels.map((label, at) => [label, ...block.series.map(({ values }) => values[at] ?? null)]),
		};
	}
	const points =
		block.kind === "points"
			? block.series.flatMap(({ label, points }) => points.map(([x, y]) => [label, x, y]))
			: block.series.flatMap(({ label, x, y }) => x.map((step, at) => [label, step, y[at] ?? null]));
	return { title, columns: ["series", block.xLabel || "x", block.yLabel || "y"], rows: points.slice(0, mostRows) };
}

customElements.define("gamma-view", ViewCard);
