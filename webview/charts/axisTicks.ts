import type { XAxis } from "../../src/shared/chart";
import { formatTick } from "../common/number";

export interface Tick {
	readonly value: number;
	readonly label: string;
}

/** Round ticks, about `count` of them, inside [min, max]. */
export function linearTicks(min: number, max: number, count: number, leastSpacing = 0): Tick[] {
	const spacing = Math.max(leastSpacing, roundStep((max - min) / Math.max(1, count)));
	return multiples(min, max, spacing).map((value) => ({ value, label: formatTick(value, spacing) }));
}

/** Decades; with fewer than three in sight also 2 and 5 of each; with less than one, round ticks. */
export function logTicks(min: number, max: number, count: number): Tick[] {
	if (!(min > 0) || !(max > min)) return [];
	const decades = Math.log10(max / min);
	if (decades < 1) return linearTicks(min, max, count);
	const first = Math.floor(Math.log10(min));
	const last = Math.ceil(Math.log10(max));
	const every = Math.max(1, Math.ceil(decades / Math.max(1, count)));
	const within = decades < 3 ? [1, 2, 5] : [1];
	const ticks: Tick[] = [];
	for (let exponent = first; exponent <= last; exponent += every) {
		for (const digit of within) {
			const value = digit * 10 ** exponent;
			if (value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9)) ticks.push({ value, label: logLabel(value) });
		}
	}
	return ticks;
}

function logLabel(value: number): string {
	return value >= 1e5 || value < 1e-3
		? value.toExponential(0).replace("e+", "e")
		: String(Number(value.toPrecision(3)));
}

const secondsSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** Ticks of an x axis in its own unit (`ChartQuery.xAxis`). */
export function xTicks(axis: XAxis, logX: boolean, min: number, max: number, count: number): Tick[] {
	if (logX) return logTicks(min, max, count);
	switch (axis) {
		case "step":
			return linearTicks(min, max, count, 1);
		case "epoch":
			return linearTicks(min, max, count);
		case "relative":
		case "process": {
			const spacing = secondsStep((max - min) / count);
			return multiples(min, max, spacing).map((value) => ({ value, label: formatSeconds(value, spacing) }));
		}
		case "wall":
			return wallTicks(min, max, count);
	}
}

/** Local time of day, with the date where it changes. */
function wallTicks(min: number, max: number, count: number): Tick[] {
	const spacingMs = secondsStep((max - min) / 1000 / count) * 1000;
	// Multiples counted in local time, so that days begin at midnight.
	const shift = new Date(min).getTimezoneOffset() * 60_000;
	let lastDay = "";
	return multiples(min - shift, max - shift, spacingMs).map((local) => {
		const value = local + shift;
		const at = new Date(value);
		const day = at.toLocaleDateString(undefined, { month: "short", day: "numeric" });
		const time = at.toLocaleTimeString(undefined, {
			hour: "2-digit",
			minute: "2-digit",
			hour12: false,
			...(spacingMs < 60_000 ? { second: "2-digit" } : {}),
		});
		const label = spacingMs >= 86_400_000 || (day !== lastDay && lastDay !== "") ? day : time;
		lastDay = day;
		return { value, label };
	});
}

/** A place on the axis in full words, for the cursor and the table. */
export function formatX(axis: XAxis, value: number): string {
	switch (axis) {
		case "step":
			return value.toLocaleString("en", { maximumFractionDigits: 3 });
		case "epoch":
			return value.toLocaleString("en", { maximumFractionDigits: 4 });
		case "relative":
		case "process":
			return formatSeconds(value, value < 60 ? 0.01 : 1);
		case "wall":
			return new Date(value).toLocaleString(undefined, { hour12: false });
	}
}

/** `45 s`, `3:20 min`, `2:05 h`, `3 d 4 h`. */
export function formatSeconds(seconds: number, precision: number): string {
	const sign = seconds < 0 ? "−" : "";
	const size = Math.abs(seconds);
	const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
	if (size < 60) return `${sign}${Number(size.toFixed(precision < 1 ? 2 : 0))} s`;
	if (size < 3600) {
		const rest = Math.round(size % 60);
		return rest === 0 || precision >= 60
			? `${sign}${Math.round(size / 60)} min`
			: `${sign}${Math.floor(size / 60)}:${two(rest)} min`;
	}
	if (size < 86_400) {
		const minutes = Math.round((size % 3600) / 60);
		return minutes === 0 || minutes === 60 || precision >= 3600
			? `${sign}${Math.round(size / 3600)} h`
			: `${sign}${Math.floor(size / 3600)}:${two(minutes)} h`;
	}
	const hours = Math.round((size % 86_400) / 3600);
	return `${sign}${Math.floor(size / 86_400)} d${hours > 0 && hours < 24 ? ` ${hours} h` : ""}`;
}

function secondsStep(raw: number): number {
	const last = secondsSteps.at(-1) ?? 86_400;
	if (raw < 1) return roundStep(raw);
	if (raw > last) return Math.ceil(raw / last) * last;
	return secondsSteps.find((step) => step >= raw) ?? last;
}

function roundStep(raw: number): number {
	if (!(raw > 0) || !Number.isFinite(raw)) return 1;
	const power = 10 ** Math.floor(Math.log10(raw));
	const digit = raw / power;
	// The nearest of 1, 2, 5 and 10, as ratios.
	return (digit < 1.42 ? 1 : digit < 3.17 ? 2 : digit < 7.08 ? 5 : 10) * power;
}

/** More ticks than this mean a broken range, not a wide chart. */
const mostTicks = 50;

function multiples(min: number, max: number, spacing: number): number[] {
	const first = Math.ceil(min / spacing - 1e-9);
	const last = Math.floor(max / spacing + 1e-9);
	if (!Number.isFinite(first) || !Number.isFinite(last) || last - first > mostTicks) return [];
	return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * spacing);
}
