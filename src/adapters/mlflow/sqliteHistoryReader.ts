import { setImmediate as nextTurn } from "node:timers/promises";
import type { Series } from "../../shared/run";
import type { SqliteFile, SqliteStamp } from "./sqliteFile";
import { SqliteHistories } from "./sqliteHistories";
import type { SqliteRows } from "./sqliteRows";
import { readRunRows } from "./sqliteRuns";

/** A series, or what is missing. */
export type FoundHistory = Series | "no such metric" | "no such run";

/** Histories read in one opening of the database: opening it and preparing a query cost as much as 1,000 points. */
const mostAtOnce = 8;

interface Question {
	readonly runId: string;
	readonly metric: string;
	readonly stamp: SqliteStamp;
}

interface Batch {
	readonly questions: Question[];
	readonly answers: Promise<readonly FoundHistory[]>;
}

/** Reads the histories that a page of charts asks for at the same time, several in one opening of the file. */
export class SqliteHistoryReader {
	readonly #histories = new SqliteHistories();
	#batch: Batch | null = null;

	constructor(private readonly file: SqliteFile) {}

	clear(): void {
		this.#histories.clear();
	}

	/** Rejects as `SqliteFile.read` does. */
	async read(runId: string, metric: string, signal?: AbortSignal): Promise<FoundHistory> {
		const question = { runId, metric, stamp: await this.file.stamp() };
		const known = this.#histories.known(runId, metric, question.stamp);
		if (known) return known;
		const batch = this.#join(question);
		const at = batch.questions.indexOf(question);
		try {
			const answer = (await batch.answers)[at];
			signal?.throwIfAborted();
			if (answer !== undefined) return answer;
		} catch (error) {
			// A damaged page under one history costs that one only: each is asked by itself again.
			if (batch.questions.length === 1) throw error;
		}
		return this.file.read((rows) => this.#answer(rows, question), signal);
	}

	#join(question: Question): Batch {
		if (this.#batch !== null && this.#batch.questions.length < mostAtOnce) {
			this.#batch.questions.push(question);
			return this.#batch;
		}
		const questions = [question];
		const batch = { questions, answers: this.#ask(questions) };
		this.#batch = batch;
		return batch;
	}

	async #ask(questions: readonly Question[]): Promise<readonly FoundHistory[]> {
		await nextTurn();
		if (this.#batch?.questions === questions) this.#batch = null;
		return this.file.read((rows) => questions.map((question) => this.#answer(rows, question)));
	}

	#answer(rows: SqliteRows, { runId, metric, stamp }: Question): FoundHistory {
		const series = this.#histories.read(rows, runId, metric, stamp);
		if (series) return series;
		return readRunRows(rows, { ids: [runId] }).length > 0 ? "no such metric" : "no such run";
	}
}
