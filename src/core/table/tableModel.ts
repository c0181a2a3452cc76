import { type ColumnChoice, columnId, initialLayout, type TableLayout } from "../../shared/panels/tableLayout";
import type { TableColumn, TableEmptiness, TableRows, TableState } from "../../shared/panels/tablePanel";
import type { Run, RunKey } from "../../shared/run";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { RunChoices } from "../runs/runChoices";
import type { RunModel } from "../runs/runModel";
import { isActive } from "../runs/runState";
import type { RunLibrary } from "../stores/runLibrary";
import { type ArrangedRow, groupName } from "./arrangeRows";
import { columnDescription, columnLabel, nameColumn, parseBy } from "./columns";
import { defaultColumns } from "./defaultColumns";
import { MetricHistories, type Wanted } from "./metricHistories";
import { type CellScene, seedsOf, toCell, toShownText, toWanted, toWholeText } from "./tableCells";
import { TableOrder, understand } from "./tableOrder";
import { toTableRow } from "./tableRow";
import { sortLabel, sortsOf, wantedBy } from "./tableSorts";

export interface TableSources {
	readonly model: RunModel;
	readonly choices: RunChoices;
	readonly library: RunLibrary;
}

/** What the runs table shows, of all runs and all choices about them. The panel is its window. */
export class TableModel extends Owner {
	readonly #changed = this.own(new Emitter<void>());
	/** The state is another; take it anew. */
	readonly onDidChange = this.#changed.event;

	readonly #histories: MetricHistories;
	readonly #order: TableOrder;
	readonly #toggled = new Set<string>();
	#version = 0;
	#columns: readonly TableColumn[] | null = null;
	#seeds: { readonly of: Run; readonly runs: readonly Run[] } | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** Histories the present sorts wait for. */
	#sortNeeds: readonly Wanted[] = [];
	#orderChoices = "";

