/** A metric's value in a few characters: three significant digits, whole numbers whole, exponents for the very large and small. */
export function formatMetric(value: number): string {
	if (!Number.isFinite(value)) return String(value);
	const size = Math.abs(value);
	if (value === 0 || (Number.isInteger(value) && size < 1e6)) return String(value);
	if (size >= 1e6 || size < 1e-3) return trimZeros(value.toExponential(2));
	return trimZeros(size >= 1000 ? value.toFixed(0) : value.toPrecision(3));
}

function trimZeros(text: string): string {
	return text.replace(/(\.\d*?)0+(?=e|$)/, "$1").replace(/\.(?=e|$)/, "");
}
