import type { Theme } from "../common/theme";
import type { DrawnLine } from "./chartLines";
import type { Pen, Plot, Projection } from "./plot";

/** Where an attempt begins: a short upright stroke across the line. */
export function drawRestarts(pen: Pen, { line }: DrawnLine, values: Float64Array, x: Projection, y: Projection): void {
	if (line.breaks.length === 0) return;
	pen.lineWidth = 2;
	pen.beginPath();
	for (const index of line.breaks) {
		const px = x(line.x[index] ?? Number.NaN);
		const py = y(values[index] ?? Number.NaN);
		if (Number.isNaN(px) || Number.isNaN(py)) continue;
		pen.moveTo(px, py - 7);
		pen.lineTo(px, py + 7);
	}
	pen.stroke();
}

/** Non-finite values as triangles on the edge they left by, each kind named once beside its first. */
export function drawMarks(pen: Pen, plot: Plot, lines: readonly DrawnLine[], theme: Theme, x: Projection): void {
	const named = new Set<string>();
	pen.save();
	pen.font = theme.font;
	pen.globalAlpha = 1;
	for (const { line, slot, kind } of lines) {
		pen.fillStyle = kind === "baseline" ? theme.foreground : theme.runColour(slot);
		for (const mark of line.marks) {
			const px = x(mark.x);
			if (!(px >= plot.left - 0.5 && px <= plot.right + 0.5)) continue;
			const isTop = mark.kind === "Infinity";
			const edge = isTop ? plot.top : plot.bottom;
			const tip = isTop ? edge + 1 : mark.kind === "NaN" ? edge - 8 : edge - 1;
			const base = isTop ? edge + 8 : mark.kind === "NaN" ? edge - 1 : edge - 8;
			pen.beginPath();
			pen.moveTo(px - 4.5, base);
			pen.lineTo(px + 4.5, base);
			pen.lineTo(px, tip);
			pen.closePath();
			pen.fill();
			if (named.has(mark.kind)) continue;
			named.add(mark.kind);
			const fitsRight = px + 36 < plot.right;
			pen.textAlign = fitsRight ? "left" : "right";
			const label = mark.kind === "NaN" ? "NaN" : mark.kind === "Infinity" ? "+∞" : "−∞";
			pen.fillText(label, px + (fitsRight ? 7 : -7), isTop ? edge + 10 : edge - 3);
		}
	}
	pen.restore();
}

/** Pixels between the shapes on one line. */
const shapeSpacing = 56;

/** In high contrast a line is told by its shapes too: circle, square, triangle, diamond, cross. */
export function drawShapes(
	pen: Pen,
	{ line, slot }: DrawnLine,
	values: Float64Array,
	plot: Plot,
	x: Projection,
	y: Projection,
): void {
	// Lines that run together have their shapes apart.
	let next = plot.left + ((slot * 13) % shapeSpacing);
	for (let i = 0; i < line.x.length; i++) {
		const px = x(line.x[i] as number);
		if (!(px >= next)) continue;
		const py = y(values[i] as number);
		if (Number.isNaN(py)) continue;
		drawShape(pen, slot, px, py, 3.5);
		next = px + shapeSpacing;
	}
}

export function drawShape(pen: Pen, slot: number, px: number, py: number, size: number): void {
	pen.beginPath();
	switch (slot % 5) {
		case 0:
			pen.arc(px, py, size, 0, Math.PI * 2);
			break;
		case 1:
			pen.rect(px - size, py - size, size * 2, size * 2);
			break;
		case 2:
			pen.moveTo(px - size, py + size);
			pen.lineTo(px + size, py + size);
			pen.lineTo(px, py - size);
			pen.closePath();
			break;
		case 3:
			pen.moveTo(px - size - 1, py);
			pen.lineTo(px, py - size - 1);
			pen.lineTo(px + size + 1, py);
			pen.lineTo(px, py + size + 1);
			pen.closePath();
			break;
		default:
			pen.moveTo(px - size, py - size);
			pen.lineTo(px + size, py + size);
			pen.moveTo(px + size, py - size);
			pen.lineTo(px - size, py + size);
			pen.stroke();
			return;
	}
	pen.fill();
}
