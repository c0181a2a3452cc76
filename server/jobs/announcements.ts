import type { Queryable } from "../database/database";
import { type JobRow, toJob } from "./jobRows";

/** The jobs that a transaction made and changed, each to be told once, as it stands at the end. */
export class Announcements {
	readonly #made = new Set<string>();
	readonly #rows = new Map<string, JobRow>();

	made(row: JobRow): void {
		this.#made.add(row.id);
		this.#rows.set(row.id, row);
	}

	changed(row: JobRow): void {
		this.#rows.set(row.id, row);
	}

	/** The jobs that were made, as they stand. */
	get newJobs(): readonly JobRow[] {
		return [...this.#rows.values()].filter(({ id }) => this.#made.has(id));
	}

	/** Appends take turns until the transaction has committed: this comes last in it, in one question. */
	async append(transaction: Queryable): Promise<void> {
		const rows = [...this.#rows.values()];
		if (rows.length === 0) return;
		transaction.sendLast(
			`select gamma_append_event(project, job, kind, data)
			from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) as given (project, job, kind, data)`,
			[
				rows.map((row) => row.project_id),
				rows.map((row) => row.id),
				rows.map((row) => (this.#made.has(row.id) ? "job.created" : "job.updated")),
				rows.map((row) => JSON.stringify(toJob(row))),
			],
		);
	}
}
