import * as z from "zod/mini";
import { GammaError } from "../../shared/errors";
import { JsonSyntaxError, type LocatedJson, lineOf, parseJsonText } from "../settings/jsonText";
import { type MetricDefinition, toMetricDefinition } from "../sidecar/metricDefinition";
import {
	defaultSagemakerSettings,
	type SagemakerSettings,
	sagemakerFields,
	sagemakerFileSchema,
	toSagemakerSettings,
	unknownSagemakerKeys,
} from "./sagemakerSettings";

/** How a repository says what one push trains, relative to its root. */
export const trainSettingsPath = ".gamma/train.json";

/** No NUL: a process's arguments and environment cannot hold one. */
const word = z.string().check(z.refine((text) => !text.includes("\0")));
const words = word.check(z.regex(/\S/));
/** A path below the repository's root; parts are divided by `/`. */
const path = word.check(z.regex(/^(?!(.*\/)?\.{1,2}(\/|$))[^/\s].*$/));
const definition = z.object({ name: words, regex: words });

/** The file as it is written; `trainFields` says of each key what it must be. */
export const trainFileSchema = z.object({
	$schema: z.optional(z.string()),
	command: z.optional(z.union([words, z.tuple([words], word)])),
	experiment: z.optional(words),
	checkpoints: z.optional(z.array(words)),
	metrics: z.optional(z.array(definition)),
	env: z.optional(z.record(z.string().check(z.regex(/^[A-Za-z_]\w*$/)), word)),
	links: z.optional(z.array(path)),
	labels: z.optional(z.array(words)),
	passParams: z.optional(z.enum(["environment", "arguments"])),
	sagemaker: z.optional(sagemakerFileSchema),
});

/** What each key must be, as it is said to a person. */
export const trainFields: Readonly<Record<string, string>> = {
	$schema: '"$schema" must be a text',
	command: '"command" must be a list such as ["python3", "train.py"], or a text for the shell',
	experiment: '"experiment" must be the name of an experiment',
	checkpoints: '"checkpoints" must be a list of patterns such as ["checkpoints/*.pt"]',
	metrics: '"metrics" must be a list such as [{"name": "loss", "regex": "loss=([0-9.]+)"}]',
	env: '"env" must be an object of texts such as {"SEED": "7"}',
	links: '"links" must be a list of paths in the repository such as ["data"]',
	labels: '"labels" must be a list of texts such as ["gpu"]',
	passParams: '"passParams" must be "environment" or "arguments"',
	sagemaker: '"sagemaker" must be an object such as {"role": "arn:aws:iam::…", "instanceType": "ml.g5.xlarge"}',
};

export interface TrainSettings {
	/** Words, or one text for the shell; null where the repository leaves it to Gamma. */
	readonly command: readonly string[] | string | null;
	/** The MLflow experiment of its runs; null where the project or MLflow's own default says it. */
	readonly experiment: string | null;
	/** Patterns of files to keep as artifacts, relative to the repository's root. */
	readonly checkpoints: readonly string[];
	readonly metrics: readonly MetricDefinition[];
	readonly env: Readonly<Record<string, string>>;
	/** What a runner links into the checkout from the clone it runs in: datasets that git does not hold. */
	readonly links: readonly string[];
	/** What a runner must have been started with to train this. */
	readonly labels: readonly string[];
	/** A re-run's params are always in the environment; with `arguments` they follow the command as `--name value` too. */
	readonly passParams: "environment" | "arguments";
	readonly sagemaker: SagemakerSettings;
	/** Keys that nobody reads: one of them may be misspelt. */
	readonly unknownKeys: readonly string[];
}

export const defaultTrainSettings: TrainSettings = {
	command: null,
	experiment: null,
	checkpoints: [],
	metrics: [],
	env: {},
	links: [],
	labels: [],
	passParams: "environment",
	sagemaker: defaultSagemakerSettings,
	unknownKeys: [],
};

/** Reads `.gamma/train.json`. Throws `settings.invalid` with one line for each key that is wrong. */
export function parseTrainSettings(text: string): TrainSettings {
	const json = parseJson(text);
	const parsed = trainFileSchema.safeParse(json.value);
	if (!parsed.success) throw invalid(parsed.error.issues.map(({ path }) => sentence(text, json, path)));
	const { data } = parsed;
	return {
		command: data.command ?? null,
		experiment: data.experiment ?? null,
		checkpoints: data.checkpoints ?? [],
		env: data.env ?? {},
		links: data.links ?? [],
		labels: data.labels ?? [],
		passParams: data.passParams ?? "environment",
		sagemaker: toSagemakerSettings(data.sagemaker ?? {}),
		metrics: (data.metrics ?? []).map(({ name, regex }, at) => {
			try {
				return toMetricDefinition(name, regex);
			} catch (error) {
				if (!GammaError.is(error)) throw error;
				throw invalid([`${place(text, json.offsetOf(["metrics", at]))}: ${error.message}`]);
			}
		}),
		unknownKeys: [
			...Object.keys(Object(json.value)).filter((key) => !Object.hasOwn(trainFields, key)),
			...unknownSagemakerKeys(Object(json.value).sagemaker),
		],
	};
}

function parseJson(text: string): LocatedJson {
	try {
		return parseJsonText(text);
	} catch (error) {
		if (error instanceof JsonSyntaxError) throw invalid([`${place(text, error.offset)}: ${error.message}.`]);
		throw error;
	}
}

function sentence(text: string, json: LocatedJson, path: readonly PropertyKey[]): string {
	const [key, inner] = path;
	const within = key === "sagemaker" ? sagemakerFields[String(inner)] : undefined;
	const field =
		within ?? trainFields[String(key)] ?? 'an object such as {"command": ["python3", "train.py"]} is expected';
	return `${place(text, json.offsetOf(path))}: ${field}.`;
}

function place(text: string, offset: number): string {
	return `${trainSettingsPath}, line ${lineOf(text, offset)}`;
}

function invalid(sentences: readonly string[]): GammaError {
	return new GammaError("settings.invalid", [...new Set(sentences)].join("\n"));
}
