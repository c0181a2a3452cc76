const count = new Intl.NumberFormat("en");

/** A whole number with its thousands apart: `100,000`. */
export function formatCount(value: number): string {
	return count.format(value);
}

/** A value as short as it can be read: five significant digits, an exponent where zeros would hide it. */
export function formatNumber(value: number): string {
	if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
	if (value === 0) return "0";
	const size = Math.abs(value);
	if (size >= 1e6 || size < 1e-4) return minus(shortExponent(value.toExponential(3)));
	if (Number.isInteger(value)) return minus(formatCount(value));
	return minus(String(Number(value.toPrecision(5))));
}

/** A tick's label on an axis whose ticks are `spacing` apart: just enough digits to tell neighbours apart. */
export function formatTick(value: number, spacing: number): string {
	if (value === 0 || Math.abs(value) < spacing * 1e-6) return "0";
	const size = Math.abs(value);
	if (size >= 1e5) return minus(withUnit(value, spacing));
	if (size < 1e-4 && spacing < 1e-5) return minus(shortExponent(value.toExponential(digitsFor(value, spacing))));
	const decimals = Math.min(12, Math.max(0, -Math.floor(Math.log10(spacing) + 1e-9)));
	return minus(withDecimals(decimals).format(value));
}

const formats = new Map<number, Intl.NumberFormat>();

/** Making a format costs far more than using it, and live charts format their ticks ten times a second. */
function withDecimals(decimals: number): Intl.NumberFormat {
	const known = formats.get(decimals);
	if (known) return known;
	const made = new Intl.NumberFormat("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
	formats.set(decimals, made);
	return made;
}

/** An age as people say it: `2 s`, `6 min`, `3 h`, `2 d`. */
export function formatAge(ms: number): string {
	const seconds = Math.max(0, Math.round(ms / 1000));
	if (seconds < 90) return `${seconds} s`;
	if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
	if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
	return `${Math.round(seconds / 86_400)} d`;
}

/** `4.2 MB`; decimal, as file managers and object stores count. */
export function formatSize(bytes: number): string {
	const units = ["B", "kB", "MB", "GB", "TB"];
	const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
	return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

function withUnit(value: number, spacing: number): string {
	const [unit, name] = Math.abs(value) >= 1e9 ? [1e9, "G"] : Math.abs(value) >= 1e6 ? [1e6, "M"] : [1e3, "k"];
	if (Math.abs(value) >= 1e12) return shortExponent(value.toExponential(digitsFor(value, spacing)));
	const decimals = Math.min(3, Math.max(0, -Math.floor(Math.log10(spacing / unit) + 1e-9)));
	return `${(value / unit).toFixed(decimals)}${name}`;
}

function digitsFor(value: number, spacing: number): number {
	return Math.min(6, Math.max(0, Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(spacing) + 1e-9)));
}

function shortExponent(text: string): string {
	return text.replace(/\.?0*e/, "e").replace("e+", "e");
}

/** The true minus sign: as wide as a digit, so that columns of numbers stay aligned. */
function minus(text: string): string {
	return text.replaceAll("-", "−").replace("e−", "e-");
}
