import type { ChartFrame } from "./chartFrame";
import { drawChart, drawKey, drawTitle, titleHeight } from "./drawChart";
import type { Pen } from "./plot";
import { SvgPen } from "./svgPen";

const keyRow = 16;

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
	return { width, height: titleHeight + height + (frame.picture?.lines.length ?? 0) * keyRow + 8 };
}

function draw(pen: Pen, frame: ChartFrame, title: string): void {
	const { picture, plot } = frame;
	if (!picture || !plot) return;
	drawTitle(pen, title, picture.theme, { x: plot.left, y: 0 });
	drawChart(pen, { picture, plot, ticks: frame.ticks() }, { x: 0, y: 0 });
	let y = titleHeight + frame.size.height + 6;
	for (const line of picture.lines) {
		drawKey(pen, line, line.name, picture.theme, { x: plot.left, y });
		y += keyRow;
	}
}
