import type { ChartsState } from "../../src/shared/panels/chartsPanel";
import type { ChartsView } from "../../src/shared/panels/chartsView";
import type { Theme } from "../common/theme";
import type { Picture } from "./chartFrame";
import type { DrawnLine } from "./chartLines";
import { type Range, steadied, xRangeOf, yRangeOf } from "./ranges";

/** Round places per decade of a live chart's axes: at most 2 % of the width and 10 % of the height stay empty. */
const xParts = 50;
const yParts = 10;

/** What the panel shows besides the lines. */
export interface Scene {
	readonly state: ChartsState | null;
	readonly view: ChartsView;
	readonly theme: Theme;
	readonly highlight: string | null;
}

/** The lines on the axes that the view asks for; null where no point can be shown. `answered`: the part of x they were asked for. */
export function pictureOf(
	lines: readonly DrawnLine[],
	logY: boolean,
	answered: Range | null,
	{ state, view, theme, highlight }: Scene,
): Picture | null {
	const isLive = state?.runs.some(({ status }) => status === "RUNNING") ?? false;
	const whole = xRangeOf(lines, view.logX);
	const xRange = view.zoom ?? (whole && isLive && !view.logX ? steadied(whole, xParts, "high") : whole);
	const isOld = answered?.[0] !== view.zoom?.[0] || answered?.[1] !== view.zoom?.[1];
	const options = { logY, ignoreOutliers: view.ignoreOutliers, within: isOld ? view.zoom : null };
	const found = yRangeOf(lines, options) ?? yRangeOf(lines, { ...options, within: null });
	const yRange = found && isLive && !logY ? steadied(found, yParts, "both") : found;
	if (!xRange || !yRange) return null;
	return { lines, xAxis: view.xAxis, xRange, yRange, logX: view.logX, logY, highlight, theme };
}

/** Why a chart has nothing to draw; null when it has. */
export function emptyWords(lines: readonly DrawnLine[]): string | null {
	if (lines.some(({ line }) => line.xExtent !== null)) return null;
	if (lines.length === 0) return "Every run that has this metric is hidden.";
	return lines.find(({ line }) => line.problem !== null)?.line.problem ?? "No points yet.";
}
