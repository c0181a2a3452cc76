/** The text's lines from `fromLine` on are these now; the last of them is not ended yet and may be empty. */
export interface LogEdit {
	readonly fromLine: number;
	readonly lines: readonly string[];
}

/** Rows that a program may still draw over by moving up: nested progress bars, rich's tables. */
const liveRows = 64;
/** An editor draws no more of one line, and slows down over a longer one: it goes on in the next. */
export const longestRow = 20_000;

/** ECMA-48: what a terminal does not print. Line and paragraph separators would make an editor ask what to do with them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const special = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g;
/** An escape sequence that is longer than this was none. */
const longestSequence = 4_000;

/**
 * What a terminal would show of a program's output, as text: colours are gone, a progress bar is its last state.
 * Takes the output in pieces, wherever they were cut, and says of each what it changes.
 */
export class LogLines {
	/** Lines before the rows that may still change. */
	#settled = 0;
	#rows: string[] = [""];
	#row = 0;
	/** After a carriage return: what is printed next takes the place of what stands there. */
	#isAtStart = false;
	/** The beginning of an escape sequence that ends in the next piece. */
	#cut = "";
	#touched = 0;

	/** Lines so far, the one that is not ended included: 1 for an empty text. */
	get count(): number {
		return this.#settled + this.#rows.length;
	}

	push(piece: string): LogEdit {
		const text = this.#cut + piece;
		this.#cut = "";
		this.#touched = this.#rows.length - 1;
		let start = 0;
		special.lastIndex = 0;
		for (let found = special.exec(text); found; found = special.exec(text)) {
			if (found.index > start) this.#print(text.slice(start, found.index));
			const end = this.#obey(text, found.index);
			if (end === null) {
				this.#cut = text.slice(found.index);
				return this.#settle();
			}
			start = end;
			special.lastIndex = end;
		}
		if (start < text.length) this.#print(text.slice(start));
		return this.#settle();
	}

	#settle(): LogEdit {
		const edit = { fromLine: this.#settled + this.#touched, lines: this.#rows.slice(this.#touched) };
		const surplus = Math.min(this.#rows.length - liveRows, this.#row);
		if (surplus > 0) {
			this.#rows.splice(0, surplus);
			this.#row -= surplus;
			this.#settled += surplus;
		}
		return edit;
	}

	#print(text: string): void {
		let row = (this.#isAtStart ? "" : this.#current) + text;
		this.#isAtStart = false;
		while (row.length > longestRow) {
			this.#set(row.slice(0, longestRow));
			row = row.slice(longestRow);
			this.#rows.splice(++this.#row, 0, "");
		}
		this.#set(row);
	}

	/** Does what the character at `at` says; the index after it, or null where its sequence is not whole yet. */
	#obey(text: string, at: number): number | null {
		switch (text[at]) {
			case "\n":
				this.#goDown(1);
				return at + 1;
			case "\r":
				this.#isAtStart = true;
				return at + 1;
			case "\b":
				if (!this.#isAtStart) this.#set([...this.#current].slice(0, -1).join(""));
				return at + 1;
			case "\u2028":
			case "\u2029":
				this.#print(" ");
				return at + 1;
			case "\u009b":
				return this.#control(text, at, at + 1);
			case "\u001b":
				break;
			default:
				return at + 1;
		}
		const kind = text[at + 1];
		if (kind === undefined) return null;
		if (kind === "[") return this.#control(text, at, at + 2);
		if (/[ -/]/.test(kind)) return at + 2 < text.length ? at + 3 : null;
		return /[\]PX^_]/.test(kind) ? endOfString(text, at) : at + 2;
	}

	/** `CSI parameters letter`: moves up and down, clears the line; all others are about looks. */
	#control(text: string, at: number, from: number): number | null {
		let end = from;
		while (end < text.length && !/[@-~]/.test(text[end] ?? "")) end++;
		if (end >= text.length) return text.length - at > longestSequence ? from : null;
		const parameter = Number.parseInt(text.slice(from, end), 10);
		const count = Number.isNaN(parameter) ? 1 : Math.max(1, parameter);
		switch (text[end]) {
			case "A":
			case "F":
				this.#row = Math.max(0, this.#row - count);
				if (text[end] === "F") this.#isAtStart = true;
				break;
			case "B":
			case "E":
				this.#goDown(Math.min(count, this.#rows.length - 1 - this.#row));
				break;
			case "G":
				if (count === 1) this.#isAtStart = true;
				break;
			case "K":
				if (parameter > 0 || this.#isAtStart) this.#set("");
				break;
		}
		return end + 1;
	}

	#goDown(count: number): void {
		for (let step = 0; step < count; step++) {
			this.#row++;
			if (this.#row < this.#rows.length) this.#isAtStart = true;
			else {
				this.#rows.push("");
				this.#isAtStart = false;
			}
		}
	}

	get #current(): string {
		return this.#rows[this.#row] ?? "";
	}

	#set(text: string): void {
		this.#rows[this.#row] = text;
		this.#touched = Math.min(this.#touched, this.#row);
	}
}

/** `ESC ]` and its like, up to BEL or `ESC \`. */
function endOfString(text: string, at: number): number | null {
	for (let end = at + 2; end < text.length; end++) {
		if (text[end] === "\u0007") return end + 1;
		if (text[end] === "\u001b" && end + 1 < text.length) return end + 2;
		if (text[end] === "\n") return end;
	}
	return text.length - at > longestSequence ? at + 2 : null;
}
