import type { RunDelta } from "../../core/stores/trackingStore";
import type { Experiment, Run } from "../../shared/run";
import type { SqliteRows } from "./sqliteRows";
import { type RunRow, readExperiments, readRunRows, readRuns, readTexts } from "./sqliteRuns";
import { onlyGrew, readMarks, readTail, type SqliteMarks } from "./sqliteTail";

/** Above this many changed runs one pass over each table is quicker than an index look-up for each. */
const manyRuns = 2000;

/** Tags change in place, so all of them are compared: at this pace, or at once when nothing else explains a change of the file. */
const tagPaceMs = 1000;

/** Every run of a database as last read, and how far it was read. */
export class SqliteLedger {
	readonly #runs = new Map<string, Run>();
	readonly #signatures = new Map<string, string>();
	#marks: SqliteMarks | null = null;
	#tagsComparedMs = 0;
	#areTagsDue = false;

	constructor(private readonly storeId: string) {}

	get runs(): ReadonlyMap<string, Run> {
		return this.#runs;
	}

	/** Whether another look is worth it although the file is as it was. */
	get isDue(): boolean {
		return this.#areTagsDue && performance.now() - this.#tagsComparedMs >= tagPaceMs;
	}

	/** What changed since the last reading; everything the first time. */
	update(rows: SqliteRows): RunDelta & { readonly isRewritten: boolean } {
		const experiments = readExperiments(rows);
		const runRows = readRunRows(rows, {});
		const found = new Set(runRows.map(({ id }) => id));
		const removed = [...this.#runs.keys()].filter((id) => !found.has(id));
		if (this.#marks === null || removed.length > 0 || !onlyGrew(rows, this.#marks)) {
			return this.#readAnew(rows, runRows, experiments, removed);
		}
		const { runIds, grown } = readTail(rows, this.#marks);
		const names = namesOf(experiments);
		const changed = new Set(runIds);
		for (const row of runRows) if (this.#signatures.get(row.id) !== signatureOf(row, names)) changed.add(row.id);
		if (changed.size === 0 || performance.now() - this.#tagsComparedMs >= tagPaceMs) this.#addRetagged(rows, changed);
		else this.#areTagsDue = true;
		const changedRows = runRows.filter(({ id }) => changed.has(id));
		const upserted = readRuns(rows, this.storeId, changedRows, experiments, changedRows.length > manyRuns);
		this.#keep(upserted, changedRows, names);
		this.#marks = readMarks(rows);
		const grownRuns = [...grown].map(([runId, metrics]) => ({ runId, metrics: [...metrics] }));
		return { upserted, removed, grown: grownRuns, isRewritten: false };
	}

	#readAnew(
		rows: SqliteRows,
		runRows: readonly RunRow[],
		experiments: readonly Experiment[],
		removed: readonly string[],
	): RunDelta & { readonly isRewritten: boolean } {
		const isFirst = this.#marks === null;
		for (const id of removed) {
			this.#runs.delete(id);
			this.#signatures.delete(id);
		}
		const upserted = readRuns(rows, this.storeId, runRows, experiments, true);
		this.#keep(upserted, runRows, namesOf(experiments));
		this.#marks = readMarks(rows);
		this.#tagsCompared();
		const grown = isFirst ? [] : upserted.map(({ id }) => ({ runId: id, metrics: null }));
		return { upserted, removed, grown, isRewritten: !isFirst };
	}

	#addRetagged(rows: SqliteRows, changed: Set<string>): void {
		const tags = new Map<string, Record<string, string>>();
		readTexts(rows, "tags", {}, tags);
		for (const [id, run] of this.#runs) if (!areEqual(run.tags, tags.get(id) ?? {})) changed.add(id);
		this.#tagsCompared();
	}

	#tagsCompared(): void {
		this.#tagsComparedMs = performance.now();
		this.#areTagsDue = false;
	}

	#keep(runs: readonly Run[], runRows: readonly RunRow[], names: ReadonlyMap<string, string>): void {
		for (const run of runs) this.#runs.set(run.id, run);
		for (const row of runRows) this.#signatures.set(row.id, signatureOf(row, names));
	}
}

/** A run shows its experiment's name and stage: it changes with them. */
function signatureOf(row: RunRow, names: ReadonlyMap<string, string>): string {
	return `${row.signature}\0${names.get(row.experimentId) ?? ""}`;
}

function namesOf(experiments: readonly Experiment[]): ReadonlyMap<string, string> {
	return new Map(experiments.map(({ id, name, lifecycleStage }) => [id, `${lifecycleStage} ${name}`]));
}

function areEqual(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
	const keys = Object.keys(left);
	return keys.length === Object.keys(right).length && keys.every((key) => left[key] === right[key]);
}
