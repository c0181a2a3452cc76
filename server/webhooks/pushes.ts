import type { Push } from "../../src/core/jobs/readGithub";
import type { Queryable } from "../database/database";
import type { Announcements } from "../jobs/announcements";
import { type JobRow, jobColumns } from "../jobs/jobRows";
import type { Outcome } from "./delivery";
import { keepInstallations } from "./installations";
import type { ProjectRow } from "./projectRow";

export interface PushOfProject {
	readonly news: Push;
	readonly project: ProjectRow;
}

export interface TakenPush {
	readonly outcome: Outcome;
	readonly projectId: string;
	readonly jobId: string | undefined;
	/** The job, where this made one. */
	readonly job: JobRow | undefined;
}

/** One job each, all in one question; a push that is known already makes none. */
export async function takePushes(
	transaction: Queryable,
	pushes: readonly PushOfProject[],
	announcements: Announcements,
): Promise<readonly TakenPush[]> {
	if (pushes.length === 0) return [];
	await bindInstallations(transaction, pushes);
	const column = (value: (push: PushOfProject) => string) => pushes.map(value);
	const rows = await transaction.query<JobRow & { origin: string }>(
		`insert into training_jobs (project_id, branch, commit_sha, message, author, origin, target)
		select project, branch, commit, message, author, origin, target
		from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
			with ordinality as given (project, branch, commit, message, author, origin, target, place)
		order by place on conflict (project_id, origin, attempt) do nothing returning ${jobColumns}, origin`,
		[
			column(({ project }) => project.id),
			column(({ news }) => news.branch),
			column(({ news }) => news.commitSha),
			column(({ news }) => news.message),
			column(({ news }) => news.author),
			column(({ news }) => news.origin),
			column(({ project }) => project.target),
		],
	);
	const made = new Map(rows.map((row) => [`${row.project_id} ${row.origin}`, row]));
	for (const row of rows) announcements.made(row);
	return pushes.map(({ news, project }) => {
		const key = `${project.id} ${news.origin}`;
		const job = made.get(key);
		made.delete(key);
		return { outcome: job ? "job" : "unchanged", projectId: project.id, jobId: job?.id, job };
	});
}

/** A push through the App tells whose installation it is; one that is known stays. */
async function bindInstallations(transaction: Queryable, pushes: readonly PushOfProject[]): Promise<void> {
	const given = pushes.flatMap(({ news: { repository, installationId } }) =>
		installationId === null ? [] : [{ repository, installationId }],
	);
	await keepInstallations(transaction, given);
	for (const { news, project } of pushes) {
		if (news.installationId === null || project.installation_id !== null) continue;
		await transaction.query(
			"update projects set installation_id = $2, updated_at = now() where id = $1 and installation_id is null",
			[project.id, news.installationId],
		);
	}
}
