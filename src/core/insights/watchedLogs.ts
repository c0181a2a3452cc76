import { GammaError } from "../../shared/errors";
import { isEnd } from "../../shared/relay/job";
import type { Run } from "../../shared/run";
import type { JobsSnapshot, TrackedJob } from "../jobs/trackedJob";
import type { LogPart, Relay } from "../relay/relay";
import { isActive } from "../runs/runState";
import { runLogPath } from "../sidecar/runLogPath";
import type { RunLibrary } from "../stores/runLibrary";
import type { WatchedLog } from "./logWatch";

const partBytes = 4 << 20;
/** Runs going at once whose logs are looked for on the disk. */
const mostRuns = 20;

/** The logs of the relay's jobs, whose growth its stream tells. */
export function relayLogs(
	{ jobs }: JobsSnapshot,
	relay: Pick<Relay, "readLog">,
	runsOf: (tracked: TrackedJob) => readonly Run[],
): readonly WatchedLog[] {
	return [...jobs.values()]
		.filter(({ source }) => source === "relay")
		.map((tracked): WatchedLog => {
			const { id, status } = tracked.job;
			return {
				id: `job:${id}`,
				of: { run: runsOf(tracked)[0]?.key ?? null, jobId: id },
				sizeBytes: tracked.logSizeBytes ?? 0,
				isOver: isEnd(status),
				read: (offset, signal) => relay.readLog(id, offset, signal),
			};
		});
}

/** The logs of runs in folders of this machine that no relay's job is of; `isWatched` are those that ended meanwhile. */
export function runLogs(
	runs: Iterable<Run>,
	library: Pick<RunLibrary, "readArtifact">,
	isOwn: (run: Run) => boolean,
	watched: ReadonlySet<string>,
): readonly WatchedLog[] {
	return [...runs]
		.filter((run) => isActive(run) && (run.status === "RUNNING" || watched.has(run.key)) && isOwn(run))
		.slice(0, mostRuns)
		.map(
			(run): WatchedLog => ({
				id: `run:${run.key}`,
				of: { run: run.key, jobId: null },
				sizeBytes: null,
				isOver: run.status !== "RUNNING",
				read: async (offset, signal) => readPart(library, run.key, offset, signal),
			}),
		);
}

/** A run that keeps no log has an empty one. */
async function readPart(
	library: Pick<RunLibrary, "readArtifact">,
	key: string,
	offset: number,
	signal: AbortSignal | undefined,
): Promise<LogPart> {
	try {
		const { bytes, totalBytes } = await library.readArtifact(key, runLogPath, { offset, length: partBytes }, signal);
		return { bytes, sizeBytes: totalBytes ?? offset + bytes.length };
	} catch (error) {
		if (GammaError.is(error, "artifact.missing", "artifact.unreadable"))
			return { bytes: new Uint8Array(), sizeBytes: 0 };
		throw error;
	}
}
