import { BarUpdates } from "./barUpdates";
import { readDictLine } from "./dictLine";
import { readJsonLine } from "./jsonLine";
import { type LineMarks, readMarks } from "./lineMarks";
import { type MetricDefinition, readDefinitions } from "./metricDefinition";
import { toMetricKey } from "./metricKey";
import { MetricTables } from "./metricTable";
import { OutputFraction } from "./outputFraction";
import { type OutputLine, OutputLines } from "./outputLines";
import type { OutputName, OutputPoint } from "./outputPoint";
import { readPairs } from "./readPairs";

type Named = readonly (readonly [name: string, value: number])[];

/**
 * Reads metrics from a training's output without its help (architecture.md, section 7), over any cut into writes.
 * A line's step is its own `step` or `iter`, else its epoch, else how far its progress bar is. Within an epoch's bar the
 * numbers are a running mean: the last of each bar counts, and one each half minute so that a long epoch is seen.
 */
export class OutputParser {
	readonly #streams: Record<
		OutputName,
		{ decoder: InstanceType<typeof TextDecoder>; lines: OutputLines; bars: BarUpdates }
	>;
	readonly #definitions: readonly MetricDefinition[];
	readonly #tables = new MetricTables();
	readonly #fraction = new OutputFraction();
	/** Keys that JSON lines log: what else is printed under these names says the same less exactly. */
	readonly #ofJson = new Set<string>();
	#epoch: number | null = null;
	#lastStep: number | null = null;
	#hasFractions = false;
	/** The longest bar without an epoch, such as the Trainer's over all steps. */
	#mainBar: { done: number; total: number } | null = null;

	constructor(definitions: readonly MetricDefinition[] = []) {
		this.#definitions = definitions;
		const stream = () => ({ decoder: new TextDecoder("utf-8"), lines: new OutputLines(), bars: new BarUpdates() });
		this.#streams = { stdout: stream(), stderr: stream() };
	}

	/** The step that the output was at last. */
	get lastStep(): number | null {
		return this.#lastStep;
	}

	/** How far it is, 0 to 1; null while the output does not say. */
	get fraction(): number | null {
		return this.#fraction.value;
	}

	push(name: OutputName, bytes: Uint8Array, timestampMs: number): OutputPoint[] {
		const { decoder, lines } = this.#streams[name];
		return this.#readAll(name, lines.push(decoder.decode(bytes, { stream: true })), timestampMs);
	}

	/** What was left: a last line without an end, the last state of a bar. */
	end(timestampMs: number): OutputPoint[] {
		const names: readonly OutputName[] = ["stdout", "stderr"];
		return names.flatMap((name) => {
			const { decoder, lines, bars } = this.#streams[name];
			const rest = [...lines.push(decoder.decode()), ...lines.end()];
			return [...this.#readAll(name, rest, timestampMs), ...bars.settle()];
		});
	}

	#readAll(name: OutputName, lines: readonly OutputLine[], timestampMs: number): OutputPoint[] {
		return lines.flatMap((line) => {
			const { bars } = this.#streams[name];
			if (line.text.trim() === "") return line.isOverdrawn ? [] : bars.settle();
			return this.#readLine(line, timestampMs, bars);
		});
	}

	#readLine({ text, isOverdrawn }: OutputLine, timestampMs: number, bars: BarUpdates): OutputPoint[] {
		const json = readJsonLine(text);
		if (json !== null) {
			const points = this.#toPoints(json.values, json.step, timestampMs);
			for (const { key } of points) this.#ofJson.add(key);
			return points;
		}
		const defined = this.#readDefined(text, timestampMs);
		const taken = new Set(defined.map(({ key }) => key));
		const points = this.#readPlain(text, isOverdrawn, timestampMs, bars);
		return [...defined, ...points.filter(({ key }) => !taken.has(key) && !this.#ofJson.has(key))];
	}

	#readDefined(text: string, timestampMs: number): OutputPoint[] {
		if (this.#definitions.length === 0) return [];
		const marks = readMarks(text);
		const step = marks?.step ?? marks?.epoch ?? this.#lastStep;
		return this.#toPoints(readDefinitions(this.#definitions, text), step, timestampMs);
	}

	#readPlain(text: string, isOverdrawn: boolean, timestampMs: number, bars: BarUpdates): OutputPoint[] {
		const dict = readDictLine(text);
		if (dict !== null) return this.#toPoints(...this.#placeDict(dict), timestampMs);
		const row = this.#tables.read(text);
		if (row !== null) {
			if (row.epoch !== null) {
				this.#epoch = row.epoch;
				this.#fraction.seeTableRow(row.epoch, readMarks(text)?.bar ?? null);
			}
			const points = this.#toPoints(row.values, this.#epoch, timestampMs);
			return row.epoch === null ? [...bars.settle(), ...points] : bars.update(points, row.epoch, null, isOverdrawn);
		}
		const marks = readMarks(text);
		return marks === null ? [] : this.#readMarked(text, marks, isOverdrawn, timestampMs, bars);
	}

	#readMarked(
		text: string,
		marks: LineMarks,
		isOverdrawn: boolean,
		timestampMs: number,
		bars: BarUpdates,
	): OutputPoint[] {
		const { bar } = marks;
		const values = readPairs(text).map(({ name, value }) => [name, value] as const);
		this.#fraction.see(marks, values.length > 0);
		if (marks.epoch !== null && (bar === null || marks.isEpochTitle)) this.#epoch = marks.epoch;
		const isOfEpoch = bar !== null && (marks.isEpochTitle || (marks.epoch === null && this.#epoch !== null));
		if (!isOfEpoch) {
			this.#seeMainBar(bar);
			const step = marks.step ?? marks.epoch ?? bar?.done ?? null;
			const points = this.#toPoints(values, step, timestampMs);
			return bar === null ? points : bars.onlyChanged(points);
		}
		const epoch = this.#epoch ?? 0;
		return bars.update(this.#toPoints(values, marks.step ?? epoch, timestampMs), epoch, bar.done, isOverdrawn);
	}

	#seeMainBar(bar: LineMarks["bar"]): void {
		if (bar === null || bar.done === null || bar.total === null) return;
		if (bar.total >= (this.#mainBar?.total ?? 0)) this.#mainBar = { done: bar.done, total: bar.total };
	}

	/** Whole epochs are steps; parts of one are placed by the bar over all steps, where there is one. */
	#placeDict(dict: { step: number | null; epoch: number | null; values: Named }): [Named, number | null] {
		const { step, epoch, values } = dict;
		if (step !== null) return [values, step];
		if (epoch === null) return [values, null];
		this.#hasFractions ||= !Number.isInteger(epoch);
		if (!this.#hasFractions) return [values, epoch];
		return [[...values, ["epoch", epoch]], this.#mainBar?.done ?? epoch];
	}

	#toPoints(values: Named, step: number | null, timestampMs: number): OutputPoint[] {
		const at = step === null || !Number.isFinite(step) ? null : Math.trunc(step);
		if (at !== null) this.#lastStep = at;
		return values.flatMap(([name, value]) => {
			const key = toMetricKey(name);
			return key === null ? [] : [{ key, value, step: at, timestampMs }];
		});
	}
}
