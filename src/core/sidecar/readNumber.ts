export interface ReadNumber {
	readonly value: number;
	/** Behind the number and what belongs to it (a `%`, a closing bracket of `np.float64(…)`). */
	readonly end: number;
}

const wrappers = ["np.float64(", "np.float32(", "np.float16(", "np.int64(", "numpy.float64(", "tensor("];
/** A double prints in at most 24 characters; more digits come from `decimal`. */
const longestNumber = 64;
// Sticky, without a part that could match the same text in two ways: no backtracking.
const number = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const special = /([+-]?)(?:(nan)|inf(?:inity)?)(?![A-Za-z0-9_])/iy;
/** What makes of a number a quantity: `12.3 s`, `2.61G`, `512 MB`. */
const unit =
	/[ \t]{0,2}(?:ms|us|s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|days?|[KMGT]i?B?|bytes?|it\/s|s\/it)(?![A-Za-z0-9_=:])/y;

/**
 * The number at `at`, only when it stands there whole: no version (`1.2.3`), date, clock time, fraction, address or
 * quantity with a unit. Null for anything else.
 */
export function readNumber(text: string, at: number): ReadNumber | null {
	const wrapper = wrappers.find((start) => text.startsWith(start, at));
	const start = at + (wrapper?.length ?? 0);
	const found = readSpecial(text, start) ?? readDecimal(text, start);
	if (found === null) return null;
	const end = wrapper === undefined ? found.end : text.startsWith(")", found.end) ? found.end + 1 : found.end;
	if (text[end] === "%") return { value: found.value, end: end + 1 };
	return isBoundary(text, end) ? { value: found.value, end } : null;
}

function readSpecial(text: string, at: number): ReadNumber | null {
	special.lastIndex = at;
	const match = special.exec(text);
	if (match === null) return null;
	const value = match[2] === undefined ? Number.POSITIVE_INFINITY : Number.NaN;
	return { value: match[1] === "-" ? -value : value, end: special.lastIndex };
}

function readDecimal(text: string, at: number): ReadNumber | null {
	number.lastIndex = at;
	const match = number.exec(text);
	if (match === null || match[0].length > longestNumber) return null;
	// The full stop of a sentence is none of the number's.
	const written = match[0].endsWith(".") ? match[0].slice(0, -1) : match[0];
	return { value: Number(written), end: at + written.length };
}

function isBoundary(text: string, at: number): boolean {
	const next = text[at];
	if (next === undefined) return true;
	const after = text[at + 1];
	if (next === "." || next === ",")
		return after === undefined || !/[\dA-Za-z_]/.test(after) || (next === "," && !/\d/.test(after));
	if (!/[\s;|\])}'"•│┃]/.test(next)) return false;
	unit.lastIndex = at;
	return !unit.test(text);
}
