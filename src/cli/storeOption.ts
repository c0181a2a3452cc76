import { type Command, InvalidArgumentError } from "commander";

/** The two options every reading subcommand has. */
export function withStoreOptions(command: Command): Command {
	return command
		.option(
			"--store <uri>",
			"an MLflow folder, SQLite file or server (http://…), or a TensorBoard log folder;\n" +
				"without it MLFLOW_TRACKING_URI, else what lies in the current folder",
		)
		.option("--json", "print one JSON document and nothing else");
}

export function collect(value: string, previous: readonly string[] = []): readonly string[] {
	return [...previous, value];
}

export function wholeNumber(value: string): number {
	if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("It must be a whole number.");
	return Number(value);
}
