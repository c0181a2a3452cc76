import { isMetricName } from "./metricKey";
import { readNumber } from "./readNumber";

export interface DictLine {
	readonly step: number | null;
	readonly epoch: number | null;
	readonly values: readonly (readonly [name: string, value: number])[];
}

const longestDict = 1 << 16;

/**
 * One line that is a flat dictionary of numbers with an epoch or a step, as Python prints it: the Hugging Face Trainer's
 * `{'loss': 0.3, 'learning_rate': 5e-05, 'epoch': 1.0}` (its newer versions print the numbers quoted), or the same as JSON.
 */
export function readDictLine(line: string): DictLine | null {
	const start = line.indexOf("{");
	const end = line.lastIndexOf("}");
	if (start < 0 || end < start || end - start > longestDict || !/^[^'"]{0,200}$/.test(line.slice(0, start)))
		return null;
	const values: [string, number][] = [];
	let step: number | null = null;
	let epoch: number | null = null;
	for (let at = start + 1; at < end; ) {
		const quote = line[at];
		if (quote !== "'" && quote !== '"') {
			at++;
			continue;
		}
		const close = line.indexOf(quote, at + 1);
		if (close < 0 || close > end) break;
		const name = line.slice(at + 1, close);
		at = close + 1;
		const value = valueAfter(line, at);
		if (value === null) continue;
		at = value.end;
		if (name === "step" || name === "global_step") step = value.value;
		else if (name === "epoch") epoch = value.value;
		else if (isMetricName(name)) values.push([name, value.value]);
	}
	return step === null && epoch === null ? null : { step, epoch, values };
}

/** The number behind `:`, quoted or not; a nested dictionary's numbers have no name here. */
function valueAfter(line: string, from: number): { value: number; end: number } | null {
	let at = from;
	while (line[at] === " ") at++;
	if (line[at] !== ":") return null;
	at++;
	while (line[at] === " ") at++;
	const isQuoted = line[at] === "'" || line[at] === '"';
	const found = readNumber(line, isQuoted ? at + 1 : at);
	return found === null || !isQuoted ? found : { value: found.value, end: found.end + 1 };
}
