import { serve } from "./serve";
import { isUsersOwn, serveLocal } from "./serveLocal";

export { isUsersOwn, serve, serveLocal };

// Loaded by `gamma relay` it only lends these; run by itself it is the relay, with `--local [folder]` the one of this user.
if (require.main === module) {
	const [option, folder] = process.argv.slice(2);
	void (option === "--local" ? serveLocal(process.env, folder) : serve(process.env)).then((code) => {
		process.exitCode = code;
	});
}
