import { Chart, LinearScale, type Plugin } from "chart.js";
import type { XAxis } from "../../src/shared/chart";
import type { Theme } from "../common/theme";
import { linearTicks, logTicks, type Tick, xTicks } from "./axisTicks";
import type { DrawnLine } from "./chartLines";
import { drawLines } from "./drawLines";
import type { Plot } from "./plot";
import type { Range } from "./ranges";

Chart.register(LinearScale);

/** All that a chart shows. */
export interface Picture {
	readonly lines: readonly DrawnLine[];
	readonly xAxis: XAxis;
	readonly xRange: Range;
	readonly yRange: Range;
	readonly logX: boolean;
	readonly logY: boolean;
	readonly highlight: string | null;
	readonly theme: Theme;
}

/**
 * One chart on a canvas. chart.js lays out and draws the axes; the lines are drawn straight from the answer's typed
 * arrays, without an element or an object per point, which is what makes 20 live charts cheap. On a log axis chart.js
 * is given logarithms (its own log scale refuses a range that touches 0) and the labels of the values.
 */
export class ChartFrame {
	readonly #chart: Chart;
	#picture: Picture | null = null;
	#axes = "";
	#theme: Theme | null = null;

	constructor(canvas: HTMLCanvasElement) {
		const lines: Plugin = {
			id: "gammaLines",
			afterDraw: (chart) => {
				const picture = this.#picture;
				if (picture) drawLines(chart.ctx, this.#plotOf(picture), picture.lines, picture.theme, picture.highlight);
			},
		};
		this.#chart = new Chart(canvas, {
			type: "scatter",
			data: { datasets: [] },
			options: {
				responsive: false,
				maintainAspectRatio: false,
				animation: false,
				parsing: false,
				normalized: true,
				events: [],
				devicePixelRatio: window.devicePixelRatio,
				layout: { padding: { top: 6, right: 10, bottom: 0, left: 2 } },
				scales: { x: this.#scale("x"), y: this.#scale("y") },
			},
			plugins: [lines],
		});
	}

	/** Shows a picture; without a change of the axes only the lines are drawn anew. */
	show(picture: Picture): void {
		this.#picture = picture;
		const { xAxis, xRange, yRange, logX, logY, theme } = picture;
		const axes = JSON.stringify([xAxis, xRange, yRange, logX, logY, theme.foreground, theme.grid, theme.font]);
		if (axes === this.#axes) {
			this.#chart.draw();
			return;
		}
		this.#axes = axes;
		const scales = this.#chart.options.scales ?? {};
		const set = (name: "x" | "y", [low, high]: Range, isLog: boolean) => {
			const scale = scales[name];
			if (!scale) return;
			scale.min = isLog ? Math.log10(low) : low;
			scale.max = isLog ? Math.log10(high) : high;
		};
		this.#paint(theme);
		set("x", xRange, logX);
		set("y", yRange, logY);
		this.#chart.update("none");
	}

	/** Fixed values instead of functions of the picture: chart.js resolves those for every tick. */
	#paint(theme: Theme): void {
		if (this.#theme === theme) return;
		this.#theme = theme;
		for (const scale of Object.values(this.#chart.options.scales ?? {})) {
			if (!scale?.grid || !scale.ticks) continue;
			scale.grid.color = theme.grid;
			scale.ticks.color = theme.faint;
			scale.ticks.font = { size: 11, family: theme.font.replace(/^\S+\s/, "") };
		}
	}

	resize(width: number, height: number): void {
		if (this.#chart.width === width && this.#chart.height === height) return;
		this.#chart.resize(width, height);
	}

	/** Where the axes lie now; null before the first picture. */
	get plot(): Plot | null {
		return this.#picture && this.#plotOf(this.#picture);
	}

	get picture(): Picture | null {
		return this.#picture;
	}

	get size(): { width: number; height: number } {
		return { width: this.#chart.width, height: this.#chart.height };
	}

	/** The ticks as they are drawn, for the exported picture. */
	ticks(): { x: Tick[]; y: Tick[] } {
		const picture = this.#picture;
		if (!picture) return { x: [], y: [] };
		return { x: this.#ticksOf("x", picture), y: this.#ticksOf("y", picture) };
	}

	destroy(): void {
		this.#chart.destroy();
	}

	#plotOf({ xRange, yRange, logX, logY }: Picture): Plot {
		const { left, right, top, bottom } = this.#chart.chartArea;
		return { left, right, top, bottom, xRange, yRange, logX, logY };
	}

	#ticksOf(name: "x" | "y", picture: Picture): Tick[] {
		const { width, height } = this.#chart;
		if (name === "y") {
			const [low, high] = picture.yRange;
			const count = Math.max(2, Math.floor(height / 42));
			return picture.logY ? logTicks(low, high, count) : linearTicks(low, high, count);
		}
		// A label of a time is wider than one of a step.
		const labelWidth = picture.xAxis === "step" || picture.xAxis === "epoch" ? 80 : 96;
		const count = Math.max(2, Math.floor(width / labelWidth));
		return xTicks(picture.xAxis, picture.logX, picture.xRange[0], picture.xRange[1], count);
	}

	#scale(name: "x" | "y") {
		let labels: string[] = [];
		return {
			type: "linear" as const,
			display: true,
			min: 0,
			max: 1,
			border: { display: false },
			grid: { color: "transparent", display: name === "y", tickLength: name === "x" ? 4 : 0 },
			afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
				const picture = this.#picture;
				if (!picture) return;
				const isLog = name === "x" ? picture.logX : picture.logY;
				const ticks = this.#ticksOf(name, picture);
				labels = ticks.map((tick) => tick.label);
				scale.ticks = ticks.map(({ value }) => ({ value: isLog ? Math.log10(value) : value }));
			},
			ticks: {
				autoSkip: false,
				maxRotation: 0,
				padding: name === "y" ? 6 : 2,
				color: "transparent",
				font: { size: 11 },
				callback: (_value: unknown, index: number) => labels[index] ?? "",
			},
		};
	}
}
