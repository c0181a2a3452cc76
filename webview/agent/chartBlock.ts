import {
	BarController,
	BarElement,
	CategoryScale,
	Chart,
	type ChartConfiguration,
	type ChartType,
	LinearScale,
	LineController,
	LineElement,
	LogarithmicScale,
	PointElement,
	ScatterController,
	Tooltip,
	type TooltipItem,
} from "chart.js";
import { html, LitElement } from "lit";
import type { ChartBlock } from "../../src/shared/agent/agentView";
import { formatNumber } from "../common/number";
import { readTheme, type Theme } from "../common/theme";

Chart.register(LineController, BarController, ScatterController);
Chart.register(LineElement, BarElement, PointElement, CategoryScale, LinearScale, LogarithmicScale, Tooltip);

/** A chart of the agent's catalogue, in the theme's colours; drawn anew when the theme or its place's width changes. */
export class ChartBlockView extends LitElement {
	declare block: ChartBlock;
	static override properties = { block: { attribute: false } };
	#chart: Chart | undefined;
	readonly #onTheme = () => this.#draw();

	protected override createRenderRoot(): HTMLElement {
		return this;
	}

	override connectedCallback(): void {
		super.connectedCallback();
		document.addEventListener("gamma-theme", this.#onTheme);
		if (this.hasUpdated) this.#draw();
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		document.removeEventListener("gamma-theme", this.#onTheme);
		this.#chart?.destroy();
		this.#chart = undefined;
	}

	protected override render(): unknown {
		const { block } = this;
		return html`<div class="chart-place"><canvas role="img" aria-label=${summary(block)}></canvas></div>
			<ul class="legend">${block.series.map(({ label }, at) => html`<li><span class="swatch slot${at % 12}" aria-hidden="true"></span>${label}</li>`)}</ul>`;
	}

	protected override updated(): void {
		this.#draw();
	}

	#draw(): void {
		const canvas = this.querySelector("canvas");
		if (!canvas) return;
		const theme = readTheme();
		this.querySelectorAll<HTMLElement>(".swatch").forEach((swatch, at) => {
			swatch.style.background = theme.runColour(at);
		});
		this.#chart?.destroy();
		this.#chart = new Chart(canvas, configurationOf(this.block, theme));
	}
}

function configurationOf(block: ChartBlock, theme: Theme): ChartConfiguration {
	const axis = (text: string) => ({
		title: { display: text !== "", text, color: theme.faint },
		ticks: { color: theme.faint, font: { size: 11 }, maxTicksLimit: 6 },
		grid: { color: theme.grid },
		border: { color: theme.grid },
	});
	const style = (at: number) => ({
		borderColor: theme.runColour(at),
		backgroundColor: theme.runColour(at),
		borderDash: [...theme.runDash(at)],
		borderWidth: 1.5,
	});
	const options = {
		animation: false as const,
		responsive: true,
		maintainAspectRatio: false,
		font: { family: theme.font },
		interaction: { mode: "nearest" as const, axis: "x" as const, intersect: false },
		plugins: {
			tooltip: {
				backgroundColor: theme.background,
				titleColor: theme.foreground,
				bodyColor: theme.foreground,
				borderColor: theme.grid,
				borderWidth: 1,
				cornerRadius: 0,
				callbacks: {
					label: ({ dataset, parsed }: TooltipItem<ChartType>) =>
						`${dataset.label ?? ""} ${"y" in parsed && typeof parsed.y === "number" ? formatNumber(parsed.y) : ""}`,
				},
			},
		},
	};
	if (block.kind === "bars") {
		return {
			type: "bar",
			data: {
				labels: [...block.labels],
				datasets: block.series.map(({ label, values }, at) => ({
					label,
					data: [...values],
					...style(at),
					borderWidth: 0,
				})),
			},
			options: { ...options, scales: { x: axis(""), y: axis(block.yLabel) } },
		};
	}
	const x = { type: "linear" as const, ...axis(block.xLabel) };
	if (block.kind === "points") {
		return {
			type: "scatter",
			data: {
				datasets: block.series.map(({ label, points }, at) => ({
					label,
					data: points.map(([px, py]) => ({ x: px, y: py })),
					...style(at),
				})),
			},
			options: { ...options, scales: { x, y: axis(block.yLabel) } },
		};
	}
	return {
		type: "line",
		data: {
			datasets: block.series.map(({ label, x: steps, y }, at) => ({
				label,
				data: steps.map((step, i) => ({ x: step, y: y[i] ?? null })) as { x: number; y: number }[],
				pointRadius: steps.length > 1 ? 0 : 3,
				...style(at),
			})),
		},
		options: {
			...options,
			scales: { x, y: { type: block.isLogY ? ("logarithmic" as const) : ("linear" as const), ...axis(block.yLabel) } },
		},
	};
}

/** What a screen reader is told of it; its numbers are in the table. */
function summary({ title, kind, series }: ChartBlock): string {
	const words = { lines: "Line chart", bars: "Bar chart", points: "Scatter chart" };
	return `${words[kind]}: ${title}. ${series.length === 1 ? "1 series" : `${series.length} series`}: ${series.map(({ label }) => label).join(", ")}.`;
}

customElements.define("gamma-chart-block", ChartBlockView);
