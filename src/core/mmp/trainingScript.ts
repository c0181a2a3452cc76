import type { TrainSettings } from "./trainSettings";

/** What is uploaded for one training, and lies in the container's channel `gamma`. */
export const sourceName = "source.tar.gz";
export const scriptName = "run.sh";

/**
 * What SageMaker's container runs: unpacks the commit, installs `requirements.txt`, and becomes the training, so that
 * SageMaker's SIGTERM reaches it. `GAMMA_ML` stands for `/opt/ml` where there is no container.
 */
export function trainingScript({ command }: Pick<TrainSettings, "command">): string {
	const words = typeof command === "string" ? ["sh", "-c", command] : (command ?? ["python3", "train.py"]);
	return `#!/bin/sh
set -eu
root="\${GAMMA_ML:-/opt/ml}"
mkdir -p "$root/code" "$root/checkpoints" "$root/model"
cd "$root/code"
tar -xzf "$root/input/data/gamma/${sourceName}"
if [ -f requirements.txt ]; then
	python3 -m pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
fi
exec ${words.map(quoted).join(" ")}
`;
}

/** For a POSIX shell. */
function quoted(word: string): string {
	return `'${word.replaceAll("'", "'\\''")}'`;
}
