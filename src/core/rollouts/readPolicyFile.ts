import { GammaError } from "../../shared/errors";
import { type PolicyFile, policyFields, policyFileName, policyFileSchema } from "../../shared/policy/policyFile";
import { JsonSyntaxError, type LocatedJson, lineOf, parseJsonText } from "../settings/jsonText";

/** Reads a policy's description. Throws `settings.invalid` with one line for each key that is wrong; `name` is the file's. */
export function readPolicyFile(text: string, name: string = policyFileName): PolicyFile {
	const json = parseJson(text, name);
	const parsed = policyFileSchema.safeParse(json.value);
	if (parsed.success) return parsed.data;
	const sentences = parsed.error.issues.map(({ path, message }) => {
		const [key] = path;
		const field =
			policyFields[String(key)] ?? 'an object such as {"model": "cartpole.xml", "onnx": "policy.onnx"} is expected';
		const inner = path.length > 1 ? ` (${path.slice(1).join(".")}: ${message})` : "";
		return `${name}, line ${lineOf(text, json.offsetOf(path))}: ${field}${inner}.`;
	});
	throw new GammaError("settings.invalid", [...new Set(sentences)].join("\n"));
}

function parseJson(text: string, name: string): LocatedJson {
	try {
		return parseJsonText(text);
	} catch (error) {
		if (!(error instanceof JsonSyntaxError)) throw error;
		throw new GammaError("settings.invalid", `${name}, line ${lineOf(text, error.offset)}: ${error.message}.`);
	}
}
