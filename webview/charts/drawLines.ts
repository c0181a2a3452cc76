import type { Theme } from "../common/theme";
import type { DrawnLine } from "./chartLines";
import { drawMarks, drawRestarts, drawShapes } from "./drawMarks";
import { attemptsOf } from "./nearest";
import { type Pen, type Plot, type Projection, projectX, projectY } from "./plot";
import { strokeLine } from "./strokeLine";

/** How strong the raw line is behind its smoothed one, and any line beside a highlighted one. */
const rawAlpha = 0.28;
/** Raw lines of many runs lie over each other and would hide the smoothed ones. */
const crowdedRawAlpha = 0.14;
const crowdedFrom = 5;
const besideAlpha = 0.18;

/** Draws every line of a chart, clipped to its plot: bands behind, then raw, then strong lines, then marks. */
export function drawLines(
	pen: Pen,
	plot: Plot,
	lines: readonly DrawnLine[],
	theme: Theme,
	highlight: string | null,
): void {
	const x = projectX(plot);
	const y = projectY(plot);
	const isHighlit = ({ id, runKeys }: DrawnLine) =>
		highlight === id || (highlight !== null && runKeys.includes(highlight));
	const someHighlit = highlight !== null && lines.some(isHighlit);
	const alphaOf = (drawn: DrawnLine) => (someHighlit && !isHighlit(drawn) ? besideAlpha : 1);
	const colourOf = ({ kind, slot }: DrawnLine) => (kind === "baseline" ? theme.foreground : theme.runColour(slot));

	pen.save();
	pen.beginPath();
	pen.rect(plot.left, plot.top - 1, plot.right - plot.left, plot.bottom - plot.top + 2);
	pen.clip();
	// Round joins cost an arc per point, and mitres of a noisy line stick out of it.
	pen.lineJoin = "bevel";
	for (const drawn of lines) {
		pen.globalAlpha = alphaOf(drawn) * (theme.isHighContrast ? 0.35 : drawn.kind === "baseline" ? 0.14 : 0.2);
		pen.fillStyle = colourOf(drawn);
		if (drawn.line.low && drawn.line.high) fillBand(pen, plot, drawn, x, y);
	}
	for (const drawn of lines) {
		if (drawn.kind !== "baseline") continue;
		// Wide and pale: what the others are measured against, never mistaken for one of them.
		pen.globalAlpha = alphaOf(drawn) * (theme.isHighContrast ? 0.6 : 0.3);
		pen.strokeStyle = theme.foreground;
		pen.fillStyle = theme.foreground;
		pen.setLineDash([]);
		strokeLine(pen, drawn.line, drawn.line.smoothed ?? drawn.line.y, x, y, 5);
	}
	for (const drawn of lines) {
		if (drawn.kind === "baseline" || !drawn.line.smoothed) continue;
		pen.globalAlpha = alphaOf(drawn) * (lines.length >= crowdedFrom ? crowdedRawAlpha : rawAlpha);
		pen.strokeStyle = colourOf(drawn);
		// One device pixel: the thinnest line there is, and by far the quickest to draw.
		pen.fillStyle = colourOf(drawn);
		pen.setLineDash([]);
		strokeLine(pen, drawn.line, drawn.line.y, x, y, 1 / window.devicePixelRatio);
	}
	const strong = lines.filter(({ kind }) => kind !== "baseline");
	for (const drawn of someHighlit ? [...strong].sort((a, b) => Number(isHighlit(a)) - Number(isHighlit(b))) : strong) {
		const values = drawn.line.smoothed ?? drawn.line.y;
		pen.globalAlpha = alphaOf(drawn);
		pen.strokeStyle = colourOf(drawn);
		pen.fillStyle = colourOf(drawn);
		pen.setLineDash([...theme.runDash(drawn.slot)]);
		strokeLine(pen, drawn.line, values, x, y, someHighlit && isHighlit(drawn) ? 2.5 : 1.5);
		pen.setLineDash([]);
		if (theme.isHighContrast) drawShapes(pen, drawn, values, plot, x, y);
		drawRestarts(pen, drawn, values, x, y);
	}
	pen.restore();
	drawMarks(pen, plot, lines, theme, x);
}

function fillBand(pen: Pen, plot: Plot, { line }: DrawnLine, x: Projection, y: Projection): void {
	const { low, high } = line;
	if (!low || !high) return;
	for (const [from, to] of attemptsOf(line)) {
		pen.beginPath();
		let isOpen = false;
		for (let i = from; i < to; i++) {
			const px = x(line.x[i] as number);
			const py = y(high[i] as number);
			if (Number.isNaN(px) || Number.isNaN(py)) continue;
			if (isOpen) pen.lineTo(px, py);
			else pen.moveTo(px, py);
			isOpen = true;
		}
		for (let i = to - 1; i >= from; i--) {
			const px = x(line.x[i] as number);
			if (Number.isNaN(px) || Number.isNaN(y(high[i] as number))) continue;
			const py = y(low[i] as number);
			// A lower edge at or below 0 lies below every log axis.
			pen.lineTo(px, Number.isNaN(py) ? plot.bottom : py);
		}
		pen.closePath();
		pen.fill();
	}
}
