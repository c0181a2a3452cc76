import {
	type ComparedRun,
	type ComparePart,
	type CompareRow,
	type CompareSection,
	type CompareState,
	comparableRuns,
	compareParts,
	type MetricRows,
} from "../../shared/panels/comparePanel";
import type { Run, RunKey } from "../../shared/run";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import { toLine } from "../plainText";
import { isActive, runStateOf, stateSentence } from "../runs/runState";
import { type Summary, summarise } from "../table/metricDirection";
import { MetricHistories, type Wanted } from "../table/metricHistories";
import { seedsOf } from "../table/tableCells";
import type { TableSources } from "../table/tableModel";
import { guessShownMetrics } from "../tree/shownMetrics";
import { CodeComparison, type CodeSources } from "./codeComparison";
import { codeRows, environmentRows, metricRowsOf, textRow } from "./compareRows";
import { compareSentence } from "./compareSentence";
import { compareSheet, type SheetPart, type SheetRow } from "./compareSheet";

/** Rows of one section sent at first, and with every "show more". */
const pageOfRows = 200;

const labels: Record<ComparePart, string> = {
	code: "Code",
	params: "Params",
	metrics: "Metrics",
	tags: "Tags",
	system: "System metrics",
	environment: "Environment",
};

export interface CompareChoices {
	readonly showEqual: boolean;
	readonly metricRows: MetricRows;
	readonly search: string;
}

/** The comparison of some runs, the first being the base: what differs, in rows and in one sentence. */
export class CompareModel extends Owner {
	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;
	readonly #histories: MetricHistories;
	readonly #code: CodeComparison;
	#keys: readonly RunKey[] = [];
	#choices: CompareChoices = { showEqual: false, metricRows: "best", search: "" };
	#pages: Partial<Record<ComparePart, number>> = {};
	#seeds: { readonly of: Run; readonly runs: readonly Run[] } | null = null;

