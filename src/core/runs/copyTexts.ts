import type { Run } from "../../shared/run";
import { compareByCodePoint } from "../codePoints";

/** Params as a JSON object, sorted by name. Values stay the texts that were logged. */
export function paramsAsJson(run: Run): string {
	return JSON.stringify(Object.fromEntries(sortedParams(run)), null, 2);
}

/** Params as YAML: numbers, booleans and plain words bare, so that the result can be a config file; the rest quoted as in JSON. */
export function paramsAsYaml(run: Run): string {
	return sortedParams(run)
		.map(([name, value]) => `${yamlKey(name)}: ${yamlScalar(value)}\n`)
		.join("");
}

/** MLflow's URI of the run's artifacts. */
export function runUri(run: Run): string {
	return `runs:/${run.id}`;
}

function sortedParams(run: Run): [string, string][] {
	return Object.entries(run.params).sort(([a], [b]) => compareByCodePoint(a, b));
}

const bareNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/;
/** Words that a YAML 1.1 or 1.2 reader takes for something else stay quoted, but for true and false, which are meant. */
const bareWord = /^(?!(y|n|yes|no|on|off|null|nan|inf)$)[A-Za-z][A-Za-z0-9_-]*$/i;

function yamlScalar(value: string): string {
	if (/^true$/i.test(value)) return "true";
	if (/^false$/i.test(value)) return "false";
	return bareNumber.test(value) || bareWord.test(value) ? value : JSON.stringify(value);
}

function yamlKey(name: string): string {
	return bareWord.test(name) && !/^(true|false)$/i.test(name) ? name : JSON.stringify(name);
}
