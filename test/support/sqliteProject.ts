import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fixturesFolder } from "./fixtures";

/** An MLflow database with the schema of 2.14 or 3.17 and no runs, and a way to write to it as MLflow does. */
export class SqliteProject {
	readonly folder = mkdtempSync(join(tmpdir(), "gamma-sqlite-"));
	readonly file = join(this.folder, "mlflow.db");
	readonly writer: DatabaseSync;

	constructor(version: "2.14" | "3.17" = "3.17") {
		copyFileSync(join(fixturesFolder(), "mlflow", `sqlite-${version}`, "mlflow.db"), this.file);
		this.writer = new DatabaseSync(this.file, { enableForeignKeyConstraints: false });
		// Made up in the test, gone after it: no need to wait for the disk.
		this.writer.exec("PRAGMA synchronous = OFF");
		for (const table of ["metrics", "latest_metrics", "params", "tags", "inputs", "input_tags", "runs"]) {
			this.writer.exec(`DELETE FROM ${table}`);
		}
	}

	/** What lies in the folder, by name. */
	get listing(): string[] {
		return readdirSync(this.folder).sort();
	}

	addRun(id: string, startTimeMs: number, status = "RUNNING"): void {
		this.writer
			.prepare(
				`INSERT INTO runs (run_uuid, name, user_id, status, start_time, lifecycle_stage, artifact_uri, experiment_id)
				VALUES (?, ?, 'ana', ?, ?, 'active', ?, 1)`,
			)
			.run(id, `run-${id}`, status, startTimeMs, `/home/ana/mlruns/1/${id}/artifacts`);
		this.setTag(id, "mlflow.runName", `run-${id}`);
	}

	setParam(id: string, key: string, value: string): void {
		this.writer.prepare("INSERT INTO params (run_uuid, key, value) VALUES (?, ?, ?)").run(id, key, value);
	}

	setTag(id: string, key: string, value: string): void {
		this.writer
			.prepare(
				`INSERT INTO tags (run_uuid, key, value) VALUES (?, ?, ?)
				ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value`,
			)
			.run(id, key, value);
	}

	/** One transaction, as `mlflow.log_metrics` makes; `value` null is NaN. */
	log(
		id: string,
		key: string,
		points: readonly (readonly [step: number, timestampMs: number, value: number | null])[],
	) {
		const insert = this.writer.prepare(
			"INSERT INTO metrics (run_uuid, key, step, timestamp, value, is_nan) VALUES (?, ?, ?, ?, ?, ?)",
		);
		const latest = this.writer.prepare(
			`INSERT INTO latest_metrics (run_uuid, key, step, timestamp, value, is_nan) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (key, run_uuid) DO UPDATE SET step = excluded.step, timestamp = excluded.timestamp,
			value = excluded.value, is_nan = excluded.is_nan`,
		);
		this.writer.exec("BEGIN");
		for (const [step, timestampMs, value] of points) {
			insert.run(id, key, step, timestampMs, value ?? 0, value === null ? 1 : 0);
		}
		const last = points.at(-1);
		if (last) latest.run(id, key, last[0], last[1], last[2] ?? 0, last[2] === null ? 1 : 0);
		this.writer.exec("COMMIT");
	}

	dispose(): void {
		if (this.writer.isOpen) this.writer.close();
		rmSync(this.folder, { recursive: true, force: true });
	}
}
