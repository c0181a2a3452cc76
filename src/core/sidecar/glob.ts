/** A pattern of files: the folder to start at, and one test a part of the path below it. */
export interface Glob {
	readonly base: string;
	readonly parts: readonly (RegExp | "**")[];
}

const special = /[*?[{]/;

/** `*` and `?` within one part, `**` over any number of them, `[a-z]`, `{a,b}`; parts are divided by `/`. */
export function parseGlob(pattern: string): Glob {
	const parts = pattern.split("/").filter((part, at) => part !== "" || at === 0);
	const first = parts.findIndex((part) => special.test(part));
	// Without a wildcard the last part is the pattern.
	const cut = first < 0 ? parts.length - 1 : first;
	const base = parts.slice(0, cut).join("/");
	return {
		base: base === "" ? (pattern.startsWith("/") ? "/" : ".") : base,
		parts: parts.slice(cut).map((part) => (part === "**" ? "**" : new RegExp(`^${toSource(part)}$`, "s"))),
	};
}

function toSource(part: string): string {
	let source = "";
	let depth = 0;
	for (let at = 0; at < part.length; at++) {
		const character = part[at] ?? "";
		const close = character === "[" ? part.indexOf("]", at + 2) : -1;
		if (close > 0) {
			const inside = part
				.slice(at + 1, close)
				.replace(/^!/, "^")
				.replace(/\\/g, "\\\\");
			source += `[${inside}]`;
			at = close;
		} else if (character === "*") source += source.endsWith(".*") ? "" : ".*";
		else if (character === "?") source += ".";
		else if (character === "{" && part.includes("}", at)) {
			source += "(?:";
			depth++;
		} else if (character === "}" && depth > 0) {
			source += ")";
			depth--;
		} else if (character === "," && depth > 0) source += "|";
		else source += character.replace(/[\\^$.|+(){}[\]]/g, "\\$&");
	}
	return source;
}
