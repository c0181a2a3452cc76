import { serve } from "./serve";

export { serve };

// Loaded by `gamma relay` it only lends `serve`; run by itself it is the relay.
if (require.main === module) {
	void serve(process.env).then((code) => {
		process.exitCode = code;
	});
}
