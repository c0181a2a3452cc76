import type { Database } from "../database/database";

/** The App's installation at a repository, by GitHub's own deliveries; null where none has told. */
export async function toldInstallation(database: Database, repository: string): Promise<string | null> {
	const [row] = await database.asRelay((transaction) =>
		transaction.query<{ installation_id: string }>(
			"select installation_id from installations where repository = lower($1)",
			[repository],
		),
	);
	return row?.installation_id ?? null;
}
