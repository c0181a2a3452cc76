/** Passed in, never global. Sinks: VS Code's log output channel, JSON lines in the relay, one that throws on `error` in tests. */
export interface Logger {
	debug(message: string, details?: Readonly<Record<string, unknown>>): void;
	info(message: string, details?: Readonly<Record<string, unknown>>): void;
	warn(message: string, details?: Readonly<Record<string, unknown>>): void;
	error(message: string, details?: Readonly<Record<string, unknown>>): void;
	child(name: string): Logger;
}

export const silentLogger: Logger = {
	debug() {},
	info() {},
	warn() {},
	error() {},
	child: () => silentLogger,
};
