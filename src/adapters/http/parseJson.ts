/** Undefined for what is no JSON: the schema that the answer is held to says the rest. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
