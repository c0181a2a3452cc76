import type { Config } from "../config";
import type { Database } from "../database/database";

/** The experiments of the projects that a person is in, by name; null on a local relay, whose one person sees every one. */
export async function seenExperiments(
	database: Database,
	{ auth }: Config,
	userId: string,
): Promise<ReadonlySet<string> | null> {
	if (auth.kind === "local") return null;
	const rows = await database.asUser(userId, (transaction) =>
		transaction.query<{ name: string }>(
			"select distinct mlflow_experiment as name from projects where mlflow_experiment is not null",
		),
	);
	return new Set(rows.map(({ name }) => name));
}
