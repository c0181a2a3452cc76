import type { TrainSettings } from "./trainSettings";

/** What is uploaded for one training, and lies in the container's channel `gamma`. */
export const sourceName = "source.tar.gz";
export const scriptName = "run.sh";

/**
 * What SageMaker's container runs: unpacks the commit, installs `requirements.txt`, and becomes the training, so that
 * SageMaker's SIGTERM reaches it. `GAMMA_ML` stands for `/opt/ml` where there is no container.
 *
 * Hyperparameters of the request (a clone, a copy made in AWS's console, a tuning job) reach the training as a re-run's params
 * reach one of a runner: `GAMMA_PARAM_…` in its environment and, where `passParams` says so, `--name value` behind the command.
 * Format of their file: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 */
export function trainingScript({ command, passParams }: Pick<TrainSettings, "command" | "passParams">): string {
	const isLine = typeof command === "string";
	const words = isLine ? ["/bin/sh", "-c", command] : (command ?? ["python3", "train.py"]);
	const takesArguments = passParams === "arguments";
	// Behind the line's last command; the last word is the shell's own name in its messages.
	const withArguments = isLine ? ["/bin/sh", "-c", `${command} "$@"`, "sh"] : words;
	return `#!/bin/sh
set -eu
root="\${GAMMA_ML:-/opt/ml}"
mkdir -p "$root/code" "$root/checkpoints" "$root/model"
cd "$root/code"
tar -xzf "$root/input/data/gamma/${sourceName}"
if [ -f requirements.txt ]; then
	python3 -m pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
fi
params="$root/input/config/hyperparameters.json"
case "$(tr -d ' \\n\\r\\t' 2>/dev/null <"$params" || true)" in
'' | '{}' | null) exec ${quotedAll(words)} ;;
esac
if ! command -v python3 >/dev/null; then
	echo 'gamma: this training has hyperparameters, and its image has no python3 to read them with.' >&2
	exit 1
fi
exec python3 -c ${quoted(readsParams)} "$params" ${takesArguments ? "arguments" : "environment"} ${quotedAll(takesArguments ? withArguments : words)}
`;
}

/**
 * Reads the file (first word), sets the environment, and becomes the training (third word and on). Names are written as
 * `toParamEnvironment` writes them; those that begin with `sagemaker_` are SageMaker's own.
 */
const readsParams = `
import json, os, re, sys
path, how, *words = sys.argv[1:]
for name, value in json.load(open(path, encoding="utf-8")).items():
    if name.startswith("sagemaker_"):
        continue
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
    os.environ["GAMMA_PARAM_" + re.sub("[^A-Za-z0-9]", "_", name).upper()] = text
    if how == "arguments" and value is not None:
        words += ["--" + name, text]
try:
    os.execvp(words[0], words)
except OSError as error:
    sys.exit("gamma: " + words[0] + " cannot be started: " + str(error))
`.trim();

function quotedAll(words: readonly string[]): string {
	return words.map(quoted).join(" ");
}

/** For a POSIX shell. */
function quoted(word: string): string {
	return `'${word.replaceAll("'", "'\\''")}'`;
}
