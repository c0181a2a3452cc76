import { Command, CommanderError } from "commander";
import { toFailure } from "../shared/errors";
import { addArtifacts } from "./artifactsCommand";
import { addCompare } from "./compareCommand";
import { addExec } from "./execCommand";
import { addInit } from "./initCommand";
import { addMcp } from "./mcpCommand";
import { addMetric } from "./metricCommand";
import { addRelay } from "./relayCommand";
import { addRollout } from "./rolloutCommand";
import { addRunner } from "./runnerCommand";
import { addRuns } from "./runsCommand";
import { addSubmit } from "./submitCommand";
import { Terminal } from "./terminal";

const terminal = new Terminal(process.stdout, process.stderr);

const gamma = new Command("gamma")
	.description(
		"Reads machine learning experiments where they are: MLflow folders, SQLite files and servers, TensorBoard logs.",
	)
	.exitOverride()
	.configureOutput({ writeErr: (text) => terminal.warn(text), writeOut: (text) => terminal.write(text) });

addRuns(gamma, terminal);
addMetric(gamma, terminal);
addArtifacts(gamma, terminal);
addCompare(gamma, terminal);
addExec(gamma, terminal);
addRelay(gamma);
addRunner(gamma, terminal);
addInit(gamma, terminal);
addRollout(gamma, terminal);
addSubmit(gamma, terminal);
addMcp(gamma);

gamma.parseAsync().catch((error: unknown) => {
	// Commander has already said what is wrong with the usage; its code is 0 for --help.
	if (error instanceof CommanderError) {
		process.exitCode = error.exitCode === 0 ? 0 : 2;
		return;
	}
	terminal.warn(`gamma: ${toFailure(error).message}\n`);
	process.exitCode = 1;
});
