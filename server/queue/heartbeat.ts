import type { Database } from "../database/database";
import { announceJob, appendEvent, type JobRow, jobColumns } from "../jobs/jobRows";
import { demandUnended, holdLease, renewLease } from "./leases";

type Value = number | "NaN" | "Infinity" | "-Infinity";

export interface Heartbeat {
	readonly lease: string;
	readonly progress?: number | undefined;
	/** The run that it writes, once there is one. */
	readonly mlflowRunId?: string | undefined;
	readonly metrics?:
		| { readonly step?: number | undefined; readonly values: Readonly<Record<string, Value>> }
		| undefined;
}

/** The runner lives: its lease lasts on, and it hears whether to stop. */
export function takeHeartbeat(
	database: Database,
	userId: string,
	jobId: string,
	{ lease, progress, mlflowRunId, metrics }: Heartbeat,
	leaseSeconds: number,
): Promise<{ stop: boolean; expiresAt: string }> {
	return database.asRelay(async (transaction) => {
		const job = await holdLease(transaction, userId, jobId, lease);
		demandUnended(job);
		const expiresAt = await renewLease(transaction, jobId, leaseSeconds);
		// It may have been given up for lost, without anybody who took it.
		const isNewRun = mlflowRunId !== undefined && mlflowRunId !== job.mlflow_run_id;
		const isNews = isNewRun || (progress !== undefined && progress !== job.progress);
		// A training that says nothing for long still lives: whoever watches hears so once a minute.
		if (job.status === "pending" || isNews || job.is_quiet) {
			const [row] = await transaction.query<JobRow>(
				`update training_jobs set status = 'running', progress = coalesce($2, progress), mlflow_run_id = coalesce($3, mlflow_run_id),
					reason = case when status = 'pending' then null else reason end, updated_at = now()
				where id = $1 returning ${jobColumns}`,
				[jobId, progress ?? null, mlflowRunId ?? null],
			);
			if (row) await announceJob(transaction, "job.updated", row);
		}
		if (metrics && Object.keys(metrics.values).length > 0) {
			await appendEvent(transaction, job.project_id, jobId, "job.metric", {
				jobId,
				step: metrics.step ?? null,
				metrics: Object.fromEntries(Object.entries(metrics.values).map(([key, value]) => [key, toValue(value)])),
			});
		}
		return { stop: job.stop_requested, expiresAt };
	});
}

/** A number too large for JSON has become infinite on its way in; JSON has no such number. */
function toValue(value: Value): Value {
	return typeof value === "number" && !Number.isFinite(value) ? (String(value) as Value) : value;
}
