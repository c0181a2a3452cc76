import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { EndStatus, LoggedPoint, NewRun, RecordedRun } from "../../core/sidecar/recordedRun";
import { writeYaml } from "../../core/sidecar/writeYaml";
import { findOrMakeExperiment, makeWhole } from "./folderExperiment";

const statusNumbers: Record<EndStatus, number> = { FINISHED: 3, FAILED: 4, KILLED: 5 };
const flushEveryMs = 500;
/** A script that prints a metric and logs it too does both within so long: its own point is the one that stays. */
const firstHeldMs = 2000;

/** A run in an MLflow folder, written as MLflow's own file store writes it. */
export class FolderRun implements RecordedRun {
	readonly #folder: string;
	/** What we have appended to each metric's file. */
	readonly #written = new Map<string, number>();
	readonly #waiting = new Map<string, { sinceMs: number; lines: string[] }>();
	readonly #ofScript = new Set<string>();
	readonly #timer: NodeJS.Timeout;
	#flushing: Promise<void> = Promise.resolve();
	#problem: string | null = null;

	/** Makes the run. Rejects with `store.refused`, or as the disk does. */
	static async start(root: string, run: NewRun): Promise<FolderRun> {
		const experimentId = await findOrMakeExperiment(root, run.experimentName);
		const id = randomUUID().replaceAll("-", "");
		const path = join(experimentId, id);
		const meta = {
			artifact_uri: `${pathToFileURL(join(root, path)).href}/artifacts`,
			end_time: null,
			entry_point_name: "",
			experiment_id: experimentId,
			lifecycle_stage: "active",
			run_id: id,
			run_name: run.name,
			run_uuid: id,
			source_name: "",
			source_type: 4,
			source_version: "",
			start_time: run.startTimeMs,
			status: 1,
			tags: [],
			user_id: run.user,
		};
		const tags = Object.entries(run.tags).map(([key, value]) => [`tags/${key}`, value] as const);
		const folders = ["artifacts", "metrics", "params", "tags"];
		makeWhole(root, path, { ...Object.fromEntries(tags), "meta.yaml": writeYaml(meta) }, folders);
		return new FolderRun(root, experimentId, id);
	}

	private constructor(
		private readonly root: string,
		private readonly experimentId: string,
		readonly id: string,
	) {
		this.#folder = join(root, experimentId, id);
		this.#timer = setInterval(() => void this.#flush(false), flushEveryMs).unref();
	}

	get metaPath(): string {
		return join(this.#folder, "meta.yaml");
	}

	get environment(): Readonly<Record<string, string>> {
		return {
			MLFLOW_TRACKING_URI: pathToFileURL(this.root).href,
			MLFLOW_RUN_ID: this.id,
			MLFLOW_EXPERIMENT_ID: this.experimentId,
			// MLflow from 3.13 on refuses folders without it.
			MLFLOW_ALLOW_FILE_STORE: "true",
			GAMMA_RUN_ID: this.id,
		};
	}

	localPath(artifactPath: string): string {
		return join(this.#folder, "artifacts", artifactPath);
	}

	keep(): void {
		// It lies where it belongs.
	}

	log(points: readonly LoggedPoint[]): void {
		for (const { key, value, step, timestampMs } of points) {
			if (this.#ofScript.has(key)) continue;
			const waiting = this.#waiting.get(key) ?? { sinceMs: Date.now(), lines: [] };
			waiting.lines.push(`${Math.trunc(timestampMs)} ${toPython(value)} ${step}\n`);
			this.#waiting.set(key, waiting);
		}
	}

	tag(key: string, value: string): void {
		this.#attempt(() => writeFileSync(join(this.#folder, "tags", key), value));
	}

	async finish(status: EndStatus, endTimeMs: number): Promise<string | null> {
		clearInterval(this.#timer);
		await this.#flush(true);
		this.#attempt(() => writeEnd(this.metaPath, status, endTimeMs));
		return this.#problem === null ? null : `The run ${this.id} is not complete in ${this.root}: ${this.#problem}.`;
	}

	#attempt(write: () => void): void {
		try {
			write();
		} catch (error) {
			this.#problem = error instanceof Error ? error.message : String(error);
		}
	}

	#flush(isLast: boolean): Promise<void> {
		this.#flushing = this.#flushing.then(() => this.#append(isLast));
		return this.#flushing;
	}

	async #append(isLast: boolean): Promise<void> {
		const now = Date.now();
		for (const [key, { sinceMs, lines }] of [...this.#waiting]) {
			if (!isLast && !this.#written.has(key) && now - sinceMs < firstHeldMs) continue;
			this.#waiting.delete(key);
			const path = join(this.#folder, "metrics", ...key.split("/"));
			const written = this.#written.get(key) ?? 0;
			if (sizeOf(path) !== written) {
				this.#ofScript.add(key);
				continue;
			}
			const text = lines.join("");
			try {
				mkdirSync(dirname(path), { recursive: true });
				await appendFile(path, text);
				this.#written.set(key, written + Buffer.byteLength(text));
			} catch (error) {
				const problem = error instanceof Error ? error.message : String(error);
				if (isLast) this.#problem = problem;
				else this.#putBack(key, sinceMs, lines, sizeOf(path));
			}
		}
	}

	/** A full disk may have room again; what was written of it then is the file's own. */
	#putBack(key: string, sinceMs: number, lines: string[], sizeBytes: number): void {
		const newer = this.#waiting.get(key)?.lines ?? [];
		this.#waiting.set(key, { sinceMs, lines: [...lines, ...newer] });
		if (sizeBytes === 0) return;
		this.#written.set(key, sizeBytes);
	}
}

/** A run that its writer left running when it was ended without a word. One that is gone, or has ended, stays as it is. */
export function endLeftRun(metaPath: string, endTimeMs: number): void {
	try {
		if (/^status: 1$/m.test(readFileSync(metaPath, "utf8"))) writeEnd(metaPath, "KILLED", endTimeMs);
	} catch {
		// Somebody has removed it.
	}
}

/** The script may have renamed the run: only what has ended it is changed. */
function writeEnd(path: string, status: EndStatus, endTimeMs: number): void {
	const meta = readFileSync(path, "utf8")
		.replace(/^status: .*$/m, `status: ${statusNumbers[status]}`)
		.replace(/^end_time: .*$/m, `end_time: ${endTimeMs}`);
	const making = `${path}.gamma`;
	writeFileSync(making, meta);
	renameSync(making, path);
}

/** Zero for what is not there. */
function sizeOf(path: string): number {
	try {
		return statSync(path).size;
	} catch {
		return 0;
	}
}

function toPython(value: number): string {
	if (Number.isNaN(value)) return "nan";
	if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
	return Object.is(value, -0) ? "-0.0" : String(value);
}
