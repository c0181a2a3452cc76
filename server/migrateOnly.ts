import { GammaError, toFailure } from "../src/shared/errors";
import { readConfig } from "./config";
import { migrate } from "./database/migrate";
import { migrations } from "./database/migrations";
import { connectPostgres } from "./database/postgres";

const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/** Brings the database that the environment names to this version. Resolves with the exit code. */
export async function migrateOnly(environment: Readonly<Record<string, string | undefined>>): Promise<number> {
	try {
		const { databaseUrl } = readConfig(environment);
		if (databaseUrl === null)
			throw new GammaError("settings.invalid", "DATABASE_URL must be set: an embedded database migrates as it starts.");
		const database = connectPostgres(databaseUrl, silent);
		try {
			await migrate(database, migrations);
		} finally {
			await database.close();
		}
		process.stdout.write("The database is of this version.\n");
		return 0;
	} catch (error) {
		process.stderr.write(`gamma relay: ${toFailure(error).message}\n`);
		return 1;
	}
}
