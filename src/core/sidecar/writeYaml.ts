const plain = /^[A-Za-z/][A-Za-z0-9_./-]{0,200}$/;
/** Words that YAML 1.1 reads as something else than a text. */
const words = /^(y|n|yes|no|true|false|on|off|null|nan|inf)$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what YAML wants escaped
const needsEscape = /[\u0000-\u001f\u007f-\u00a0\u2028\u2029\ufeff\ud800-\udfff]/;

/** One level of `key: value`, sorted by key, as MLflow's `meta.yaml` is. */
export function writeYaml(values: Readonly<Record<string, string | number | null | readonly never[]>>): string {
	return Object.keys(values)
		.sort()
		.map((key) => `${key}: ${scalar(values[key] ?? null)}\n`)
		.join("");
}

function scalar(value: string | number | null | readonly never[]): string {
	if (value === null) return "null";
	if (typeof value === "number") return String(value);
	if (typeof value !== "string") return "[]";
	if (value.startsWith("file:///") && /^[\w:/.-]+$/.test(value)) return value;
	if (plain.test(value) && !words.test(value)) return value;
	return needsEscape.test(value) ? quoted(value) : `'${value.replaceAll("'", "''")}'`;
}

/** PyYAML joins no surrogate pairs: beyond U+FFFF a character is `\UXXXXXXXX`. */
function quoted(value: string): string {
	const escaped = Array.from(value, (character) => {
		const code = character.codePointAt(0) ?? 0;
		if (character === '"' || character === "\\") return `\\${character}`;
		if (code > 0xffff) return `\\U${code.toString(16).padStart(8, "0")}`;
		return needsEscape.test(character) ? `\\u${code.toString(16).padStart(4, "0")}` : character;
	});
	return `"${escaped.join("")}"`;
}
