import type { MetricDefinition } from "../../core/sidecar/metricDefinition";
import { OutputParser } from "../../core/sidecar/outputParser";
import type { EndStatus, RecordedRun } from "../../core/sidecar/recordedRun";
import { runLogPath } from "../../core/sidecar/runLogPath";
import { RunProgress } from "../../core/sidecar/runProgress";
import { CheckpointWatcher } from "./checkpointWatcher";
import { OutputLog } from "./outputLog";
import { type CommandEnd, type CommandOptions, runCommand } from "./runCommand";
import { SystemMetrics } from "./systemMetrics";

export interface Training
	extends Pick<CommandOptions, "command" | "folder" | "stdin" | "endRequests" | "endsGroup" | "stdout" | "stderr"> {
	/** What the command is given beside what its run needs. */
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly run: RecordedRun;
	readonly definitions: readonly MetricDefinition[];
	readonly checkpoints: readonly string[];
	/** The command's process group, once it runs. */
	readonly onStart?: (groupId: number) => void;
	readonly onOutput?: CommandOptions["onOutput"];
	/** How far it is, 0 to 1, as its output tells. */
	readonly onFraction?: (fraction: number) => void;
	/** One line for the person. */
	readonly notify: (notice: string) => void;
}

/** Runs a training and logs what it prints, leaves and uses to its run. */
export async function trainUnderSidecar(training: Training): Promise<CommandEnd> {
	const { run, definitions, notify } = training;
	const parser = new OutputParser(definitions);
	const progress = new RunProgress();
	const log = new OutputLog(run.localPath(runLogPath));
	const checkpoints = new CheckpointWatcher(training.checkpoints, training.folder, run, progress);
	let system: SystemMetrics | null = null;
	const end = await runCommand({
		...training,
		env: childEnvironment(training),
		onStart: (groupId) => {
			training.onStart?.(groupId);
			system = new SystemMetrics(groupId, (points) => run.log(points));
		},
		onOutput: (name, bytes) => {
			training.onOutput?.(name, bytes);
			log.write(bytes);
			run.log(progress.place(parser.push(name, bytes, Date.now())));
			if (parser.fraction !== null) training.onFraction?.(parser.fraction);
		},
	});
	(system as SystemMetrics | null)?.stop();
	if (end.problem !== null) notify(`${end.problem}.`);
	run.log(progress.place(parser.end(Date.now())));
	const endTimeMs = Date.now();
	const problem = await checkpoints.end();
	if (problem !== null) notify(`${problem}.`);
	await log.end();
	run.keep(runLogPath);
	run.tag("gamma.exitCode", String(end.code));
	const notice = await run.finish(statusOf(end), endTimeMs);
	if (notice !== null) notify(notice);
	return end;
}

/** Python holds back what it prints into a pipe, by kilobytes, unless told not to. */
function childEnvironment({ env, run }: Training): Record<string, string | undefined> {
	// The run is of this experiment, whatever the environment named for scripts.
	const { MLFLOW_EXPERIMENT_NAME: _, ...inherited } = env;
	return { PYTHONUNBUFFERED: "1", ...inherited, ...run.environment };
}

function statusOf(end: CommandEnd): EndStatus {
	if (end.isKilled) return "KILLED";
	return end.code === 0 ? "FINISHED" : "FAILED";
}
