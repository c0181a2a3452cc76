import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import type { Claim } from "../../shared/relay/queue";

const jobEnd = z.object({
	status: z.enum(["completed", "failed", "stopped"]),
	exitCode: z.optional(z.number()),
	error: z.optional(z.string()),
	mlflowRunId: z.optional(z.string()),
});

const note = z.object({
	/** Without its token. */
	relay: z.string(),
	jobId: z.string(),
	lease: z.string(),
	/** Bytes of the job's log that runners before this one wrote. */
	logBaseBytes: z.number(),
	/** Who trains it: a process of this machine; a home folder may be several machines'. */
	host: z.string(),
	pid: z.number(),
	/** In the environment of everything that the job starts. */
	mark: z.string(),
	/** Bytes of `reports.jsonl` that the relay has. */
	reportedBytes: z.number(),
	/** MLflow's note of the run that it writes, where that is a file. */
	runMeta: z.nullable(z.string()),
	/** Null until the training has ended. */
	end: z.nullable(jobEnd),
	endedMs: z.nullable(z.number()),
});
export type JobNote = z.infer<typeof note>;

/**
 * What one runner keeps of one job on disk, so that neither a relay nor a runner that goes away loses any of it: the note, the
 * log, the reports, and the checkout beside them.
 */
export class JobFolder {
	static create(dataDir: string, relay: string, { job, lease, logSizeBytes }: Claim): JobFolder {
		const path = join(dataDir, "jobs", `${job.id}-${lease.token}`);
		mkdirSync(path, { recursive: true, mode: 0o700 });
		const folder = new JobFolder(path, {
			relay,
			jobId: job.id,
			lease: lease.token,
			logBaseBytes: logSizeBytes,
			host: hostname(),
			pid: process.pid,
			mark: randomUUID(),
			reportedBytes: 0,
			runMeta: null,
			end: null,
			endedMs: null,
		});
		folder.update({});
		return folder;
	}

	/**
	 * Those of runners of this machine that have ended; they are this process's from now on. Called before this process has
	 * any of its own: in a container the one before had the same id.
	 */
	static takeLeft(dataDir: string): JobFolder[] {
		const parent = join(dataDir, "jobs");
		return foldersOf(parent).flatMap((name) => {
			const path = join(parent, name);
			const parsed = z.safeParse(note, readJson(join(path, "job.json")));
			if (!parsed.success || parsed.data.host !== hostname() || isAlive(parsed.data.pid)) return [];
			const folder = new JobFolder(path, parsed.data);
			folder.update({ pid: process.pid });
			return [folder];
		});
	}

	private constructor(
		readonly path: string,
		public note: JobNote,
	) {}

	get logPath(): string {
		return join(this.path, "log");
	}

	get reportsPath(): string {
		return join(this.path, "reports.jsonl");
	}

	/** Where its commit is checked out. */
	get treePath(): string {
		return join(this.path, "tree");
	}

	update(change: Partial<JobNote>): void {
		this.note = { ...this.note, ...change };
		const path = join(this.path, "job.json");
		writeFileSync(`${path}.new`, JSON.stringify(this.note), { mode: 0o600 });
		renameSync(`${path}.new`, path);
	}

	/** What cannot be removed now is tried again at the next start. */
	remove(): void {
		try {
			rmSync(this.path, { recursive: true, force: true });
		} catch {
			// A training may have left a folder that nobody may write to.
		}
	}
}

function foldersOf(parent: string): string[] {
	try {
		return readdirSync(parent);
	} catch {
		return [];
	}
}

function readJson(path: string): unknown {
	try {
		return JSON.parse(readFileSync(path, "utf8"));
	} catch {
		return null;
	}
}

function isAlive(pid: number): boolean {
	if (pid === process.pid) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}
