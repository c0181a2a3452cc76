/** JSON with the place of everything in it, so that a message can name the line. */
export interface LocatedJson {
	readonly value: unknown;
	/** Offset of the value at a path of keys and indices; of the nearest one above it when there is none. */
	offsetOf(path: readonly PropertyKey[]): number;
}

export class JsonSyntaxError extends Error {
	constructor(
		readonly offset: number,
		reason: string,
	) {
		super(reason);
	}
}

/** Deeper nesting is refused: no settings file has it, and each level costs stack. */
const deepest = 100;

/** Parses strict JSON (RFC 8259; no comments, no trailing commas). Throws a `JsonSyntaxError` with the offset of the fault. */
export function parseJsonText(text: string): LocatedJson {
	const reader = new JsonReader(text);
	const value = reader.document();
	return {
		value,
		offsetOf: (path) => {
			for (let length = path.length; length > 0; length--) {
				const offset = reader.offsets.get(pathKey(path.slice(0, length)));
				if (offset !== undefined) return offset;
			}
			return reader.offsets.get("") ?? 0;
		},
	};
}

/** Line of an offset, from 1. */
export function lineOf(text: string, offset: number): number {
	return text.slice(0, offset).split("\n").length;
}

function pathKey(path: readonly PropertyKey[]): string {
	return path.map((part) => `/${String(part)}`).join("");
}

class JsonReader {
	readonly offsets = new Map<string, number>();
	#at = 0;

	constructor(private readonly text: string) {}

	document(): unknown {
		if (this.text.charCodeAt(0) === 0xfeff) this.#at = 1;
		const value = this.#value([]);
		this.#space();
		if (this.#at < this.text.length) throw this.#fault("nothing may follow the closing bracket");
		return value;
	}

	#value(path: readonly PropertyKey[]): unknown {
		this.#space();
		if (path.length > deepest) throw this.#fault("it is nested too deeply");
		this.offsets.set(pathKey(path), this.#at);
		const next = this.text[this.#at];
		if (next === "{") return this.#object(path);
		if (next === "[") return this.#array(path);
		if (next === '"') return this.#string();
		return this.#word();
	}

	#object(path: readonly PropertyKey[]): unknown {
		const entries: [string, unknown][] = [];
		this.#at++;
		if (this.#took("}")) return {};
		do {
			this.#space();
			if (this.text[this.#at] !== '"') throw this.#fault('a key in double quotes is expected ("key": value)');
			const key = this.#string();
			if (!this.#took(":")) throw this.#fault(`a colon is expected after "${key}"`);
			entries.push([key, this.#value([...path, key])]);
		} while (this.#took(","));
		if (!this.#took("}")) throw this.#fault("a comma or } is expected");
		return Object.fromEntries(entries);
	}

	#array(path: readonly PropertyKey[]): unknown {
		const values: unknown[] = [];
		this.#at++;
		if (this.#took("]")) return values;
		do values.push(this.#value([...path, values.length]));
		while (this.#took(","));
		if (!this.#took("]")) throw this.#fault("a comma or ] is expected");
		return values;
	}

	#string(): string {
		const match = /"(?:[^"\\\n\r]|\\.)*"/y;
		match.lastIndex = this.#at;
		const found = match.exec(this.text)?.[0];
		if (found === undefined) throw this.#fault("this text has no closing double quote on its line");
		const value = this.#native(found, "this text holds a wrong escape; write a backslash as \\\\");
		this.#at += found.length;
		return String(value);
	}

	#word(): unknown {
		const match = /[^\s,:{}[\]"]+/y;
		match.lastIndex = this.#at;
		const found = match.exec(this.text)?.[0];
		if (found === undefined) throw this.#fault("a value is expected");
		const value = this.#native(found, `${found.slice(0, 20)} is not a JSON value; put text in double quotes`);
		this.#at += found.length;
		return value;
	}

	#native(part: string, reason: string): unknown {
		try {
			return JSON.parse(part);
		} catch {
			throw this.#fault(reason);
		}
	}

	#took(mark: string): boolean {
		this.#space();
		if (this.text[this.#at] !== mark) return false;
		this.#at++;
		return true;
	}

	#space(): void {
		while (/[ \t\r\n]/.test(this.text[this.#at] ?? "")) this.#at++;
		if (this.text.startsWith("//", this.#at) || this.text.startsWith("/*", this.#at)) {
			throw this.#fault("comments are not allowed");
		}
	}

	#fault(reason: string): JsonSyntaxError {
		return new JsonSyntaxError(this.#at, reason);
	}
}
