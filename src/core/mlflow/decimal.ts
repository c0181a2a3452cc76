const splitter = 134_217_729; // 2^27 + 1, splits a double's mantissa in halves (Dekker 1971)
const powersOfTen = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const zero = 48;
const nine = 57;

/**
 * The decimal number in `bytes[start, end)` as Python's `float()` reads it, rounded exactly, or undefined when it is none.
 * `nan`, `inf`, `infinity` count, in any case. Decimals of up to 19 digits, which is what programs write, make no string:
 * a mantissa below 2^53 times a power of ten up to 22 rounds once (Clinger 1990); more digits go through a double-double,
 * and only what lies too near the middle between two doubles is left to the engine.
 */
export function parseDecimal(bytes: Uint8Array, start: number, end: number): number | undefined {
	let at = start;
	const first = bytes[at];
	const isNegative = first === 45;
	if (isNegative || first === 43) at++;
	let high = 0; // the digits up to the tenth
	let low = 0; // the nine after them
	let digits = 0;
	let exponent = 0;
	let hasDigit = false;
	let hasPoint = false;
	for (; at < end; at++) {
		const byte = bytes[at] ?? 0;
		if (byte >= zero && byte <= nine) {
			hasDigit = true;
			if (hasPoint) exponent--;
			if (digits < 10) high = high * 10 + (byte - zero);
			else low = low * 10 + (byte - zero);
			if (digits > 0 || byte !== zero) digits++;
		} else if (byte === 46 && !hasPoint) hasPoint = true;
		else break;
	}
	if (!hasDigit) return parseByEngine(bytes, start, end);
	if (at < end) {
		const written = parseExponent(bytes, at, end);
		if (written === undefined) return parseByEngine(bytes, start, end);
		exponent += written;
	}
	const magnitude = digits > 19 ? undefined : scale(high, low, digits, exponent);
	if (magnitude === undefined) return parseByEngine(bytes, start, end);
	return isNegative ? -magnitude : magnitude;
}

function parseExponent(bytes: Uint8Array, start: number, end: number): number | undefined {
	let at = start;
	if (((bytes[at] ?? 0) | 32) !== 101) return undefined;
	at++;
	const isNegative = bytes[at] === 45;
	if (isNegative || bytes[at] === 43) at++;
	if (at >= end || end - at > 4) return undefined;
	let exponent = 0;
	for (; at < end; at++) {
		const byte = bytes[at] ?? 0;
		if (byte < zero || byte > nine) return undefined;
		exponent = exponent * 10 + (byte - zero);
	}
	return isNegative ? -exponent : exponent;
}

function scale(high: number, low: number, digits: number, exponent: number): number | undefined {
	const shift = digits > 10 ? powersOfTen[digits - 10] : 1;
	const power = powersOfTen[Math.abs(exponent)];
	if (shift === undefined || power === undefined) return high === 0 && low === 0 ? 0 : undefined;
	const mantissa = high * shift + low;
	if (mantissa <= Number.MAX_SAFE_INTEGER) return exponent < 0 ? mantissa / power : mantissa * power;
	if (exponent > 0) return undefined;
	// mantissa + rest is the written integer, exactly.
	const product = high * shift;
	const productRest = restOfProduct(high, shift, product);
	const rest = low - (mantissa - product) + productRest;
	const quotient = mantissa / power;
	const back = quotient * power;
	const correction = (mantissa - back - restOfProduct(quotient, power, back) + rest) / power;
	const near = quotient + correction * (1 - 1e-12);
	return near === quotient + correction * (1 + 1e-12) ? near : undefined;
}

/** What `a * b` lost to rounding: exact, as no value here comes near the limits of a double. */
function restOfProduct(a: number, b: number, product: number): number {
	const aSplit = splitter * a;
	const aHigh = aSplit - (aSplit - a);
	const aLow = a - aHigh;
	const bSplit = splitter * b;
	const bHigh = bSplit - (bSplit - b);
	const bLow = b - bHigh;
	return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

function parseByEngine(bytes: Uint8Array, start: number, end: number): number | undefined {
	if (end - start > 4096) return undefined;
	const text = String.fromCharCode(...bytes.subarray(start, end)).toLowerCase();
	if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text)) return Number(text);
	const special = /^([+-]?)(nan|inf|infinity)$/.exec(text);
	if (special === null) return undefined;
	if (special[2] === "nan") return Number.NaN;
	return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The decimal integer in `bytes[start, end)`, or undefined; beyond 2^53 it is rounded. */
export function parseInteger(bytes: Uint8Array, start: number, end: number): number | undefined {
	let at = start;
	const isNegative = bytes[at] === 45;
	if (isNegative || bytes[at] === 43) at++;
	if (at >= end || end - at > 300) return undefined;
	if (end - at > 15) return parseLongInteger(bytes, at, end, isNegative);
	let value = 0;
	for (; at < end; at++) {
		const byte = bytes[at] ?? 0;
		if (byte < zero || byte > nine) return undefined;
		value = value * 10 + (byte - zero);
	}
	return isNegative ? 0 - value : value;
}

function parseLongInteger(bytes: Uint8Array, start: number, end: number, isNegative: boolean): number | undefined {
	const text = String.fromCharCode(...bytes.subarray(start, end));
	if (!/^\d+$/.test(text)) return undefined;
	return isNegative ? -Number(text) : Number(text);
}
