import type { ChartFrame } from "./chartFrame";
import { drawLines } from "./drawLines";
import { type Pen, projectX, projectY } from "./plot";
import { SvgPen } from "./svgPen";

/** Room for the title above and the names below, in pixels. */
const titleHeight = 26;
const legendRow = 16;

/** The chart as a picture of its own: with its title and the names of its lines. Twice the screen's pixels for print. */
export async function toPng(frame: ChartFrame, title: string): Promise<string> {
	const size = fullSize(frame);
	const scale = Math.max(2, window.devicePixelRatio);
	const canvas = document.createElement("canvas");
	canvas.width = Math.round(size.width * scale);
	canvas.height = Math.round(size.height * scale);
	const pen = canvas.getContext("2d");
	if (!pen) return "";
	pen.scale(scale, scale);
	pen.fillStyle = frame.picture?.theme.background ?? "#fff";
	pen.fillRect(0, 0, size.width, size.height);
	draw(pen, frame, title);
	return canvas.toDataURL("image/png").replace(/^data:image\/png;base64,/, "");
}

export function toSvg(frame: ChartFrame, title: string): string {
	const size = fullSize(frame);
	const pen = new SvgPen();
	draw(pen, frame, title);
	return pen.toSvg(size.width, size.height, frame.picture?.theme.background ?? "#fff", title);
}

function fullSize(frame: ChartFrame): { width: number; height: number } {
	const { width, height } = frame.size;
	return { width, height: titleHeight + height + (frame.picture?.lines.length ?? 0) * legendRow + 8 };
}

function draw(pen: Pen, frame: ChartFrame, title: string): void {
	const { picture, plot: onScreen, size } = frame;
	if (!picture || !onScreen) return;
	const { theme, lines } = picture;
	const plot = { ...onScreen, top: onScreen.top + titleHeight, bottom: onScreen.bottom + titleHeight };
	const x = projectX(plot);
	const y = projectY(plot);
	pen.font = theme.font;
	pen.fillStyle = theme.foreground;
	pen.textAlign = "left";
	pen.fillText(title, plot.left, 17);
	pen.lineWidth = 1;
	const ticks = frame.ticks();
	for (const { value, label } of ticks.y) {
		pen.strokeStyle = theme.grid;
		pen.beginPath();
		pen.moveTo(plot.left, y(value));
		pen.lineTo(plot.right, y(value));
		pen.stroke();
		pen.fillStyle = theme.faint;
		pen.textAlign = "right";
		pen.fillText(label, plot.left - 6, y(value) + 4);
	}
	pen.textAlign = "center";
	for (const { value, label } of ticks.x) pen.fillText(label, x(value), plot.bottom + 16);
	drawLines(pen, plot, lines, theme, null);
	let top = titleHeight + size.height + 6;
	for (const { name, slot, kind } of lines) {
		pen.strokeStyle = kind === "baseline" ? theme.foreground : theme.runColour(slot);
		pen.globalAlpha = kind === "baseline" ? 0.4 : 1;
		pen.lineWidth = kind === "baseline" ? 5 : 2;
		pen.setLineDash([...theme.runDash(slot)]);
		pen.beginPath();
		pen.moveTo(plot.left, top);
		pen.lineTo(plot.left + 24, top);
		pen.stroke();
		pen.globalAlpha = 1;
		pen.fillStyle = theme.foreground;
		pen.textAlign = "left";
		pen.fillText(name, plot.left + 32, top + 4);
		top += legendRow;
	}
}
