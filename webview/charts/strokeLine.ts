import type { ChartLine } from "../../src/shared/chart";
import type { Pen, Projection } from "./plot";

/** Points nearer than this to the last drawn one, in pixels both ways, are not worth a corner of the path. */
const leastStepPx = 0.9;

/**
 * More corners per pixel of width than this are noise, which is drawn one device pixel thin: measured in Chromium's
 * software rendering, 20 noisy lines of 1,792 corners take 5 ms so, 113 ms at 1.5 px, 506 ms with round joins.
 */
const mostThickCorners = 2;

/** How wide a point is that no line leads to. */
const loneRadius = 3;

/**
 * One line as one path, broken at gaps and where an attempt begins; a point with a gap on either side is a dot.
 * The pen's colour, alpha and dashes are the caller's.
 */
export function strokeLine(
	pen: Pen,
	line: ChartLine,
	values: Float64Array,
	x: Projection,
	y: Projection,
	width: number,
): void {
	const xs = line.x;
	const lone: number[] = [];
	let nextBreak = 0;
	let isDown = false;
	let corners = 0;
	let inPiece = 0;
	let [lastX, lastY, minX, maxX] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	pen.beginPath();
	for (let i = 0; i < xs.length; i++) {
		const px = x(xs[i] as number);
		const py = y(values[i] as number);
		const isBreak = i === line.breaks[nextBreak];
		if (isBreak) nextBreak++;
		// What is not finite is a gap: no value, or one that a log axis cannot show.
		const isGap = !(px - px === 0 && py - py === 0);
		if (isDown && (isBreak || isGap)) {
			if (inPiece === 1) lone.push(lastX, lastY);
			isDown = false;
		}
		if (isGap) continue;
		if (!isDown) {
			pen.moveTo(px, py);
			isDown = true;
			inPiece = 1;
		} else {
			inPiece++;
			const isNear = Math.abs(px - lastX) < leastStepPx && Math.abs(py - lastY) < leastStepPx;
			if (isNear && i + 1 < xs.length) continue;
			pen.lineTo(px, py);
		}
		corners++;
		lastX = px;
		lastY = py;
		if (px < minX) minX = px;
		if (px > maxX) maxX = px;
	}
	if (isDown && inPiece === 1) lone.push(lastX, lastY);
	pen.lineWidth = corners > mostThickCorners * (maxX - minX) ? Math.min(width, 1) : width;
	pen.stroke();
	for (let i = 0; i < lone.length; i += 2) {
		pen.beginPath();
		pen.arc(lone[i] as number, lone[i + 1] as number, loneRadius, 0, Math.PI * 2);
		pen.fill();
	}
}
