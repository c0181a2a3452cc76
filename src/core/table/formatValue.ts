/** How numbers and times are written in the table and the comparison: short in the cell, whole in its title. */

/** At most `digits` significant digits, without trailing zeros; NaN and ±Infinity in words. */
export function formatNumber(value: number, digits = 5): string {
	if (!Number.isFinite(value)) return String(value);
	if (value === 0) return "0";
	if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
	const size = Math.abs(value);
	if (size < 1e-4 || size >= 1e7) {
		return value
			.toExponential(digits - 1)
			.replace(/\.?0+e/, "e")
			.replace("e+", "e");
	}
	// Whole digits are never rounded to zeros that nobody logged.
	if (size >= 10 ** digits) return value.toFixed(0);
	const short = value.toPrecision(digits);
	return short.includes(".") && !short.includes("e") ? short.replace(/\.?0+$/, "") : String(Number(short));
}

/** `+0.008`, `-0.01`, `0`. */
export function formatChange(change: number): string {
	const text = formatNumber(change, 3);
	return change > 0 ? `+${text}` : text;
}

/** `0.9132 ± 0.0041`: the deviation to two digits, the mean no finer than it. */
export function formatMean(mean: number, deviation: number): string {
	if (!Number.isFinite(mean) || !Number.isFinite(deviation)) return formatNumber(mean);
	if (deviation === 0) return `${formatNumber(mean)} ± 0`;
	const size = Math.max(Math.abs(mean), deviation);
	if (size < 1e-4 || size >= 1e7) return `${formatNumber(mean, 4)} ± ${formatNumber(deviation, 2)}`;
	const decimals = Math.min(10, Math.max(0, 1 - Math.floor(Math.log10(deviation))));
	return `${mean.toFixed(decimals)} ± ${deviation.toFixed(decimals)}`;
}

/** `2026-11-21 03:26`, in the host's own time zone. */
export function formatTime(ms: number): string {
	return stamp(ms).slice(0, 16);
}

export function formatTimeInFull(ms: number): string {
	return stamp(ms);
}

function stamp(ms: number): string {
	const date = new Date(ms);
	if (Number.isNaN(date.getTime())) return "no valid time";
	const two = (part: number) => String(part).padStart(2, "0");
	const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
	return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `0.4 s`, `43 s`, `6 min 3 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatRuntime(ms: number): string {
	const seconds = ms / 1000;
	if (!Number.isFinite(seconds)) return "";
	if (seconds < 10) return `${Math.max(0, Math.round(seconds * 10) / 10)} s`;
	const whole = Math.round(seconds);
	if (whole < 60) return `${whole} s`;
	if (whole < 3600) return pair(Math.floor(whole / 60), "min", whole % 60, "s");
	const minutes = Math.round(whole / 60);
	if (minutes < 24 * 60) return pair(Math.floor(minutes / 60), "h", minutes % 60, "min");
	const hours = Math.round(minutes / 60);
	return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

function pair(more: number, unit: string, less: number, smallUnit: string): string {
	return less === 0 ? `${more} ${unit}` : `${more} ${unit} ${less} ${smallUnit}`;
}
