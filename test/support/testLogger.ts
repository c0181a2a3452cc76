import type { Logger } from "../../src/core/logger";

/** A logged error fails the test. */
export const testLogger: Logger = {
	debug() {},
	info() {},
	warn() {},
	error(message, details) {
		throw new Error(`logged error: ${message} ${JSON.stringify(details ?? {})}`);
	},
	child: () => testLogger,
};
