import type { Theme } from "../common/theme";
import type { DrawnLine } from "./chartLines";
import { drawMarks, drawRestarts, drawShapes } from "./drawMarks";
import { attemptsOf } from "./nearest";
import { type Pen, type Plot, type Projection, projectX, projectY } from "./plot";

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
	pen.lineJoin = "round";
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
		pen.lineWidth = 5;
		pen.setLineDash([]);
		strokeValues(pen, drawn, drawn.line.smoothed ?? drawn.line.y, x, y);
	}
	for (const drawn of lines) {
		if (drawn.kind === "baseline" || !drawn.line.smoothed) continue;
		pen.globalAlpha = alphaOf(drawn) * (lines.length >= crowdedFrom ? crowdedRawAlpha : rawAlpha);
		pen.strokeStyle = colourOf(drawn);
		pen.lineWidth = 1;
		pen.setLineDash([]);
		strokeValues(pen, drawn, drawn.line.y, x, y);
	}
	const strong = lines.filter(({ kind }) => kind !== "baseline");
	for (const drawn of someHighlit ? [...strong].sort((a, b) => Number(isHighlit(a)) - Number(isHighlit(b))) : strong) {
		const values = drawn.line.smoothed ?? drawn.line.y;
		pen.globalAlpha = alphaOf(drawn);
		pen.strokeStyle = colourOf(drawn);
		pen.fillStyle = colourOf(drawn);
		pen.lineWidth = someHighlit && isHighlit(drawn) ? 2.5 : 1.5;
		pen.setLineDash([...theme.runDash(drawn.slot)]);
		strokeValues(pen, drawn, values, x, y);
		pen.setLineDash([]);
		drawLonePoints(pen, drawn, values, x, y);
		if (theme.isHighContrast) drawShapes(pen, drawn, values, plot, x, y);
		drawRestarts(pen, drawn, values, x, y);
	}
	pen.restore();
	drawMarks(pen, plot, lines, theme, x);
}

/** One path, broken at gaps and where an attempt begins. */
function strokeValues(pen: Pen, { line }: DrawnLine, values: Float64Array, x: Projection, y: Projection): void {
	const xs = line.x;
	let nextBreak = 0;
	let isDown = false;
	pen.beginPath();
	for (let i = 0; i < xs.length; i++) {
		if (i === line.breaks[nextBreak]) {
			nextBreak++;
			isDown = false;
		}
		const px = x(xs[i] as number);
		const py = y(values[i] as number);
		// NaN is neither: a gap, or a value that a log axis cannot show.
		if (!(px - px === 0 && py - py === 0)) {
			isDown = false;
		} else if (isDown) {
			pen.lineTo(px, py);
		} else {
			pen.moveTo(px, py);
			isDown = true;
		}
	}
	pen.stroke();
}

/** A point with a gap on either side has no line to be seen by. */
function drawLonePoints(pen: Pen, { line }: DrawnLine, values: Float64Array, x: Projection, y: Projection): void {
	for (const [from, to] of attemptsOf(line)) {
		for (let i = from; i < to; i++) {
			const py = y(values[i] as number);
			if (Number.isNaN(py)) continue;
			const before = i > from && !Number.isNaN(y(values[i - 1] as number));
			const after = i + 1 < to && !Number.isNaN(y(values[i + 1] as number));
			if (before || after) continue;
			const px = x(line.x[i] as number);
			if (Number.isNaN(px)) continue;
			pen.beginPath();
			pen.arc(px, py, 3, 0, Math.PI * 2);
			pen.fill();
		}
	}
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
