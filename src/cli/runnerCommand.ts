import { hostname } from "node:os";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { findRepository } from "../adapters/git/gitCli";
import { CodeSource } from "../adapters/runner/codeSource";
import { QueueClient } from "../adapters/runner/queueClient";
import { Runner } from "../adapters/runner/runner";
import { parseGpus } from "../core/runner/gpuSlots";
import { trainingEnvironment } from "../core/runner/trainingEnvironment";
import { GammaError, toFailure } from "../shared/errors";
import { chooseRelay } from "./chooseRelay";
import { withAuth } from "./openStores";
import { runnerFolder, spoolFolder } from "./stateFolders";
import { collect } from "./storeOption";
import type { Terminal } from "./terminal";

interface RunnerCommandOptions {
	readonly relay?: string;
	readonly token?: string;
	readonly name?: string;
	readonly once?: boolean;
	readonly gpus?: readonly string[];
	readonly label?: readonly string[];
	readonly repository?: string;
	readonly data?: string;
}

export function addRunner(gamma: Command, terminal: Terminal): void {
	gamma
		.command("runner")
		.description(
			"Claims jobs from a relay and trains them here, each commit in a checkout of its own, until SIGTERM.\n" +
				"What runs is the command in the commit's .gamma/train.json, else its train.py.",
		)
		.addOption(
			new Option("--relay <url>", "the relay's address; this machine's local relay when not given").env("GAMMA_RELAY"),
		)
		.option(
			"--token <token>",
			"the relay's token; better in GAMMA_TOKEN, where other users of this machine cannot see it; a local relay's is found",
		)
		.option("--name <name>", "how the relay knows this runner; the machine's name when not given")
		.option("--once", "end after one job")
		.option(
			"--gpus <n|ids>",
			"one job at a time for each GPU: how many (2), or which (0,3); one job when not given",
			toGpus,
		)
		.option("--label <label>", "what this runner has that a job may want; may be given several times", collect)
		.option("--repository <folder>", "a clone that has the commits; the one of this folder when not given")
		.option("--data <folder>", "where checkouts and jobs under way are kept")
		.action((options: RunnerCommandOptions) => run(options, terminal));
}

async function run(options: RunnerCommandOptions, terminal: Terminal): Promise<void> {
	const { env } = process;
	if (process.platform === "win32")
		throw new GammaError("platform.unsupported", "gamma runner needs Linux or macOS: on Windows, start it in WSL.");
	const { url, token } = await chooseRelay(options, env);
	// The list of processes shows everybody how each was started.
	if (options.token) process.title = "gamma runner";
	const say = (line: string) => terminal.warn(`gamma: ${line}\n`);
	const client = new QueueClient(url, token);
	const dataDir = resolve(options.data ?? runnerFolder(env));
	const code = new CodeSource({ dataDir, local: await localRepository(options.repository), gitPath: "git" });
	const name = options.name ?? hostname();
	const runner = new Runner({
		client,
		code,
		dataDir,
		spoolFolder: spoolFolder(env),
		runner: { name, labels: options.label ?? [] },
		environment: trainingEnvironment(env, token),
		toLocation: (uri) => withAuth(uri, env),
		slots: options.gpus ?? [null],
		isOnce: options.once ?? false,
		say,
	});
	say(`${name} waits for jobs of ${client.host}`);
	await runner.run(endOfProcess(say));
}

/** The repository named must be one; that of the current folder may be none. */
async function localRepository(named: string | undefined) {
	const folder = resolve(named ?? ".");
	const found = await findRepository(folder, "git");
	if (found === null && named !== undefined)
		throw new GammaError("settings.invalid", `${folder} is in no git repository: name a clone with --repository.`);
	return found;
}

/** Aborted with the first signal that asks this process to end; the second ends it at once. */
function endOfProcess(say: (line: string) => void): AbortSignal {
	const ending = new AbortController();
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
		process.on(signal, () => {
			// Trainings go with it: their guards see to that.
			if (ending.signal.aborted) process.exit(1);
			say("ends: running jobs are stopped");
			ending.abort();
		});
	}
	return ending.signal;
}

function toGpus(text: string): readonly string[] {
	try {
		return parseGpus(text);
	} catch (error) {
		throw new InvalidArgumentError(toFailure(error).message);
	}
}
