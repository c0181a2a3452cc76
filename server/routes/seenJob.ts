import type { Queryable } from "../database/database";
import { type JobRow, jobColumns } from "../jobs/jobRows";
import { notFound } from "../problem";
import { demand } from "./userRoute";

/** The job, if the person may see it: 404 when not, 403 when they see it but may not write. */
export async function seenJob(transaction: Queryable, id: string, what: "see" | "write"): Promise<JobRow> {
	const [job] = await transaction.query<JobRow>(`select ${jobColumns} from training_jobs where id = $1`, [id]);
	if (!job) throw notFound();
	await demand(transaction, job.project_id, what);
	return job;
}
