import type { Theme } from "../common/theme";
import type { Tick } from "./axisTicks";
import type { Picture } from "./chartFrame";
import type { LineSubject } from "./chartLines";
import { drawLines } from "./drawLines";
import { type Pen, type Plot, projectX, projectY } from "./plot";

/** Room for the title above an exported chart, in pixels. */
export const titleHeight = 26;

export interface Place {
	readonly x: number;
	readonly y: number;
}

export interface LaidOutChart {
	readonly picture: Picture;
	/** Where the axes lie in the chart, its title aside. */
	readonly plot: Plot;
	readonly ticks: { readonly x: readonly Tick[]; readonly y: readonly Tick[] };
}

/** Axes and lines below the room for a title, its upper left corner at `at`: what is exported, alone or in a grid. */
export function drawChart(pen: Pen, { picture, plot: onScreen, ticks }: LaidOutChart, at: Place): void {
	const { theme, lines } = picture;
	const plot = {
		...onScreen,
		left: onScreen.left + at.x,
		right: onScreen.right + at.x,
		top: onScreen.top + at.y + titleHeight,
		bottom: onScreen.bottom + at.y + titleHeight,
	};
	const x = projectX(plot);
	const y = projectY(plot);
	pen.font = theme.font;
	pen.lineWidth = 1;
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
	pen.fillStyle = theme.faint;
	pen.textAlign = "center";
	for (const { value, label } of ticks.x) pen.fillText(label, x(value), plot.bottom + 16);
	drawLines(pen, plot, lines, theme, null);
}

export function drawTitle(pen: Pen, title: string, theme: Theme, at: Place): void {
	pen.font = theme.font;
	pen.fillStyle = theme.foreground;
	pen.textAlign = "left";
	pen.fillText(title, at.x, at.y + 17);
}

/** A stroke as the line is drawn, and its name beside it; `at.y` is their middle. */
export function drawKey(pen: Pen, { slot, kind }: LineSubject, name: string, theme: Theme, at: Place): void {
	pen.strokeStyle = kind === "baseline" ? theme.foreground : theme.runColour(slot);
	pen.globalAlpha = kind === "baseline" ? 0.4 : 1;
	pen.lineWidth = kind === "baseline" ? 5 : 2;
	pen.setLineDash(kind === "baseline" ? [] : [...theme.runDash(slot)]);
	pen.beginPath();
	pen.moveTo(at.x, at.y);
	pen.lineTo(at.x + 24, at.y);
	pen.stroke();
	pen.globalAlpha = 1;
	pen.setLineDash([]);
	pen.fillStyle = theme.foreground;
	pen.textAlign = "left";
	pen.fillText(name, at.x + 32, at.y + 4);
}
