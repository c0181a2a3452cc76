import type { TrainSettings } from "../mmp/trainSettings";

export type JobParams = Readonly<Record<string, string | number | boolean | null>>;

/** What runs when the repository does not say: its `train.py`. */
export const defaultScript = "train.py";

/** The words to start, without a shell unless the repository wrote a line for one. */
export function toJobCommand(
	{ command, passParams }: Pick<TrainSettings, "command" | "passParams">,
	params: JobParams,
	python: string,
): readonly string[] {
	const passed = passParams === "arguments" ? toArguments(params) : [];
	if (typeof command !== "string") return [...(command ?? [python, defaultScript]), ...passed];
	if (passed.length === 0) return ["/bin/sh", "-c", command];
	// Behind the line's last command; the first word is the shell's own name in its messages.
	return ["/bin/sh", "-c", `${command} "$@"`, "sh", ...passed];
}

/** `GAMMA_PARAM_LEARNING_RATE=0.1` of `{"learning-rate": 0.1}`; null is an empty text. */
export function toParamEnvironment(params: JobParams): Readonly<Record<string, string>> {
	return Object.fromEntries(
		Object.entries(params).map(([name, value]) => [
			`GAMMA_PARAM_${name.replace(/[^A-Za-z0-9]/g, "_").toUpperCase()}`,
			value === null ? "" : String(value),
		]),
	);
}

/** `--name value` of each; one that is null is left to the script. */
function toArguments(params: JobParams): string[] {
	return Object.entries(params).flatMap(([name, value]) => (value === null ? [] : [`--${name}`, String(value)]));
}
