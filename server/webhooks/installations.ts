import type { InstallationNews } from "../../src/core/jobs/readGithub";
import type { Queryable } from "../database/database";
import type { Announcements } from "../jobs/announcements";
import { type JobRow, jobColumns } from "../jobs/jobRows";
import type { Taken } from "./delivery";

const reasons = {
	removed: "The GitHub App was removed from the repository's account.",
	suspended: "The GitHub App was suspended on the repository's account.",
} as const;

/** Keeps where the App is installed, by GitHub's own word: a project's own field is its owner's to write. */
export async function keepInstallations(
	transaction: Queryable,
	given: readonly { readonly repository: string; readonly installationId: string }[],
): Promise<void> {
	const latest = new Map(given.map(({ repository, installationId }) => [repository, installationId]));
	if (latest.size === 0) return;
	await transaction.query(
		`insert into installations (repository, installation_id)
		select repository, id from unnest($1::text[], $2::text[]) as given (repository, id) order by repository
		on conflict (repository) do update set installation_id = excluded.installation_id, updated_at = now()
			where installations.installation_id <> excluded.installation_id`,
		[[...latest.keys()], [...latest.values()]],
	);
}

/** The App came to repositories, or left an account: then what waits there is stopped. */
export async function takeInstallation(
	transaction: Queryable,
	{ change, installationId, repositories }: InstallationNews,
	announcements: Announcements,
): Promise<Taken> {
	if (change === "given") {
		await keepInstallations(
			transaction,
			repositories.map((repository) => ({ repository, installationId })),
		);
		const given = await transaction.query<{ id: string }>(
			`update projects set installation_id = $1, updated_at = now()
			where lower(repository) = any($2::text[]) and installation_id is distinct from $1 returning id`,
			[installationId, repositories],
		);
		return { outcome: given.length > 0 ? "changed" : "unchanged", projectId: given[0]?.id };
	}
	await transaction.query(
		"delete from installations where installation_id = $1 and ($2::boolean or repository = any($3::text[]))",
		[installationId, change !== "takenAway", repositories],
	);
	if (change === "takenAway") return { outcome: "changed" };
	// By name only where no other installation has come since.
	const stopped = await transaction.query<JobRow>(
		`update training_jobs set status = 'stopped', reason = $3, completed_at = now(), updated_at = now()
		where status = 'pending' and project_id in (select id from projects
			where installation_id = $1 or (installation_id is null and lower(repository) = any($2::text[])))
		returning ${jobColumns}`,
		[installationId, repositories, reasons[change]],
	);
	for (const row of stopped) announcements.changed(row);
	return { outcome: stopped.length > 0 ? "changed" : "unchanged", projectId: stopped[0]?.project_id };
}
