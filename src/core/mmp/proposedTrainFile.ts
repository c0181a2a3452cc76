import { GammaError } from "../../shared/errors";
import { isPlaceholder, toPlaceholder } from "./placeholder";
import type { RepositoryFacts } from "./repositoryFacts";
import { defaultSagemakerSettings } from "./sagemakerSettings";
import { setupPaths } from "./setupPaths";
import { parseTrainSettings, type TrainSettings } from "./trainSettings";

/** A value that only the person knows. */
export interface Blank {
	/** Key of `.gamma/train.json`, such as `sagemaker.role`. */
	readonly key: string;
	readonly meaning: string;
}

const meanings = {
	command: "your training script",
	"sagemaker.role": "ARN of the role that SageMaker trains as",
	"sagemaker.image": "address of the container image in ECR",
	"sagemaker.bucket": "S3 bucket for the code and what it leaves",
} as const;
const keys = Object.keys(meanings) as (keyof typeof meanings)[];
/** What SageMaker cannot do without. */
const needed = ["role", "image", "bucket"] as const;

/** The file as Gamma would write it. What is there already stays, and what SageMaker needs is added to it. */
export function proposeTrainFile(facts: RepositoryFacts): string {
	const existing = facts.existing.get(setupPaths.settings);
	const written = existing === undefined ? null : readObject(existing);
	const name = (facts.repository ?? facts.folderName).split("/").at(-1) ?? "";
	const own = written ?? { command: commandOf(facts.script), experiment: name || "training" };
	const said: Record<string, unknown> = { ...Object(own.sagemaker) };
	const missing = needed.filter((key) => said[key] === undefined);
	if (written && existing !== undefined && missing.length === 0) return existing;
	const added = missing.map((key) => [key, toPlaceholder(meanings[`sagemaker.${key}`])]);
	const sagemaker = {
		...said,
		...Object.fromEntries(added),
		instanceType: said.instanceType ?? defaultSagemakerSettings.instanceType,
	};
	return `${inOneLineLists(JSON.stringify({ ...own, sagemaker }, null, 2))}\n`;
}

/** What the file leaves open, whether Gamma or a person wrote it; nothing where it cannot be read. */
export function blanksOf(text: string, script: string | null): readonly Blank[] {
	const settings = readSettings(text);
	if (!settings) return [];
	const { command, sagemaker } = settings;
	const words = typeof command === "string" ? [command] : (command ?? []);
	const isOpen: Readonly<Record<keyof typeof meanings, boolean>> = {
		command: command === null ? script !== "train.py" : words.some(isPlaceholder),
		"sagemaker.role": isMissing(sagemaker.role),
		"sagemaker.image": isMissing(sagemaker.image),
		"sagemaker.bucket": isMissing(sagemaker.bucket),
	};
	return keys.filter((key) => isOpen[key]).map((key) => ({ key, meaning: meanings[key] }));
}

function readSettings(text: string): TrainSettings | null {
	try {
		return parseTrainSettings(text);
	} catch (error) {
		if (GammaError.is(error, "settings.invalid")) return null;
		throw error;
	}
}

function isMissing(text: string | null): boolean {
	return text === null || isPlaceholder(text);
}

function commandOf(script: string | null): readonly string[] {
	if (script?.endsWith(".sh")) return ["sh", script];
	return ["python3", script ?? toPlaceholder(meanings.command)];
}

/** Null for what is no JSON object: Gamma does not guess what was meant. */
function readObject(text: string): Record<string, unknown> | null {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
	} catch {
		return null;
	}
}

/** Lists of short words on one line, as a person writes a command. */
function inOneLineLists(json: string): string {
	return json.replaceAll(/\[\n\s+("[^[\]{}]{0,100}?")\n\s+\]/g, (_, words: string) => {
		return `[${words.replaceAll(/,\n\s+/g, ", ")}]`;
	});
}
