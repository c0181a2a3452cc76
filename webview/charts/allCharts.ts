import type { ChartQuery } from "../../src/shared/chart";
import type { ChartsMetric, ChartsState, chartsCalls } from "../../src/shared/panels/chartsPanel";
import type { ChartsView } from "../../src/shared/panels/chartsView";
import type { Host } from "../common/host";
import { formatCount } from "../common/number";
import type { Theme } from "../common/theme";
import { formatX } from "./axisTicks";
import { cardNotes } from "./cardNotes";
import { ChartFrame } from "./chartFrame";
import { captionHeight, chartSize, columnsFor, gridMargin, layOutGrid, notesHeight } from "./chartGrid";
import { drawnLines, type LineSubject, subjectsOf, toLineQuery } from "./chartLines";
import { emptyWords, pictureOf } from "./chartPicture";
import { drawChart, drawKey, drawTitle, type Place, titleHeight } from "./drawChart";
import { fittedText } from "./fittedText";
import type { Pen } from "./plot";

/** What is drawn: as it was when the export began, whatever comes in or is clicked meanwhile. */
export interface ChartsScene {
	readonly host: Pick<Host<typeof chartsCalls>, "call">;
	readonly state: ChartsState;
	readonly view: ChartsView;
	readonly theme: Theme;
	/** In the order of the panel. */
	readonly metrics: readonly ChartsMetric[];
	isLogY(metric: string): boolean;
}

/** Lets the panel draw and answer. */
export function beat(): Promise<void> {
	return new Promise((done) => setTimeout(done, 0));
}

/** A picture of every chart, as a grid: asked for and drawn one by one, whether or not its card is on the screen. */
export class AllCharts {
	readonly #subjects: readonly LineSubject[];
	readonly #grid;

	constructor(private readonly scene: ChartsScene) {
		const { state, view, metrics } = scene;
		const subjects = metrics.flatMap((metric) => subjectsOf(state, view, metric));
		this.#subjects = [...new Map(subjects.map((subject) => [subject.id, subject])).values()];
		const columns = view.columns > 0 ? Math.min(view.columns, metrics.length) : columnsFor(metrics.length);
		this.#grid = layOutGrid(metrics.length, columns, this.#subjects.length, titleHeight);
	}

	get size(): { width: number; height: number } {
		const { width, height } = this.#grid;
		return { width, height };
	}

	/** Draws all of it; between two charts the panel has the time it needs. Throws what the host could not read. */
	async draw(pen: Pen, onChart: (drawn: number) => void): Promise<void> {
		const { metrics } = this.scene;
		this.#drawHead(pen);
		const frame = new ChartFrame(document.createElement("canvas"));
		frame.resize(chartSize.width, chartSize.height);
		try {
			for (const [index, metric] of metrics.entries()) {
				await this.#drawOne(pen, frame, metric, this.#grid.cardAt(index));
				onChart(index + 1);
				await beat();
			}
		} finally {
			frame.destroy();
		}
	}

	#drawHead(pen: Pen): void {
		const { theme, view, metrics } = this.scene;
		const words = [
			`${formatCount(metrics.length)} ${metrics.length === 1 ? "chart" : "charts"} over ${view.xAxis}`,
			...(view.smoothing > 0 ? [`smoothed by ${view.smoothing}, raw lines behind`] : []),
			...(view.zoom ? [`${formatX(view.xAxis, view.zoom[0])} – ${formatX(view.xAxis, view.zoom[1])} only`] : []),
			...(view.ignoreOutliers ? ["y axes fit the inner 95 % of the values"] : []),
		];
		pen.font = theme.font;
		pen.fillStyle = theme.faint;
		pen.textAlign = "left";
		const caption = fittedText(words.join(" · "), this.#grid.width - 2 * gridMargin, theme.font);
		pen.fillText(caption, gridMargin, gridMargin + captionHeight / 2);
		for (const [index, subject] of this.#subjects.entries()) {
			const name = fittedText(subject.name, this.#grid.keyNameWidth, theme.font);
			drawKey(pen, subject, name, theme, this.#grid.keyAt(index));
		}
	}

	async #drawOne(pen: Pen, frame: ChartFrame, metric: ChartsMetric, at: Place): Promise<void> {
		const { host, state, view, theme } = this.scene;
		const { name } = metric;
		const logY = this.scene.isLogY(name);
		const subjects = subjectsOf(state, view, metric);
		const query: ChartQuery = {
			metric: name,
			lines: subjects.map(toLineQuery),
			xAxis: view.xAxis,
			xRange: view.zoom,
			logX: view.logX,
			pixels: chartSize.width,
			smoothing: view.smoothing,
		};
		const lines = subjects.length === 0 ? [] : drawnLines(await host.call("chart", query), subjects);
		const picture = pictureOf(lines, logY, view.zoom, { state, view, theme, highlight: null });
		this.#drawBorder(pen, at);
		drawTitle(pen, fittedText(name, chartSize.width - 24, theme.font), theme, { x: at.x + 12, y: at.y });
		// Only the axes are laid out there: the lines go straight to where they belong.
		if (picture) frame.show({ ...picture, lines: [] });
		const { plot } = frame;
		if (picture && plot) drawChart(pen, { picture, plot, ticks: frame.ticks() }, at);
		pen.fillStyle = theme.faint;
		const words = picture ? null : (emptyWords(lines) ?? "No point can be shown on these axes.");
		pen.textAlign = "center";
		if (words !== null) {
			const middle = at.y + titleHeight + chartSize.height / 2;
			pen.fillText(fittedText(words, chartSize.width - 24, theme.font), at.x + chartSize.width / 2, middle);
		}
		pen.textAlign = "left";
		const wantedRuns = subjects.filter(({ kind }) => kind !== "baseline").length;
		const notes = fittedText(cardNotes(lines, { logY, wantedRuns }).text, chartSize.width - 24, theme.font);
		pen.fillText(notes, at.x + 12, at.y + titleHeight + chartSize.height + 13);
	}

	#drawBorder(pen: Pen, { x, y }: Place): void {
		pen.strokeStyle = this.scene.theme.grid;
		pen.lineWidth = 1;
		pen.beginPath();
		pen.rect(x + 0.5, y + 0.5, chartSize.width - 1, titleHeight + chartSize.height + notesHeight - 1);
		pen.stroke();
	}
}
