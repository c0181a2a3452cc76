import { GammaError } from "../../shared/errors";

/** A metric found by a pattern, as SageMaker's `MetricDefinitions` give it: the first group is the number. */
export interface MetricDefinition {
	readonly name: string;
	readonly pattern: RegExp;
}

/** A pattern of the person's own may backtrack: it is given no more of a line than this. */
const longestText = 4096;

/** `NAME=REGEX`. Throws `settings.invalid`. */
export function parseMetricDefinition(text: string): MetricDefinition {
	const at = text.indexOf("=");
	const name = text.slice(0, Math.max(0, at)).trim();
	if (name === "") throw invalid(text, "write it as NAME=REGEX");
	return toMetricDefinition(name, text.slice(at + 1));
}

/** A pattern as JavaScript or Python writes it, `(?P<name>…)` included. Throws `settings.invalid`. */
export function toMetricDefinition(name: string, regex: string): MetricDefinition {
	const source = regex.replaceAll("(?P<", "(?<");
	const text = `${name}=${regex}`;
	try {
		// With one group more than it has, an empty text tells how many there are.
		const groups = (new RegExp(`${source}|`).exec("")?.length ?? 1) - 1;
		if (groups < 1) throw invalid(text, "it needs a group around the number, such as loss=([0-9.]+)");
		return { name, pattern: new RegExp(source) };
	} catch (error) {
		if (GammaError.is(error)) throw error;
		throw invalid(text, "its regular expression cannot be read");
	}
}

function invalid(text: string, reason: string): GammaError {
	return new GammaError("settings.invalid", `The metric definition ${JSON.stringify(text)} is not one: ${reason}.`);
}

export function readDefinitions(definitions: readonly MetricDefinition[], line: string): [string, number][] {
	const text = line.slice(0, longestText);
	return definitions.flatMap(({ name, pattern }): [string, number][] => {
		const found = pattern.exec(text)?.[1]?.trim();
		const value = found === undefined || found === "" ? undefined : toNumber(found);
		return value === undefined ? [] : [[name, value]];
	});
}

function toNumber(text: string): number | undefined {
	const value = Number(text.replace(/%$/, ""));
	if (!Number.isNaN(value)) return value;
	if (/^[+-]?nan$/i.test(text)) return Number.NaN;
	if (/^[+]?inf(inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
	return /^-inf(inity)?$/i.test(text) ? Number.NEGATIVE_INFINITY : undefined;
}
