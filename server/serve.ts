import { toFailure } from "../src/shared/errors";
import { readConfig } from "./config";
import { type Relay, startRelay } from "./relay";

/** Work under way gets this long after SIGTERM; Fargate kills after 30 s. */
const graceMs = 20_000;

/**
 * Runs the relay until SIGTERM or SIGINT. The first line of standard output is `{"url": …, "token": …}` once requests are
 * accepted and `onReady` has been told; the log is on standard error. Resolves with the exit code.
 */
export async function serve(
	environment: Readonly<Record<string, string | undefined>>,
	onReady?: (relay: Relay) => Promise<void>,
): Promise<number> {
	const stopped = new Promise<void>((resolve) => {
		process.once("SIGTERM", () => resolve());
		process.once("SIGINT", () => resolve());
	});
	let relay: Relay | undefined;
	try {
		relay = await startRelay(readConfig(environment), (line) => process.stderr.write(line));
		await onReady?.(relay);
	} catch (error) {
		await relay?.close();
		for (const line of toFailure(error).message.split("\n")) process.stderr.write(`gamma relay: ${line}\n`);
		return 1;
	}
	process.stdout.write(`${JSON.stringify({ url: relay.url, token: relay.token })}\n`);
	await stopped;
	const late = setTimeout(() => process.exit(1), graceMs);
	await relay.close();
	clearTimeout(late);
	return 0;
}
