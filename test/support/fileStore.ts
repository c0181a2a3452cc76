import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes an MLflow file store by hand, for what the real client would not write. */
export function writeExperiment(root: string, id: string, name: string): void {
	mkdirSync(join(root, id), { recursive: true });
	writeFileSync(
		join(root, id, "meta.yaml"),
		`artifact_location: file://${root}/${id}\ncreation_time: 1\nexperiment_id: '${id}'\nlast_update_time: 1\nlifecycle_stage: active\nname: ${name}\n`,
	);
}

export interface WrittenRun {
	readonly name?: string;
	/** MLflow's numbers: 1 running, 2 scheduled, 3 finished, 4 failed, 5 killed. */
	readonly status?: number;
	readonly stage?: string;
	readonly startTimeMs?: number;
	readonly metrics?: Readonly<Record<string, string>>;
	readonly params?: Readonly<Record<string, string>>;
	readonly tags?: Readonly<Record<string, string>>;
}

export function writeMeta(root: string, experimentId: string, runId: string, run: WrittenRun): void {
	const { name = "run", status = 3, stage = "active", startTimeMs = 1000 } = run;
	const path = join(root, experimentId, runId, "meta.yaml");
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(
		path,
		`artifact_uri: file://${join(root, experimentId, runId)}/artifacts\nend_time: ${status === 1 ? "null" : startTimeMs + 500}\nentry_point_name: ''\nexperiment_id: '${experimentId}'\nlifecycle_stage: ${stage}\nrun_id: ${runId}\nrun_name: ${name}\nsource_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: ${startTimeMs}\nstatus: ${status}\ntags: []\nuser_id: ana\n`,
	);
}

export function writeRun(root: string, experimentId: string, runId: string, run: WrittenRun = {}): void {
	writeMeta(root, experimentId, runId, run);
	const folder = join(root, experimentId, runId);
	for (const kind of ["params", "metrics", "tags", "artifacts"]) mkdirSync(join(folder, kind), { recursive: true });
	for (const kind of ["params", "metrics", "tags"] as const) {
		for (const [key, text] of Object.entries(run[kind] ?? {})) {
			mkdirSync(dirname(join(folder, kind, key)), { recursive: true });
			writeFileSync(join(folder, kind, key), text);
		}
	}
}
