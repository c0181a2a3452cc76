import { type RunMeta, toRun } from "../../core/mlflow/runMeta";
import type { SearchDialect } from "../../core/search/searchRuns";
import type { Experiment, Run, RunDataset } from "../../shared/run";
import { runStatuses } from "../../shared/run";
import { isSqliteDamaged } from "./sqliteErrors";
import { type SqliteRow, type SqliteRows, toNumber, toText } from "./sqliteRows";

/** MLflow's tag with what a data set was used for. */
const contextTag = "mlflow.data.context";

export function readExperiments(rows: SqliteRows): Experiment[] {
	const tags = new Map<string, Record<string, string>>();
	for (const [id, key, value] of rows.all("SELECT CAST(experiment_id AS TEXT), key, value FROM experiment_tags")) {
		put(recordOf(tags, toText(id) ?? ""), toText(key), toText(value));
	}
	const found = rows.all("SELECT CAST(experiment_id AS TEXT), name, lifecycle_stage FROM experiments ORDER BY 1");
	return found.map(([id, name, stage]) => ({
		id: toText(id) ?? "",
		name: toText(name) ?? "",
		lifecycleStage: stage === "deleted" ? "deleted" : "active",
		tags: tags.get(toText(id) ?? "") ?? {},
	}));
}

/** How the MLflow that this schema belongs to searches: its version 3.17 added the column asked for. */
export function readSearchDialect(rows: SqliteRows): SearchDialect {
	const found = rows.all("SELECT 1 FROM pragma_table_info('trace_info') WHERE name = 'trace_name'");
	return found.length > 0 ? "sql" : "sqlBefore317";
}

/** A row of `runs` as it changes in place while a run lives; equal signatures, equal rows. */
export interface RunRow {
	readonly id: string;
	readonly experimentId: string;
	readonly meta: RunMeta;
	readonly problem: string | null;
	readonly signature: string;
}

/** Rows of `runs`, newest first. */
export function readRunRows(rows: SqliteRows, scope: RunScope): RunRow[] {
	const { where, parameters } = toWhere(scope);
	const limit = scope.newest === undefined ? "" : `LIMIT ${scope.newest}`;
	const query = `SELECT run_uuid, name, user_id, status, CAST(start_time AS REAL), CAST(end_time AS REAL), lifecycle_stage,
		artifact_uri, CAST(experiment_id AS TEXT) FROM runs ${where} ORDER BY start_time DESC, run_uuid ${limit}`;
	return rows.all(query, ...parameters).map(toRunRow);
}

function toRunRow(row: SqliteRow): RunRow {
	const [id, name, userId, status, startTime, endTime, stage, artifactUri, experimentId] = row;
	const known = runStatuses.find((word) => word === status);
	return {
		id: toText(id) ?? "",
		experimentId: toText(experimentId) ?? "",
		meta: {
			name: toText(name) ?? "",
			experimentId: toText(experimentId),
			status: known ?? (status === null ? "SCHEDULED" : "FAILED"),
			lifecycleStage: stage === "deleted" ? "deleted" : "active",
			startTimeMs: toNumber(startTime),
			endTimeMs: toNumber(endTime),
			artifactUri: toText(artifactUri),
			userId: toText(userId),
		},
		problem: known || status === null ? null : `The run has the status ${toText(status)}, which MLflow does not know.`,
		signature: row.join("\0"),
	};
}

/** Which runs are read: the newest few, some by id, or all. */
export interface RunScope {
	readonly newest?: number;
	readonly ids?: readonly string[];
}

function toWhere(scope: RunScope): { where: string; parameters: string[] } {
	if (scope.ids === undefined) return { where: "", parameters: [] };
	return { where: "WHERE run_uuid IN (SELECT value FROM json_each(?))", parameters: [JSON.stringify(scope.ids)] };
}

interface RunContent {
	readonly params: Map<string, Record<string, string>>;
	readonly tags: Map<string, Record<string, string>>;
	readonly metrics: Map<string, Record<string, number>>;
	/** The newest timestamp of any metric. */
	readonly lastMetricMs: Map<string, number>;
	readonly datasets: Map<string, RunDataset[]>;
	/** Runs of which something could not be read. */
	readonly damaged: Set<string>;
}