	constructor(
		readonly sources: TableSources,
		private readonly now: () => number = Date.now,
	) {
		super();
		const { model, choices, library } = sources;
		this.#histories = this.own(new MetricHistories(library));
		this.#order = new TableOrder(
			() => ({ ...model.snapshot, choices: choices.snapshot, toggled: this.#toggled, histories: this.#histories }),
			now,
		);
		this.own(model.onDidChange(() => this.#runsChanged()));
		this.own(choices.onDidChange(() => this.#choicesChanged()));
		this.own(this.#histories.onDidChange(() => this.#historyCame()));
		this.own({ dispose: () => clearTimeout(this.#timer) });
		this.#choicesChanged();
	}

	get layout(): TableLayout {
		return this.sources.choices.snapshot.table ?? initialLayout;
	}

	get columns(): readonly TableColumn[] {
		this.#columns ??= this.#makeColumns();
		return this.#columns;
	}

	/** The chosen columns, or those chosen for want of a choice. */
	get chosenColumns(): readonly ColumnChoice[] {
		const { model, choices } = this.sources;
		return this.layout.columns ?? defaultColumns(visibleRuns(model, choices), choices.snapshot.shownMetrics);
	}

	state(): TableState {
		const { model, choices } = this.sources;
		const { waiting, laterMs } = this.#order.waiting();
		if (laterMs !== null) this.#announceIn(laterMs);
		const chosen = choices.snapshot;
		const { rows, topCount, matching } = this.#order.table;
		const baseline = chosen.baseline === null ? undefined : model.run(chosen.baseline);
		let totalRuns = 0;
		for (const run of model.snapshot.runs.values()) if (chosen.showDeleted || isActive(run)) totalRuns++;
		return {
			revision: this.#order.revision,
			version: this.#version,
			rowCount: rows.length,
			topCount,
			matchingRuns: matching,
			totalRuns,
			checkedRuns: chosen.checked.filter((key) => model.run(key)).length,
			columns: this.columns,
			nameWidth: this.layout.nameWidth,
			nameSort: this.#sortMark(nameColumn),
			arrangement: this.layout.arrangement,
			showChange: this.layout.showChange,
			sorts: sortsOf(chosen).map((sort) => ({ ...sort, label: sortLabel(sort.column) })),
			filters: chosen.filters.map((text) => ({ text, problem: understand(text).problem })),
			showDeleted: chosen.showDeleted,
			baseline: baseline ? { key: baseline.key, name: baseline.name } : null,
			waiting,
			historiesToRead: this.#sortNeeds.filter((wanted) => !this.#histories.isUpToDate(wanted)).length,
			isReading: model.snapshot.stores.some((store) => store.state.kind === "reading"),
			emptiness: rows.length === 0 ? this.#emptiness() : null,
		};
	}

	/** Reads the histories that these rows show in these columns, before any others. */
	look(ranges: readonly (readonly [number, number])[], firstColumn: number, endColumn: number): void {
		const columns = this.columns.slice(firstColumn, endColumn);
		const shown = ranges.flatMap(([from, to]) => this.#order.table.rows.slice(from, to));
		this.#histories.want([...this.#wantedBy(shown, columns), ...this.#sortNeeds]);
	}

	/** Rows of the present order; fewer where it ends before. */
	rows(from: number, to: number, firstColumn: number, endColumn: number): TableRows {
		const columns = this.columns.slice(firstColumn, endColumn);
		const shown = this.#order.table.rows.slice(from, to);
		const scene = this.#scene();
		const { choices } = this.sources;
		const checked = new Set(choices.snapshot.checked);
		const rows = shown.map((row) => {
			const runs = this.#current(row);
			const cells = columns.map((column) => toCell(runs, column, this.#rowScene(scene, row)));
			return toTableRow(row, runs, cells, { choices, checked, nowMs: scene.nowMs, isGone: this.#isGone(row) });
		});
		return { revision: this.#order.revision, from, firstColumn, rows };
	}

	/** The rows from one to before another, without their cells. */
	slice(from: number, to: number): readonly ArrangedRow[] {
		return this.#order.table.rows.slice(from, to);
	}

	placeOf(id: string): number | null {
		return this.#order.placeOf(id);
	}

	/** The rows of these ids that there are, with their runs as they are now, in the table's order. */
	rowsOf(ids: readonly string[]): readonly { readonly row: ArrangedRow; readonly runs: readonly Run[] }[] {
		const places = ids.map((id) => this.#order.placeOf(id)).filter((place) => place !== null);
		return places
			.sort((a, b) => a - b)
			.flatMap((place) => {
				const row = this.#order.table.rows[place];
				return row ? [{ row, runs: this.#current(row) }] : [];
			});
	}

	/** Each run once, in the table's order. */
	keysOf(ids: readonly string[]): readonly RunKey[] {
		return [...new Set(this.rowsOf(ids).flatMap(({ runs }) => runs.map((run) => run.key)))];
	}

	nameOf(row: ArrangedRow): string {
		const runs = this.#current(row);
		return row.kind === "run" ? (runs[0]?.name ?? "") : groupName(runs);
	}

	/** As shown, or with every digit (`isWhole`). */
	cellTexts(runs: readonly Run[], row: ArrangedRow, isWhole: boolean): readonly string[] {
		const scene = this.#rowScene(this.#scene(), row);
		return this.columns.map((column) => (isWhole ? toWholeText : toShownText)(runs, column, scene));
	}

	takeIn(): void {
		this.#renew();
	}

	setLayout(change: Partial<TableLayout>): void {
		this.sources.choices.update({ table: { ...this.layout, ...change } });
	}

	/** `ids` null: every row that can be. */
	setExpanded(ids: readonly string[] | null, expanded: boolean): void {
		const usually = this.layout.arrangement === "nested";
		const rows = this.#order.table.rows.filter(
			(row) => row.isExpanded !== null && (ids === null || ids.includes(row.id)),
		);
		for (const { id } of rows) {
			if (expanded === usually) this.#toggled.delete(id);
			else this.#toggled.add(id);
		}
		this.#renew();
	}

	#runsChanged(): void {
		this.#seeds = null;
		if (this.#order.table.rows.length === 0) {
			this.#renew();
			return;
		}
		this.#order.markStale();
		this.#announce();
	}

	#choicesChanged(): void {
		const { checked: _checked, colours: _colours, table, ...others } = this.sources.choices.snapshot;
		const orderChoices = JSON.stringify([others, table?.sorts, table?.arrangement]);
		this.#columns = null;
		if (orderChoices === this.#orderChoices) {
			this.#announce();
			return;
		}
		this.#orderChoices = orderChoices;
		this.#renew();
	}

	#historyCame(): void {
		const isSortReady = this.#sortNeeds.every((wanted) => this.#histories.isUpToDate(wanted));
		if (this.#sortNeeds.length > 0 && isSortReady) {
			this.#sortNeeds = [];
			this.#order.renew();
		}
		this.#announce();
	}

	#renew(): void {
		this.#columns = null;
		this.#order.renew();
		const sorts = sortsOf(this.sources.choices.snapshot);
		const runs = this.#order.table.rows.flatMap((row) => row.runs);
		this.#sortNeeds = wantedBy(sorts, runs).filter((wanted) => !this.#histories.isUpToDate(wanted));
		if (this.#sortNeeds.length > 0) this.#histories.want(this.#sortNeeds);
		this.#announce();
	}

	#announce(): void {
		this.#version++;
		this.#changed.fire();
	}

	#announceIn(ms: number): void {
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			this.#announce();
		}, ms);
	}

	#makeColumns(): readonly TableColumn[] {
		const hasChange = this.sources.choices.snapshot.baseline !== null && this.layout.showChange;
		return this.chosenColumns.flatMap((choice) => {
			const key = parseBy(choice.by);
			if (!key) return [];
			const id = columnId(choice);
			const column: TableColumn = {
				id,
				by: choice.by,
				kind: key.kind,
				statistic: choice.statistic,
				step: choice.step ?? null,
				label: columnLabel(choice.by),
				description: columnDescription(choice),
				isChange: false,
				isNumeric: key.kind === "metric" || key.key === "duration",
				width: this.#widthOf(choice, key.kind),
				sort: this.#sortMark(id),
			};
			if (!hasChange || key.kind !== "metric") return [column];
			const description = `change of ${column.description} from the baseline`;
			return [column, { ...column, id: `change ${id}`, isChange: true, description, width: 140, sort: null }];
		});
	}

	/** A mean and its deviation are wider than a value; a width somebody chose stays. */
	#widthOf(choice: ColumnChoice, kind: TableColumn["kind"]): number {
		const isMean = this.layout.columns === null && this.layout.arrangement === "seeds" && kind === "metric";
		return isMean ? Math.max(choice.width, 150) : choice.width;
	}

	#sortMark(id: string): TableColumn["sort"] {
		const place = sortsOf(this.sources.choices.snapshot).findIndex((sort) => sort.column === id);
		const sort = sortsOf(this.sources.choices.snapshot)[place];
		return sort ? { place: place + 1, descending: sort.descending } : null;
	}

	#current(row: ArrangedRow): readonly Run[] {
		return row.runs.map((run) => this.sources.model.run(run.key) ?? run);
	}

	#isGone(row: ArrangedRow): boolean {
		return row.runs.every((run) => this.sources.model.run(run.key) === undefined);
	}

	#scene(): CellScene {
		const { model, choices } = this.sources;
		const key = choices.snapshot.baseline;
		const baseline = key === null ? undefined : model.run(key);
		const common = { nowMs: this.now(), histories: this.#histories };
		if (!baseline) return { ...common, baseline: [], baselineSeeds: [] };
		if (this.#seeds?.of !== baseline) {
			this.#seeds = { of: baseline, runs: seedsOf(baseline, visibleRuns(model, choices)) };
		}
		return { ...common, baseline: [baseline], baselineSeeds: this.#seeds.runs };
	}

	/** A group is compared with the baseline's group: mean with mean. */
	#rowScene(scene: CellScene, row: ArrangedRow): CellScene {
		return row.kind === "seeds" ? { ...scene, baseline: scene.baselineSeeds } : scene;
	}

	#wantedBy(rows: readonly ArrangedRow[], columns: readonly TableColumn[]): Wanted[] {
		const { baseline, baselineSeeds } = this.#scene();
		const runs = [...rows.flatMap((row) => row.runs), ...baseline, ...baselineSeeds];
		return columns.flatMap((column) => {
			const key = parseBy(column.by);
			if (key?.kind !== "metric" || column.statistic === "last") return [];
			return runs
				.filter((run) => Object.hasOwn(run.metrics, key.key))
				.flatMap((run) => toWanted(run.key, column, key.key) ?? []);
		});
	}

	#emptiness(): TableEmptiness {
		const { model, choices } = this.sources;
		const { stores, runs } = model.snapshot;
		if (stores.length === 0) return { kind: "no-store" };
		const active = [...runs.values()].filter(isActive).length;
		if (choices.snapshot.filters.length > 0 && runs.size > 0) return { kind: "all-filtered", count: active };
		if (runs.size > 0) return { kind: "all-deleted", count: runs.size };
		const failed = stores.find((store) => store.state.kind === "failed");
		if (failed?.state.kind === "failed") {
			return { kind: "failed", store: failed.label, message: failed.state.message };
		}
		const reading = stores.filter((store) => store.state.kind === "reading").map((store) => store.label);
		return reading.length > 0 ? { kind: "reading", stores: reading.join(", ") } : { kind: "no-run" };
	}
}

function* visibleRuns(model: RunModel, choices: RunChoices): Iterable<Run> {
	for (const run of model.snapshot.runs.values()) if (choices.snapshot.showDeleted || isActive(run)) yield run;
}
