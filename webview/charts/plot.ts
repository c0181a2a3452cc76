import type { Range } from "./ranges";

/** The part of Canvas that charts draw with; `SvgPen` has it too, so that a picture is the same in both. */
export type Pen = Pick<
	CanvasRenderingContext2D,
	| "save"
	| "restore"
	| "beginPath"
	| "closePath"
	| "moveTo"
	| "lineTo"
	| "arc"
	| "rect"
	| "clip"
	| "stroke"
	| "fill"
	| "fillText"
	| "setLineDash"
	| "strokeStyle"
	| "fillStyle"
	| "lineWidth"
	| "lineJoin"
	| "globalAlpha"
	| "font"
	| "textAlign"
>;

/** Where the axes lie on the canvas, in CSS pixels, and how values become pixels. */
export interface Plot {
	readonly left: number;
	readonly right: number;
	readonly top: number;
	readonly bottom: number;
	readonly xRange: Range;
	readonly yRange: Range;
	readonly logX: boolean;
	readonly logY: boolean;
}

export type Projection = (value: number) => number;

/** Pixels of a value; NaN for what a log axis cannot show. */
export function projectX(plot: Plot): Projection {
	return project(plot.xRange, plot.left, plot.right, plot.logX);
}

export function projectY(plot: Plot): Projection {
	return project(plot.yRange, plot.bottom, plot.top, plot.logY);
}

export function valueAtX(plot: Plot, px: number): number {
	const part = (px - plot.left) / Math.max(1, plot.right - plot.left);
	const [low, high] = plot.xRange;
	return plot.logX ? low * (high / low) ** part : low + part * (high - low);
}

function project([low, high]: Range, from: number, to: number, isLog: boolean): Projection {
	if (isLog) {
		const base = Math.log(low);
		const scale = (to - from) / (Math.log(high) - base);
		return (value) => (value > 0 ? from + (Math.log(value) - base) * scale : Number.NaN);
	}
	const scale = (to - from) / (high - low);
	return (value) => from + (value - low) * scale;
}