/** Whole runs of the rows given: one query for each table, whatever their number. */
export function readRuns(
	rows: SqliteRows,
	storeId: string,
	runRows: readonly RunRow[],
	experiments: readonly Experiment[],
	isAll: boolean,
): Run[] {
	const ids = runRows.map(({ id }) => id);
	const content = readContent(rows, ids, isAll ? {} : { ids });
	const byId = new Map(experiments.map((experiment) => [experiment.id, experiment]));
	return runRows.map((row) => {
		const experiment = byId.get(row.experimentId);
		const signs = [row.meta.startTimeMs, row.meta.endTimeMs, content.lastMetricMs.get(row.id) ?? null];
		const times = signs.filter((time) => time !== null);
		const problem = content.damaged.has(row.id) ? "Part of this run is damaged in the SQLite file." : row.problem;
		const run = toRun({
			storeId,
			id: row.id,
			experimentId: row.experimentId,
			experimentName: experiment?.name ?? "",
			experimentStage: experiment?.lifecycleStage ?? "active",
			meta: row.meta,
			params: content.params.get(row.id) ?? {},
			metrics: content.metrics.get(row.id) ?? {},
			tags: content.tags.get(row.id) ?? {},
			lastSignMs: times.length > 0 ? Math.max(...times) : null,
			problem,
		});
		const datasets = content.datasets.get(row.id);
		return datasets ? { ...run, datasets } : run;
	});
}

function readContent(rows: SqliteRows, ids: readonly string[], scope: RunScope): RunContent {
	const content: RunContent = {
		params: new Map(),
		tags: new Map(),
		metrics: new Map(),
		lastMetricMs: new Map(),
		datasets: new Map(),
		damaged: new Set(),
	};
	readEach(ids, scope, content.damaged, (part) => readTexts(rows, "params", part, content.params));
	readEach(ids, scope, content.damaged, (part) => readTexts(rows, "tags", part, content.tags));
	readEach(ids, scope, content.damaged, (part) => readLatestMetrics(rows, part, content));
	if (rows.has("input_tags") && rows.has("inputs") && rows.has("datasets")) {
		readEach(ids, scope, content.damaged, (part) => readDatasets(rows, part, content.datasets));
	}
	return content;
}

/** Reads a table for all runs at once; where it is damaged, run by run, so that only those on the damaged pages suffer. */
function readEach(
	ids: readonly string[],
	scope: RunScope,
	damaged: Set<string>,
	read: (scope: RunScope) => void,
): void {
	try {
		read(scope);
	} catch (error) {
		if (!isSqliteDamaged(error)) throw error;
		for (const id of ids) {
			try {
				read({ ids: [id] });
			} catch {
				damaged.add(id);
			}
		}
	}
}

/** `params` or `tags` by run. */
export function readTexts(
	rows: SqliteRows,
	table: "params" | "tags",
	scope: RunScope,
	into: Map<string, Record<string, string>>,
): void {
	const { where, parameters } = toWhere(scope);
	for (const [id, key, value] of rows.all(`SELECT run_uuid, key, value FROM ${table} ${where}`, ...parameters)) {
		put(recordOf(into, toText(id) ?? ""), toText(key), toText(value));
	}
}

/** NaN is `is_nan`; infinities stay ±1.7976931348623157e308, as MLflow's own client gives them. */
function readLatestMetrics(rows: SqliteRows, scope: RunScope, content: RunContent): void {
	const { where, parameters } = toWhere(scope);
	const query = `SELECT run_uuid, key, iif(is_nan, NULL, CAST(value AS REAL)), CAST(timestamp AS REAL) FROM latest_metrics ${where}`;
	for (const [runId, key, value, timestamp] of rows.all(query, ...parameters)) {
		const id = toText(runId) ?? "";
		put(recordOf(content.metrics, id), toText(key), toNumber(value) ?? Number.NaN);
		const time = toNumber(timestamp) ?? 0;
		if (time > (content.lastMetricMs.get(id) ?? 0)) content.lastMetricMs.set(id, time);
	}
}

function readDatasets(rows: SqliteRows, scope: RunScope, into: Map<string, RunDataset[]>): void {
	const { where, parameters } = toWhere(scope);
	const query = `SELECT inputs.destination_id, datasets.name, datasets.digest, input_tags.value FROM inputs
		JOIN datasets ON datasets.dataset_uuid = inputs.source_id
		LEFT JOIN input_tags ON input_tags.input_uuid = inputs.input_uuid AND input_tags.name = '${contextTag}'
		${where.replace("run_uuid", "inputs.destination_id")}`;
	for (const [runId, name, digest, context] of rows.all(query, ...parameters)) {
		const id = toText(runId) ?? "";
		const dataset = { name: toText(name) ?? "", digest: toText(digest) ?? "", context: toText(context) };
		into.set(id, [...(into.get(id) ?? []), dataset]);
	}
}

function recordOf<T>(records: Map<string, Record<string, T>>, id: string): Record<string, T> {
	let record = records.get(id);
	if (record === undefined) {
		record = {};
		records.set(id, record);
	}
	return record;
}

/** A key or value that is NULL is none. `__proto__` would set the prototype if it were assigned. */
function put<T>(record: Record<string, T>, key: string | null, value: T | null): void {
	if (key === null || value === null) return;
	if (key === "__proto__") Object.defineProperty(record, key, { value, enumerable: true, configurable: true });
	else record[key] = value;
}
