import type { ChartFrame } from "./chartFrame";
import type { Cursor } from "./chartsSession";
import { drawPolicyMarks } from "./drawPolicyMarks";
import { nearestIndex } from "./nearest";
import { projectX, projectY } from "./plot";
import type { PolicyMarks } from "./policyMarks";
import type { Range } from "./ranges";

/** Draws what moves with the pointer on a canvas of its own, so that the lines below need not be drawn again. */
export function drawOverlay(
	canvas: HTMLCanvasElement,
	frame: ChartFrame,
	cursor: Cursor | null,
	selection: Range | null,
	policies: PolicyMarks,
): void {
	const pen = canvas.getContext("2d");
	const { width, height } = frame.size;
	const ratio = window.devicePixelRatio;
	if (!pen) return;
	if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
		canvas.width = Math.round(width * ratio);
		canvas.height = Math.round(height * ratio);
	}
	pen.setTransform(ratio, 0, 0, ratio, 0, 0);
	pen.clearRect(0, 0, width, height);
	const { plot, picture } = frame;
	if (!plot || !picture) return;
	const { theme } = picture;
	drawPolicyMarks(pen, frame, policies);
	if (selection) {
		pen.fillStyle = theme.focus;
		pen.globalAlpha = 0.2;
		pen.fillRect(selection[0], plot.top, selection[1] - selection[0], plot.bottom - plot.top);
		pen.globalAlpha = 1;
		pen.strokeStyle = theme.focus;
		pen.strokeRect(selection[0] + 0.5, plot.top, selection[1] - selection[0], plot.bottom - plot.top);
	}
	if (!cursor) return;
	const x = projectX(plot);
	const y = projectY(plot);
	const px = x(cursor.x);
	if (!(px >= plot.left - 0.5 && px <= plot.right + 0.5)) return;
	pen.strokeStyle = theme.faint;
	pen.lineWidth = 1;
	pen.setLineDash(theme.isHighContrast ? [4, 2] : []);
	pen.beginPath();
	pen.moveTo(Math.round(px) + 0.5, plot.top);
	pen.lineTo(Math.round(px) + 0.5, plot.bottom);
	pen.stroke();
	pen.setLineDash([]);
	for (const { line, slot, kind } of picture.lines) {
		const index = nearestIndex(line, cursor.x);
		if (index < 0) continue;
		const dotX = x(line.x[index] ?? Number.NaN);
		const dotY = y((line.smoothed ?? line.y)[index] ?? Number.NaN);
		if (Number.isNaN(dotX) || Number.isNaN(dotY) || Math.abs(dotX - px) > 24) continue;
		if (dotY < plot.top - 1 || dotY > plot.bottom + 1) continue;
		pen.beginPath();
		pen.arc(dotX, dotY, 3.5, 0, Math.PI * 2);
		pen.fillStyle = kind === "baseline" ? theme.foreground : theme.runColour(slot);
		pen.fill();
		pen.lineWidth = 1.5;
		pen.strokeStyle = theme.background;
		pen.stroke();
	}
}