	constructor(
		private readonly sources: TableSources,
		code: CodeSources,
		private readonly now: () => number = Date.now,
	) {
		super();
		this.#histories = this.own(new MetricHistories(sources.library));
		this.#code = this.own(new CodeComparison(code));
		this.own(this.#histories.onDidChange(() => this.#changed.fire()));
		this.own(this.#code.onDidChange(() => this.#changed.fire()));
		this.own(
			sources.model.onDidChange((change) => {
				this.#seeds = null;
				const keys = new Set(this.#keys);
				const isOurs = [...change.upserted.map((run) => run.key), ...change.removed].some((key) => keys.has(key));
				if (isOurs || this.#runs().length < this.#keys.length) this.#changed.fire();
			}),
		);
		this.own(sources.choices.onDidChange(() => this.#changed.fire()));
	}

	get keys(): readonly RunKey[] {
		return this.#keys;
	}

	/** At most 50, each once. */
	setKeys(keys: readonly RunKey[]): void {
		this.#keys = [...new Set(keys)].slice(0, comparableRuns.most);
		this.#seeds = null;
		this.#pages = {};
		this.#changed.fire();
	}

	choose(change: Partial<CompareChoices>): void {
		this.#choices = { ...this.#choices, ...change };
		this.#pages = {};
		this.#changed.fire();
	}

	showMore(part: ComparePart): void {
		this.#pages = { ...this.#pages, [part]: (this.#pages[part] ?? 1) + 1 };
		this.#changed.fire();
	}

	/** Reads the histories these rows show; those of other rows wait. */
	look(rows: readonly string[]): void {
		const wanted = rows.flatMap((id): Wanted[] => {
			const [, statistic, metric] = /^(min|max) (.*)$/s.exec(id) ?? [];
			if (metric === undefined || (statistic !== "min" && statistic !== "max")) return [];
			return this.#runs()
				.filter((run) => Object.hasOwn(run.metrics, metric))
				.map((run) => ({ key: run.key, metric, statistic, step: 0 }));
		});
		this.#histories.want(wanted);
	}

	state(): CompareState {
		const runs = this.#runs();
		const { stores } = this.sources.model.snapshot;
		return {
			runs: runs.map((run, i) => this.#comparedRun(run, i, runs[0])),
			sentence: this.#sentence(runs),
			sections: this.sections(false),
			...this.#choices,
			missingRuns: this.#keys.length - runs.length,
			isReading: stores.some((store) => store.state.kind === "reading"),
		};
	}

	/** `isWhole`: every row, for the clipboard. */
	sections(isWhole: boolean): CompareSection[] {
		const runs = this.#runs();
		if (runs.length < comparableRuns.least) return [];
		const sheet = new Map(compareSheet(runs).map(({ part, rows }) => [part, rows]));
		return compareParts.flatMap((part) => {
			const rows = this.#rowsOf(part, runs, sheet);
			const shown = rows.filter(({ row }) => this.#isShown(row));
			const most = isWhole ? shown.length : (this.#pages[part] ?? 1) * pageOfRows;
			const made = shown.slice(0, most).flatMap(({ make }) => make());
			if (rows.length === 0) return [];
			return {
				part,
				label: labels[part],
				rows: made,
				moreRows: shown.length - Math.min(most, shown.length),
				rowCount: rows.length,
				differingCount: rows.filter(({ row }) => row.differs).length,
			};
		});
	}

	#isShown({ label, differs }: { readonly label: string; readonly differs: boolean }): boolean {
		return (
			(differs || this.#choices.showEqual) && label.toLowerCase().includes(this.#choices.search.trim().toLowerCase())
		);
	}

	/** Rows as promises: only those that are sent are made. */
	#rowsOf(part: ComparePart, runs: readonly Run[], sheet: ReadonlyMap<SheetPart, readonly SheetRow[]>): LateRow[] {
		const isSystemTag = (row: SheetRow) => row.key.startsWith("mlflow.");
		const tags = sheet.get("tags") ?? [];
		switch (part) {
			case "code":
				return codeRows(runs, (run) => (runs[0] ? this.#code.changedFiles(runs[0], run) : null)).map(ready);
			case "params":
				return (sheet.get("params") ?? []).map((row) => late(row, () => [textRow(`params ${row.key}`, row)]));
			case "metrics":
				return this.#metrics(runs, sheet.get("metrics") ?? []);
			case "system":
				return this.#metrics(runs, sheet.get("systemMetrics") ?? []);
			case "tags":
				return tags.filter((row) => !isSystemTag(row)).map((row) => late(row, () => [textRow(`tags ${row.key}`, row)]));
			case "environment":
				return [
					...environmentRows(runs, this.now()).map(ready),
					...tags.filter(isSystemTag).map((row) => late(row, () => [textRow(`tags ${row.key}`, row)])),
				];
		}
	}

	#metrics(runs: readonly Run[], rows: readonly SheetRow[]): LateRow[] {
		const scene = {
			runs,
			rows: this.#choices.metricRows,
			histories: this.#histories,
			seedsOf: (metric: string) => this.#seedSummary(metric),
		};
		return rows.map((row) => late(row, () => metricRowsOf(row, scene)));
	}

	#sentence(runs: readonly Run[]): string {
		const [base] = runs;
		if (!base) return "";
		const sheet = compareSheet(runs, { onlyDiffering: true });
		const differing = sheet.find(({ part }) => part === "params")?.rows.map((row) => row.key) ?? [];
		return compareSentence({
			runs,
			differingParams: differing,
			changedFiles: runs.map((run, i) => (i === 0 ? null : (this.#code.changedFiles(base, run)?.length ?? null))),
			metrics: guessShownMetrics(runs, 20),
			seedsOf: (metric) => this.#seedSummary(metric),
		});
	}

	/** Null where the base has no other seed. */
	#seedSummary(metric: string): Summary | null {
		const [base] = this.#runs();
		if (!base) return null;
		if (this.#seeds?.of !== base) {
			const active = [...this.sources.model.snapshot.runs.values()].filter(isActive);
			this.#seeds = { of: base, runs: seedsOf(base, active) };
		}
		const values = this.#seeds.runs.map((run) => run.metrics[metric]).filter((value) => value !== undefined);
		const summary = summarise(values);
		return summary?.deviation == null ? null : summary;
	}

	#comparedRun(run: Run, index: number, base: Run | undefined): ComparedRun {
		const files = index === 0 || !base ? null : this.#code.changedFiles(base, run);
		return {
			key: run.key,
			name: toLine(run.name || run.id, 300),
			state: runStateOf(run, this.now()),
			stateWords: stateSentence(run, this.now()),
			colour: this.sources.choices.colourOf(run.key),
			isDeleted: !isActive(run),
			commit: run.commit === null ? null : toLine(run.commit, 60).slice(0, 8),
			changedFiles: files?.length ?? null,
			hasUncommittedDiff: this.#code.hasUncommittedDiff(run),
		};
	}

	#runs(): readonly Run[] {
		return this.#keys.flatMap((key) => this.sources.model.run(key) ?? []);
	}
}

interface LateRow {
	readonly row: { readonly label: string; readonly differs: boolean };
	readonly make: () => readonly CompareRow[];
}

function late(row: SheetRow, make: () => readonly CompareRow[]): LateRow {
	return { row: { label: row.key, differs: row.differs }, make };
}

function ready(row: CompareRow): LateRow {
	return { row, make: () => [row] };
}
