import type { Run } from "../../shared/run";
import type { AttributeKey, ColumnKey } from "./columns";

export type CellValue = number | string | null;

/** What a run has under an attribute, param, tag or metric (its last value); null where it has nothing. */
export function runValue(run: Run, column: ColumnKey, nowMs: number): CellValue {
	switch (column.kind) {
		case "metric":
			return own(run.metrics, column.key);
		case "param":
			return own(run.params, column.key);
		case "tag":
			return own(run.tags, column.key);
		case "attribute":
			return attributeValue(run, column.key as AttributeKey, nowMs);
	}
}

function attributeValue(run: Run, key: AttributeKey, nowMs: number): CellValue {
	switch (key) {
		case "start_time":
			return run.startTimeMs;
		case "end_time":
			return run.endTimeMs;
		case "status":
			return run.status;
		case "run_id":
			return run.id;
		case "user_id":
			return run.userId;
		case "run_name":
			return run.name;
		case "duration":
			return durationMs(run, nowMs);
		case "experiment":
			return run.experimentName;
		case "commit":
			return run.commit;
		case "store":
			return run.storeId;
		case "notes":
			return own(run.tags, "mlflow.note.content");
	}
}

/** Milliseconds from start to end, to now for a run that is still going; null where it is not known. */
export function durationMs(run: Run, nowMs: number): number | null {
	if (run.startTimeMs === null) return null;
	if (run.endTimeMs !== null) return Math.max(0, run.endTimeMs - run.startTimeMs);
	return run.status === "RUNNING" ? Math.max(0, nowMs - run.startTimeMs) : null;
}

export function isDeleted(run: Run): boolean {
	return run.lifecycleStage === "deleted" || run.experimentStage === "deleted";
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | null {
	return Object.hasOwn(record, key) ? (record[key] ?? null) : null;
}
