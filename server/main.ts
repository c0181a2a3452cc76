import { migrateOnly } from "./migrateOnly";
import { serve } from "./serve";
import { isUsersOwn, serveLocal } from "./serveLocal";

export { isUsersOwn, serve, serveLocal };

/**
 * Loaded by `gamma relay` this only lends these. Run by itself it is the relay; with `--local [folder]` the one of this user;
 * with `--migrate` it brings the database to this version and ends, which a deployment does before its new relays start.
 */
function run(option: string | undefined, folder: string | undefined): Promise<number> {
	switch (option) {
		case "--local":
			return serveLocal(process.env, folder);
		case "--migrate":
			return migrateOnly(process.env);
		default:
			return serve(process.env);
	}
}

if (require.main === module) {
	const [option, folder] = process.argv.slice(2);
	void run(option, folder).then((code) => {
		process.exitCode = code;
	});
}
