import type { Logger } from "../../src/core/logger";
import type { Database, Queryable } from "../database/database";
import { appendEvent } from "../jobs/jobRows";
import { notFound, Problem } from "../problem";
import { logSize } from "./claim";
import { holdLease } from "./leases";

/** Of one append, and of one answer. */
export const mostBytesAtOnce = 8 * 1_048_576;
/** Of one job's log. */
const mostBytes = 256 * 1_048_576;
/** Streams hear that a log grew at most this often. */
const announceMs = 300;

/** Jobs' logs: appended by offset, read by offset. */
export class JobLogs {
	/** By job, while nothing may be said: the log's length when it last grew unsaid, if it did. */
	readonly #quiet = new Map<string, { timer: NodeJS.Timeout; projectId: string; sizeBytes: number | null }>();

	constructor(
		private readonly database: Database,
		private readonly logger: Logger,
	) {}

	/**
	 * Appends what the log does not have yet; resolves to its length. Bytes that it has are passed by. 409 with the offset
	 * that is wanted when some in between are missing, and when the lease is lost.
	 */
	async append(userId: string, jobId: string, token: string, offset: number, bytes: Buffer): Promise<number> {
		const { grown, sizeBytes } = await this.database.asRelay(async (transaction) => {
			const job = await holdLease(transaction, userId, jobId, token);
			const size = await logSize(transaction, jobId);
			if (offset > size) throw new Problem(409, `The log has ${size} bytes: go on from there.`, { offset: size });
			const end = offset + bytes.length;
			if (end <= size) return { grown: null, sizeBytes: size };
			if (end > mostBytes) throw new Problem(413, `A log takes at most ${mostBytes} bytes.`);
			await transaction.query("insert into logs (job_id, start_byte, bytes) values ($1, $2, $3)", [
				jobId,
				size,
				bytes.subarray(size - offset),
			]);
			const isQuiet = this.#quiet.has(jobId);
			if (!isQuiet) await announce(transaction, job.project_id, jobId, end);
			return { grown: { projectId: job.project_id, isSaid: !isQuiet }, sizeBytes: end };
		});
		if (grown) this.#keepQuiet(jobId, grown.projectId, grown.isSaid ? null : sizeBytes);
		return sizeBytes;
	}

	/** As the person who asks. */
	read(userId: string, jobId: string, offset: number, limit: number): Promise<{ bytes: Buffer; sizeBytes: number }> {
		return this.database.asUser(userId, async (transaction) => {
			const [job] = await transaction.query("select from training_jobs where id = $1", [jobId]);
			if (!job) throw notFound();
			const sizeBytes = await logSize(transaction, jobId);
			const chunks = await transaction.query<{ start_byte: string; bytes: Uint8Array }>(
				`select start_byte::text, bytes from logs
				where job_id = $1 and start_byte > $2::bigint - ${mostBytesAtOnce} and start_byte < $2::bigint + $3::bigint
					and start_byte + octet_length(bytes) > $2::bigint
				order by logs.start_byte`,
				[jobId, offset, limit],
			);
			const all = Buffer.concat(chunks.map(({ bytes }) => bytes));
			const from = offset - Number(chunks[0]?.start_byte ?? offset);
			return { bytes: all.subarray(from, from + limit), sizeBytes };
		});
	}

	/** Says what is still unsaid. */
	async close(): Promise<void> {
		await Promise.all([...this.#quiet.keys()].map((jobId) => this.#speak(jobId)));
		for (const { timer } of this.#quiet.values()) clearTimeout(timer);
		this.#quiet.clear();
	}

	#keepQuiet(jobId: string, projectId: string, sizeBytes: number | null): void {
		const quiet = this.#quiet.get(jobId);
		if (quiet) {
			if (sizeBytes !== null) quiet.sizeBytes = Math.max(quiet.sizeBytes ?? 0, sizeBytes);
			return;
		}
		const timer = setTimeout(() => void this.#speak(jobId), announceMs);
		this.#quiet.set(jobId, { timer, projectId, sizeBytes });
	}

	async #speak(jobId: string): Promise<void> {
		const quiet = this.#quiet.get(jobId);
		this.#quiet.delete(jobId);
		if (!quiet || quiet.sizeBytes === null) return;
		clearTimeout(quiet.timer);
		const { projectId, sizeBytes } = quiet;
		this.#keepQuiet(jobId, projectId, null);
		await this.database
			.asRelay((transaction) => announce(transaction, projectId, jobId, sizeBytes))
			// The job may be gone; else whoever reads the log asks for its length anyway.
			.catch((error: unknown) => this.logger.debug("a log's growth was not announced", { reason: String(error) }));
	}
}

function announce(transaction: Queryable, projectId: string, jobId: string, sizeBytes: number): Promise<void> {
	return appendEvent(transaction, projectId, jobId, "job.log", { jobId, sizeBytes });
}
