import type { LogExcerpt } from "../../shared/panels/jobPanel";
import type { Relay } from "../relay/relay";
import { logExcerpt } from "./logExcerpt";
import { LogLines } from "./logLines";

/** Of a longer log its end is looked through. */
const mostBytes = 4 << 20;

/** What a job's log says of its failure; null where the log is empty. Rejects as `Relay.readLog` does. */
export async function readFailure(
	relay: Pick<Relay, "readLog">,
	jobId: string,
	paths: ReadonlySet<string>,
	signal?: AbortSignal,
): Promise<LogExcerpt | null> {
	let { bytes, sizeBytes } = await relay.readLog(jobId, 0, signal);
	if (bytes.length < sizeBytes) {
		({ bytes, sizeBytes } = await relay.readLog(jobId, Math.max(0, sizeBytes - mostBytes), signal));
	}
	const { lines } = new LogLines().push(new TextDecoder("utf-8").decode(bytes));
	return logExcerpt(lines, paths);
}
