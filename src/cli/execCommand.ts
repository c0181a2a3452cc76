import { type Command, InvalidArgumentError } from "commander";
import { describeRun } from "../adapters/sidecar/describeRun";
import { signalsOfThisProcess } from "../adapters/sidecar/runCommand";
import { trainUnderSidecar } from "../adapters/sidecar/sidecar";
import { startRun } from "../adapters/sidecar/startRun";
import { type MetricDefinition, parseMetricDefinition } from "../core/sidecar/metricDefinition";
import { toFailure } from "../shared/errors";
import { withAuth } from "./openStores";
import { spoolFolder } from "./stateFolders";
import { collect } from "./storeOption";
import type { Terminal } from "./terminal";

interface ExecOptions {
	readonly store?: string;
	readonly experiment?: string;
	readonly name?: string;
	readonly checkpoints?: readonly string[];
	readonly metricRegex?: readonly MetricDefinition[];
}

export function addExec(gamma: Command, terminal: Terminal): void {
	gamma
		.command("exec")
		.description("Runs a training and logs what it prints as an MLflow run; ends with the training's own exit code.")
		.usage("[options] -- COMMAND...")
		.option("--store <uri>", "an MLflow folder or server; without it MLFLOW_TRACKING_URI, else mlruns in this folder")
		.option("--experiment <name>", "the run's experiment, made when there is none of that name")
		.option("--name <name>", "the run's name")
		.option("--checkpoints <glob>", "files to keep as the run's artifacts; may be given several times", collect)
		.option("--metric-regex <name=regex>", "a metric found by a pattern; may be given several times", collectDefinition)
		.argument("<command...>", "the training and its arguments")
		.action(async (command: readonly string[], options: ExecOptions) => {
			process.exitCode = await exec(command, options, terminal);
		});
}

async function exec(command: readonly string[], options: ExecOptions, terminal: Terminal): Promise<number> {
	const { env } = process;
	const location = withAuth(options.store ?? (env.MLFLOW_TRACKING_URI?.trim() || "mlruns"), env);
	const experimentName = options.experiment ?? (env.MLFLOW_EXPERIMENT_NAME || "Default");
	const described = await describeRun(command, process.cwd(), { name: options.name, experimentName });
	const run = await startRun(location, described, spoolFolder(env));
	if (run.id === null)
		terminal.warn("gamma: The server does not answer; the training starts, and its run is sent later.\n");
	// The terminal ends the command when nobody reads; a training goes on.
	for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners("error");
	const { code } = await trainUnderSidecar({
		command,
		folder: process.cwd(),
		env,
		stdin: "inherit",
		endRequests: signalsOfThisProcess,
		endsGroup: false,
		run,
		definitions: options.metricRegex ?? [],
		checkpoints: options.checkpoints ?? [],
		stdout: process.stdout,
		stderr: process.stderr,
		notify: (notice) => terminal.warn(`gamma: ${notice}\n`),
	});
	return code;
}

function collectDefinition(text: string, previous: readonly MetricDefinition[] = []): readonly MetricDefinition[] {
	try {
		return [...previous, parseMetricDefinition(text)];
	} catch (error) {
		throw new InvalidArgumentError(toFailure(error).message);
	}
}
