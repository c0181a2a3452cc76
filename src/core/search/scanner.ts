import { GammaError } from "../../shared/errors";

const letter = "[A-Za-zÀ-ü]";
const wordPart = String.raw`[\p{L}\p{N}_]`;
/** sqlparse reads these as keywords even after a dot, so MLflow refuses them as keys without backticks. */
const reserved = `(?!(?:case|in|values|using|from|as)(?!${wordPart}))`;
/** A digit starts a key only when a letter follows at once: `.12a` is read as the number .1 and a name. */
const word = String.raw`${reserved}(?:${letter}${wordPart}*|(?!\d(?![_A-Za-zÀ-ü]))${wordPart}(?:${wordPart}|[$#])*)`;
const backticked = "`(?:``|[^`])*`";
const doubleQuoted = String.raw`"(?:""|\\"|[^"])*"`;
const singleQuoted = String.raw`'(?:''|\\'|[^'])*'`;

/** The parts an MLflow filter is written in, with the grammar of its parser (sqlparse 0.4.4 and later). */
export const lexemes = {
	space: /\s+/uy,
	identifier: new RegExp(
		String.raw`(?:${word}|${backticked}|${doubleQuoted})(?:\.(?:${word}|${backticked}|${doubleQuoted}|${singleQuoted}))*`,
		"iuy",
	),
	comparator: new RegExp(
		String.raw`[<>=~!]+|(?:not\s+)?(?:like|ilike|rlike|in)(?!${wordPart})|is\s+null(?!${wordPart})|is\s+not null(?!${wordPart})`,
		"iuy",
	),
	/** A sign belongs to the number; an exponent has none but a minus. */
	number: /-?\d+(?:\.\d+)?E-?\d+|-?(?:\d+\.\d*|\.\d+|\d+)(?![_A-Za-zÀ-ü])/iuy,
	text: new RegExp(`${singleQuoted}|${doubleQuoted}`, "uy"),
	and: new RegExp(`and(?!${wordPart})`, "iuy"),
	open: /\(/uy,
	close: /\)/uy,
	comma: /,/uy,
} as const satisfies Record<string, RegExp>;

export type Lexeme = keyof typeof lexemes;

/** Walks over one filter or order; remembers where it is for the error. */
export class Scanner {
	#at = 0;

	constructor(
		private readonly text: string,
		/** What the text is to the person: "filter", "order". */
		private readonly what: string,
	) {}

	get at(): number {
		return this.#at;
	}

	get isAtEnd(): boolean {
		return this.#at >= this.text.length;
	}

	/** The lexeme at this place, and moves behind it; undefined when something else stands here. */
	take(lexeme: Lexeme): string | undefined {
		const pattern = lexemes[lexeme];
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.text)?.[0];
		if (found !== undefined) this.#at += found.length;
		return found;
	}

	/** As `take`, over white space before it. */
	takeNext(lexeme: Lexeme): string | undefined {
		const before = this.#at;
		this.take("space");
		const found = this.take(lexeme);
		if (found === undefined) this.#at = before;
		return found;
	}

	/** `search.syntax` with the place, counted from 1, and what was expected there. */
	refuse(expected: string, at = this.#at): never {
		let place = at;
		while (/\s/u.test(this.text.charAt(place))) place++;
		const found = place < this.text.length ? `"${this.text.slice(place, place + 20)}"` : "the end";
		throw new GammaError(
			"search.syntax",
			`The ${this.what} is not understood at character ${place + 1}: expected ${expected}, found ${found}.`,
		);
	}
}
