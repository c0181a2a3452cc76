import { formatNumber } from "../common/number";
import type { Theme } from "../common/theme";
import type { Trace } from "./trace";

/** Seconds that a plot shows of a time without an end. */
const usualSpanS = 10;
const left = 44;
const bottom = 14;

/** Draws a trace's lines on a canvas: all of a timeline that ends, or the last seconds of one that does not. */
export function drawTrace(canvas: HTMLCanvasElement, trace: Trace, theme: Theme, endS: number | null = null): void {
	const spanS = Math.max(1e-3, endS ?? usualSpanS);
	const ratio = window.devicePixelRatio;
	const { clientWidth: width, clientHeight: height } = canvas;
	canvas.width = Math.max(1, Math.round(width * ratio));
	canvas.height = Math.max(1, Math.round(height * ratio));
	const pen = canvas.getContext("2d");
	if (!pen || width < left * 2) return;
	pen.setTransform(ratio, 0, 0, ratio, 0, 0);
	pen.font = theme.font;
	const lines = trace.labels.map((_, label) => trace.points(label, spanS));
	const values = lines.flat().flatMap(([, value]) => (Number.isFinite(value) ? [value] : []));
	const last = lines[0]?.at(-1)?.[0] ?? 0;
	const first = Math.max(0, last - spanS);
	let low = Math.min(...values, Number.POSITIVE_INFINITY);
	let high = Math.max(...values, Number.NEGATIVE_INFINITY);
	if (!(low <= high)) [low, high] = [0, 1];
	const margin = (high - low) * 0.06 || Math.abs(high) * 0.1 || 0.5;
	[low, high] = [low - margin, high + margin];
	const x = (time: number) => left + ((time - first) / spanS) * (width - left - 2);
	const y = (value: number) => 2 + (1 - (value - low) / (high - low)) * (height - bottom - 4);
	pen.strokeStyle = theme.grid;
	pen.fillStyle = theme.faint;
	pen.textBaseline = "middle";
	pen.textAlign = "right";
	for (const share of [0.1, 0.5, 0.9]) {
		const value = low + share * (high - low);
		pen.beginPath();
		pen.moveTo(left, Math.round(y(value)) + 0.5);
		pen.lineTo(width, Math.round(y(value)) + 0.5);
		pen.stroke();
		pen.fillText(formatNumber(Number(value.toPrecision(3))), left - 4, y(value));
	}
	pen.textBaseline = "bottom";
	pen.textAlign = "left";
	pen.fillText(`${first.toFixed(1)} s`, left, height);
	pen.textAlign = "right";
	pen.fillText(`${(first + spanS).toFixed(1)} s`, width, height);
	for (const [slot, line] of lines.entries()) {
		pen.strokeStyle = theme.runColour(slot);
		pen.lineWidth = 1.5;
		pen.setLineDash([...theme.runDash(slot)]);
		pen.beginPath();
		for (const [time, value] of line) pen.lineTo(x(time), y(value));
		pen.stroke();
	}
	pen.setLineDash([]);
}
