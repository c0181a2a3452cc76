import * as z from "zod/mini";

/** `{"step": 1, "metrics": {"loss": 0.3}}`, as a training writes it on purpose. */
export interface JsonMetrics {
	readonly step: number | null;
	readonly values: readonly (readonly [name: string, value: number])[];
}

const written = z.object({
	step: z.optional(z.nullable(z.number())),
	epoch: z.optional(z.nullable(z.number())),
	metrics: z.record(z.string(), z.unknown()),
});
const word = /^[+-]?(nan|inf|infinity)$/i;

/** Null for any other line. A logger's prefix before the object and Python's `NaN` and `Infinity` are taken. */
export function readJsonLine(line: string): JsonMetrics | null {
	if (!line.includes('"metrics"')) return null;
	const start = line.indexOf("{");
	const end = line.lastIndexOf("}");
	if (start < 0 || end < start) return null;
	const parsed = z.safeParse(written, parseJson(line.slice(start, end + 1)));
	if (!parsed.success) return null;
	const { step, epoch, metrics } = parsed.data;
	const at = step ?? epoch ?? null;
	return {
		step: at !== null && Number.isFinite(at) ? Math.trunc(at) : null,
		values: Object.entries(metrics).flatMap(([name, value]) => {
			const number = toNumber(value);
			return number === null ? [] : [[name, number] as const];
		}),
	};
}

function toNumber(value: unknown): number | null {
	if (typeof value === "number") return value;
	const match = typeof value === "string" ? word.exec(value) : null;
	if (match === null) return null;
	if (match[1]?.toLowerCase() === "nan") return Number.NaN;
	return value === match[0] && match[0].startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return parseQuoted(text);
	}
}

function parseQuoted(text: string): unknown {
	try {
		return JSON.parse(quoteSpecials(text));
	} catch {
		return null;
	}
}

/** Python's json writes NaN, Infinity and -Infinity bare: here they become texts. */
function quoteSpecials(text: string): string {
	let quoted = "";
	let isInText = false;
	for (let at = 0; at < text.length; at++) {
		const character = text[at] ?? "";
		if (isInText && character === "\\") {
			quoted += character + (text[++at] ?? "");
			continue;
		}
		if (character === '"') isInText = !isInText;
		const special = isInText ? undefined : ["NaN", "Infinity", "-Infinity"].find((one) => text.startsWith(one, at));
		quoted += special === undefined ? character : `"${special}"`;
		if (special !== undefined) at += special.length - 1;
	}
	return quoted;
}
