import type { ChartsRun } from "../../src/shared/panels/chartsPanel";
import type { Theme } from "../common/theme";
import type { Quantity } from "./quantities";

/** Low to high, told apart by lightness too (cividis-like: blue to yellow), so that it reads without colour vision. */
const stops: readonly (readonly [number, number, number])[] = [
	[58, 110, 200],
	[122, 150, 170],
	[240, 205, 80],
];
const stopsOnLight: readonly (readonly [number, number, number])[] = [
	[20, 60, 140],
	[90, 110, 120],
	[190, 140, 0],
];

/** The colour of a run's place on the axis it is coloured by; its own colour without one, faint without a value there. */
export function lineColour(run: ChartsRun, by: Quantity | null, theme: Theme): string {
	if (by === null) return theme.runColour(run.colour);
	const place = by.place(run.key);
	return place === null ? theme.faint : scaleColour(place, theme.isLight);
}

export function scaleColour(place: number, isLight: boolean): string {
	const scale = isLight ? stopsOnLight : stops;
	const at = Math.min(1, Math.max(0, place)) * (scale.length - 1);
	const from = scale[Math.floor(at)] ?? [0, 0, 0];
	const to = scale[Math.ceil(at)] ?? from;
	const part = at - Math.floor(at);
	return `rgb(${from.map((value, i) => Math.round(value + ((to[i] ?? value) - value) * part)).join(" ")})`;
}
