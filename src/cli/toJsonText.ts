/**
 * A value as JSON on one line. Unlike `JSON.stringify` it loses no number: those that JSON lacks are the strings "NaN",
 * "Infinity" and "-Infinity", and minus zero is -0.0 (of "-0" Python would make the integer 0).
 */
export function toJsonText(value: unknown): string {
	if (typeof value === "number") return numberText(value);
	if (Array.isArray(value)) return `[${value.map(toJsonText).join(",")}]`;
	if (typeof value === "object" && value !== null) {
		const members = Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}:${toJsonText(part)}`);
		return `{${members.join(",")}}`;
	}
	return JSON.stringify(value ?? null);
}

function numberText(value: number): string {
	if (Object.is(value, -0)) return "-0.0";
	if (!Number.isFinite(value)) return JSON.stringify(String(value));
	// JavaScript ends the digits of 2^60 with zeros; to Python, whose integers have no limit, that is another number.
	const isLongInteger = Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21;
	return isLongInteger ? String(BigInt(value)) : String(value);
}
